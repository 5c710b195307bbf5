"""Where telemetry is sent to may refuse, hang or be away: nobody waits for it, and it is told of once."""

import asyncio
import logging
import threading
from collections.abc import Callable

import pytest

from shared.adapters.telemetry import telemetry
from shared.adapters.telemetry.batch import MOST, Batch, LogLine
from shared.adapters.telemetry.destinations import AzureMonitor, Otlp
from shared.adapters.telemetry.recorder import Recorder
from shared.adapters.telemetry.sender import FIRST_PAUSE, Exporter, Sender
from shared.adapters.telemetry.telemetry import SentTelemetry
from shared.ports.measures import ARM_REQUESTS, HOSTS, LATENESS, TICKS, SpanName
from tests.support.telemetry.collector import collecting
from tests.support.telemetry.ingestion import KEY, taking_in

DRAIN = "hp-one-0123456789-0123456789"


class Place:
    """A destination that does as it is told."""

    def __init__(self) -> None:
        self.took: list[str] = []
        self.tries = 0
        self.refuses = False
        self.raises: Exception | None = None
        self.asked, self.open = threading.Event(), threading.Event()
        self.open.set()

    def send(self, batch: Batch) -> Batch:
        self.tries += 1
        self.asked.set()
        self.open.wait(30)
        if self.raises is not None:
            raise self.raises
        if self.refuses:
            return batch
        self.took += [line.text for line in batch.logs]
        return Batch()


class Time:
    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def line(text: str) -> Batch:
    return Batch(logs=(LogLine(1, 20, "INFO", "shared", text, {}),))


def put(sender: Sender, text: str) -> None:
    """Hand something over, and wait until the thread is through with it."""
    done = threading.Event()
    sender.put(line(text), done.set)
    assert done.wait(30)


def sender(place: Place, time: Callable[[], float] | None = None) -> Sender:
    return Sender("a place", lambda: place, time or Time())


def test_what_was_refused_is_sent_once_more_and_then_let_go(
    caplog: pytest.LogCaptureFixture,
) -> None:
    place, time = Place(), Time()
    to = sender(place, time)
    place.refuses = True
    put(to, "one")
    put(to, "two")
    assert (place.tries, to.prompt) == (1, False)
    time.at += FIRST_PAUSE
    put(to, "three")
    assert (place.tries, to.lost) == (2, 1)  # that was "one"
    time.at += 2 * FIRST_PAUSE
    place.refuses = False
    put(to, "four")
    assert place.took == ["two", "three", "four"]
    assert to.prompt
    told = [record.getMessage() for record in caplog.records]
    assert len([text for text in told if "cannot be sent" in text]) == 1
    assert told[-1] == "telemetry is sent to a place again; 1 records were lost"


@pytest.mark.parametrize("when", ["it is loaded", "it sends"])
def test_an_exporter_that_fails_in_any_way_is_tried_again_later(when: str) -> None:
    place, time = Place(), Time()

    def load() -> Exporter:
        if when == "it is loaded" and time.at < 2_000:
            raise ImportError("no such package")
        return place

    to = Sender("a place", load, time)
    place.raises = RuntimeError("odd") if when == "it sends" else None
    put(to, "one")
    assert not to.prompt
    time.at, place.raises = 2_000.0, None
    put(to, "two")
    assert place.took == ["one", "two"]


def test_so_much_waits_at_most_and_the_oldest_goes() -> None:
    place = Place()
    place.open.clear()
    to = sender(place)
    to.put(line("held"), lambda: None)
    assert place.asked.wait(30)
    for number in range(MOST + 10):
        to.put(line(str(number)), lambda: None)
    place.open.set()
    put(to, "last")
    assert (place.took[0], place.took[-1]) == ("held", "last")
    assert MOST <= len(place.took) <= MOST + 2
    assert to.lost >= 9


def recorded(*places: Place) -> SentTelemetry:
    made = SentTelemetry([sender(place) for place in places])
    made.log(lambda t, s: LogLine(1, 20, "INFO", "shared", "x", {}))
    return made


async def test_a_functions_end_waits_until_what_it_recorded_is_sent() -> None:
    place = Place()
    made = recorded(place)
    await made.flush()
    assert place.took == ["x"]
    await made.flush()  # with nothing to send
    assert place.tries == 1


async def test_a_place_that_hangs_is_waited_for_once_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telemetry, "WAIT", 0.05)
    hanging, well = Place(), Place()
    hanging.open.clear()
    made = recorded(hanging, well)
    await made.flush()
    assert well.took == ["x"]
    monkeypatch.setattr(telemetry, "WAIT", 3_600)
    for _ in range(3):  # they would wait for an hour
        made.log(lambda t, s: LogLine(1, 20, "INFO", "shared", "y", {}))
        await asyncio.wait_for(made.flush(), 30)
    assert well.took == ["x", "y", "y", "y"]
    hanging.open.set()


async def test_an_answer_to_a_caller_waits_for_nothing() -> None:
    place = Place()
    place.open.clear()
    made = recorded(place)
    made.send()
    place.open.set()
    made.log(lambda t, s: LogLine(1, 20, "INFO", "shared", "y", {}))
    await made.flush()
    assert place.took == ["x", "y"]


