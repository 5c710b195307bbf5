"""From what the app tells to the alert that fires: the real recorder, SDK and exporter, and the rules' queries."""

import logging
from collections.abc import Mapping

from shared.adapters.telemetry.batch import Batch
from shared.adapters.telemetry.loghandler import Handler
from shared.adapters.telemetry.recorder import Recorder
from shared.ports.measures import (
    ATTENTION,
    CLAIMS_REFUSED,
    ENDED,
    HOSTS,
    LATENESS,
    OVERDUE,
    POISON,
    TICKS,
    SpanName,
)
from shared.ports.telemetry import about
from tests.support.telemetry.app_insights import Instance
from tests.support.telemetry.workspace import Row
from tests.unit.infra.test_alert_meaning import fired
from tests.unit.infra.test_workbook import rows_of

DRAIN = "hp-1-0123456789-0123456789"


class Told:
    """An instance that records and sends."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self._instance = Instance()

    def tick(self, overdue: Mapping[str, float]) -> None:
        self.recorder.count(TICKS)
        self.recorder.series.levels(HOSTS, {(pool, "draining"): 1 for pool in overdue})
        self.recorder.series.levels(OVERDUE, {(pool,): n for pool, n in overdue.items()})
        self.recorder.series.levels(ATTENTION, {(pool,): 0 for pool in overdue})

    def send(self, minutes: float) -> list[Row]:
        points = self.recorder.series.take(all_=True)
        return self._instance.send(
            Batch(tuple(self.recorder._spans), tuple(self.recorder._logs), points), minutes
        )


def test_a_host_out_past_its_time_is_told_and_is_over_with_the_tick_that_finds_it_back() -> None:
    one = Told()
    one.tick({"hp-1": 2, "hp-2": 0})
    rows = one.send(11)
    assert fired("host-overdue", *rows) == {"hp-1": 2}
    assert fired("host-attention", *rows) == {}
    one.tick({})
    rows += one.send(1)
    assert fired("host-overdue", *rows) == {}


def test_an_instance_that_ticks_no_more_does_not_go_on_telling_what_it_knew() -> None:
    """Timers move from one instance to another, and the first lives on for its other work."""
    first, second = Told(), Told()
    first.tick({"hp-1": 2})
    rows = first.send(30)
    for minutes in (11, 6, 1):
        second.tick({})
        first.recorder.record(LATENESS, 1, pool="hp-9")
        rows += first.send(minutes) + second.send(minutes)
    assert fired("host-overdue", *rows) == {}
    assert fired("no-tick", *rows) == {}


def test_an_instance_that_lives_on_without_its_timer_has_not_ticked() -> None:
    one = Told()
    one.tick({"hp-1": 1})
    rows = one.send(40)
    one.recorder.record(LATENESS, 1, pool="hp-1")
    rows += one.send(2)
    assert fired("no-tick", *rows) == {"": 40}
    assert fired("host-overdue", *rows) == {"hp-1": 1}


def test_counters_are_told_once_each() -> None:
    one = Told()
    one.recorder.count(ENDED, pool="hp-1", status="Failed")
    one.recorder.count(POISON, queue="avd-drain-work-poison")
    one.recorder.series.levels(CLAIMS_REFUSED, {("hp-1",): 1})
    one.recorder.count(TICKS)
    rows = one.send(9)
    one.recorder.count(POISON, queue="avd-drain-work-poison")
    rows += one.send(4)
    assert fired("drain-failed", *rows) == {"hp-1": 1}
    assert fired("poison-message", *rows) == {"avd-drain-work-poison": 2}
    assert fired("writes-refused", *rows) == {"hp-1": 1}


def test_a_drain_is_found_with_its_steps_their_parts_and_its_log() -> None:
    one = Told()
    log = logging.getLogger("shared.test_alerts_on_telemetry")
    handler = Handler(one.recorder, lambda text, _: text)
    log.addHandler(handler)
    try:
        with one.recorder.step(DRAIN) as frame, about(drain=DRAIN, host="h-1"):
            frame.begin("", 4, None)
            with one.recorder.part(SpanName.OBSERVE):
                log.warning("it is slow")
            try:
                raise TimeoutError("no answer")
            except TimeoutError:
                log.exception("the look failed")
    finally:
        log.removeHandler(handler)
    rows = one.send(3)
    [step] = rows_of("open-drains", *rows)
    assert (step["drain"], step["step"], step["failed"]) == (DRAIN, 4, 0)
    found = rows_of("drain-steps", *rows, drain=DRAIN)
    assert {(row["Name"], row["step"]) for row in found} == {("drain.step", 4), ("observe", None)}
    lines = rows_of("drain-log", *rows, drain=DRAIN)
    assert {(row["Message"], row["host"]) for row in lines} == {
        ("it is slow", "h-1"),
        ("TimeoutError: the look failed", "h-1"),
    }
