"""When alerts fire: the rules' queries, run on rows as the app's telemetry makes them."""

from datetime import timedelta

import pytest

from tests.support.files.alert_rules import Rule, rules
from tests.support.telemetry.workspace import Row, metric, run

RULES = {rule.name: rule for rule in rules()}
TICK = metric("avd_drain.ticks", 1)
GAUGES = {
    "host-overdue": "avd_drain.hosts.overdue",
    "host-attention": "avd_drain.hosts.attention",
    "writes-refused": "avd_drain.claims.refused",
}
EACH_GAUGE = pytest.mark.parametrize(("name", "gauge"), GAUGES.items())


def fired(name: str, *rows: Row) -> dict[str, float]:
    """For which values of its dimension the rule fires, and what it counted: as the service does, the
    largest number of each is held against the threshold."""
    rule: Rule = RULES[name]
    found: dict[str, float] = {}
    for row in run(rule.query, rows, rule.range):
        about, number = row[rule.dimension] if rule.dimension else "", row[rule.column]
        if number > rule.threshold:
            found[about] = max(number, found.get(about, number))
    return found


@EACH_GAUGE
def test_a_gauge_above_zero_fires_for_its_pool_alone(name: str, gauge: str) -> None:
    rows = [metric(gauge, 2, pool="hp-1"), metric(gauge, 0, pool="hp-2"), TICK]
    assert fired(name, *rows) == {"hp-1": 2}


@EACH_GAUGE
def test_what_several_instances_tell_is_not_added_up(name: str, gauge: str) -> None:
    told = [metric(gauge, 2, minutes, pool="hp-1") for minutes in (0.4, 0.6, 1.5)]
    assert fired(name, *told, TICK) == {"hp-1": 2}


@EACH_GAUGE
def test_a_pool_that_is_not_told_of_any_more_is_over(name: str, gauge: str) -> None:
    assert fired(name, metric(gauge, 2, 13, pool="hp-1"), TICK) == {}


@EACH_GAUGE
def test_with_the_app_silent_what_was_true_stays_told(name: str, gauge: str) -> None:
    before = [metric(gauge, 2, 600, pool="hp-1"), metric("avd_drain.ticks", 1, 599)]
    assert fired(name, *before) == {"hp-1": 2}
    assert set(fired("no-tick", *before)) == {""}


@EACH_GAUGE
def test_of_nothing_nothing_is_said_but_that_it_is_silent(name: str, gauge: str) -> None:
    assert fired(name) == {}
    assert fired("no-tick") == {"": timedelta(days=2) / timedelta(minutes=1)}


def test_refused_writes_stay_told_between_two_runs_of_the_watchdog() -> None:
    told = metric("avd_drain.claims.refused", 1, 9.5, pool="hp-1")
    assert fired("writes-refused", told, TICK) == {"hp-1": 1}


def test_ten_minutes_without_a_tick_fire_after_what_was_sent_late_has_come() -> None:
    """The app sends every five minutes what ticked."""
    assert (
        fired("no-tick", metric("avd_drain.ticks", 5, 15), metric("avd_drain.ticks", 5, 30)) == {}
    )
    assert fired("no-tick", metric("avd_drain.ticks", 5, 16)) == {"": 16}


def test_other_telemetry_is_no_tick() -> None:
    assert fired("no-tick", metric("avd_drain.hosts", 3, pool="hp-1", phase="empty")) != {}


def test_drains_that_failed_are_counted_by_pool_and_others_are_not() -> None:
    ended = "avd_drain.drains.ended"
    rows = [
        metric(ended, 1, 2, pool="hp-1", status="Failed"),
        metric(ended, 2, 9, pool="hp-1", status="Failed"),
        metric(ended, 5, 2, pool="hp-2", status="Succeeded"),
        metric(ended, 1, 2, pool="hp-2", status="Canceled"),
    ]
    assert fired("drain-failed", *rows) == {"hp-1": 3}


def test_a_failed_drain_of_twenty_minutes_ago_is_over() -> None:
    old = metric("avd_drain.drains.ended", 1, 20, pool="hp-1", status="Failed")
    assert fired("drain-failed", old) == {}


def test_poison_messages_are_told_by_queue() -> None:
    rows = [metric("avd_drain.poison", 1, 3, queue="avd-drain-work-poison"), TICK]
    assert fired("poison-message", *rows) == {"avd-drain-work-poison": 1}


def test_ten_throttled_requests_are_borne_and_eleven_of_one_bucket_are_told() -> None:
    requests = "avd_drain.arm.requests"
    ok = metric(requests, 500, kind="reads", outcome="ok")
    ten = metric(requests, 10, kind="reads", outcome="throttled")
    assert fired("throttled", ok, ten) == {}
    others = metric(requests, 4, 6, kind="writes", outcome="throttled")
    assert fired("throttled", ok, ten, others) == {}
    again = metric(requests, 1, 12, kind="reads", outcome="throttled")
    assert fired("throttled", ok, ten, others, again) == {"reads": 11}


def test_an_instance_that_tells_no_ticks_has_not_ticked() -> None:
    idle = [metric("avd_drain.ticks", 0), metric("avd_drain.ticks", 1, 40)]
    assert fired("no-tick", *idle) == {"": 40}
    before = metric("avd_drain.hosts.overdue", 1, 41, pool="hp-1")
    assert fired("host-overdue", before, *idle) == {"hp-1": 1}