def test_the_apps_end_sends_what_is_left_also_metrics_and_waits_for_it_shortly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with collecting() as collector:
        made = SentTelemetry([Sender("it", Otlp(collector.url))])
        made.count(TICKS)
        assert len(made.take().points) == 1  # and the next are not due for some minutes
        made.count(TICKS)
        monkeypatch.setattr(telemetry, "AT_THE_END", 30.0)
        made.close()
        assert [point.name for point in collector.points] == ["avd_drain.ticks"]
    monkeypatch.setattr(telemetry, "AT_THE_END", 0.05)
    hanging = Place()
    hanging.open.clear()
    recorded(hanging).close()
    hanging.open.set()


def everything(recorder: Recorder) -> Batch:
    """One of each."""
    with recorder.step(DRAIN) as span:
        span.begin("", 1, None)
        with recorder.part(SpanName.OBSERVE):
            recorder.log(
                lambda trace, id_: LogLine(
                    10**18,
                    logging.WARNING,
                    "WARNING",
                    "shared.x",
                    "said",
                    {"host": "vm-1"},
                    trace,
                    id_,
                )
            )
    for _ in range(2):
        recorder.count(ARM_REQUESTS, kind="reads", outcome="ok")
    recorder.record(LATENESS, 3, pool="hp-one")
    recorder.record(LATENESS, 700, pool="hp-one")
    recorder.levels(HOSTS, {("hp-one", "queued"): 4})
    return recorder.take(all_=True)


def test_it_comes_as_it_was_recorded_and_metrics_as_what_was_added_since() -> None:
    with collecting() as collector:
        exporter, recorder = Otlp(collector.url, "api-key=abc,x=1")(), Recorder()
        for _ in range(2):
            assert not exporter.send(everything(recorder))
        steps, parts = collector.named("drain.step"), collector.named("observe")
        assert [part.parent for part in parts] == [step.id for step in steps]
        assert steps[0].trace == steps[1].trace
        assert [(said.trace, said.id) for said in collector.logs] == [
            (step.trace, step.id) for step in steps
        ]
        assert collector.logs[0].raw.time_unix_nano == 10**18
        assert collector.logs[0].attributes == {"host": "vm-1"}
        assert [p.value for p in collector.named("avd_drain.arm.requests")] == [2, 2]
        assert [p.value for p in collector.named("avd_drain.hosts")] == [4, 4]
        for point in collector.named("avd_drain.step.lateness"):
            assert (point.raw.count, point.raw.sum, point.raw.max) == (2, 703, 700)
        assert {h["api-key"] for h in collector.headers} == {"abc"}


async def test_both_places_are_told_the_same() -> None:
    with collecting() as collector, taking_in() as place:
        two = [
            Sender("one", Otlp(collector.url)),
            Sender("other", AzureMonitor(place.connection_string)),
        ]
        made = SentTelemetry(two)
        with made.step(DRAIN) as span:
            span.begin("", 1, None)
        made.count(TICKS)
        made.close()
        await made.flush()
        for to in two:
            put(to, "and the last")
        trace = collector.named("drain.step")[0].trace
        [step] = place.of("RemoteDependencyData")
        assert step["tags"]["ai.operation.id"] == trace
        assert len(collector.points) == len(place.of("MetricData")) == 1


def test_each_kind_that_was_not_taken_is_told() -> None:
    with collecting() as collector:
        collector.status = 400
        batch = everything(Recorder())
        assert Otlp(collector.url)().send(batch) == batch


def test_application_insights_is_told_the_same_and_nothing_else() -> None:
    """By Azure Monitor's own exporter; it sends nothing of itself, and asks for no orders."""
    with taking_in() as place:
        exporter = AzureMonitor(place.connection_string)()
        assert not exporter.send(everything(Recorder()))
        spans = place.of("RemoteDependencyData")
        assert {item["data"]["baseData"]["name"] for item in spans} == {"drain.step", "observe"}
        [said] = place.of("MessageData")
        assert said["data"]["baseData"]["message"] == "said"
        assert said["data"]["baseData"]["properties"]["host"] == "vm-1"
        assert said["tags"]["ai.operation.id"] == spans[0]["tags"]["ai.operation.id"]
        points = [item["data"]["baseData"]["metrics"][0] for item in place.of("MetricData")]
        assert {point["name"] for point in points} == {
            "avd_drain.arm.requests", "avd_drain.step.lateness", "avd_drain.hosts"
        }  # fmt: skip
        roles = {item["tags"]["ai.cloud.role"] for item in place.items}
        assert roles == {"avd-drain"}
        assert all(item["tags"]["ai.cloud.roleInstance"] for item in place.items)
        assert {item["iKey"] for item in place.items} == {KEY}
        assert set(place.asked) == {"//v2.1/track"} or set(place.asked) == {"/v2.1/track"}
    names = {thread.name for thread in threading.enumerate()}
    assert not [name for name in names if "OneSettings" in name or "Periodic" in name]
