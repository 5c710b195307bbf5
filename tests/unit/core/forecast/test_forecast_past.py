"""What is remembered of a pool: learned from what a step saw end, small, and harmless when it is lost."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.storage import entities, packing, records
from shared.adapters.storage.pool import past as past_row, rows
from shared.core.drain.expected import Forecast
from shared.core.drain.model import Drain, Progress
from shared.core.forecast.learning import has_news, learned
from shared.core.forecast.leaving import AGES, Kind, Leaving, Stay, slot_of, with_stays
from shared.core.forecast.past import HALF_LIFE, Past, is_sane
from shared.core.forecast.spread import POINTS, Spread
from shared.core.host.host import HostRecord, MaintenanceRecord
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.host.status import Status
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy
from tests.support.builders import NOON, a_drain, a_host, minutes, seconds

RESTART = Policy(maintenance=Restart())


def drains(before: HostRecord, after: HostRecord) -> tuple[Drain, Drain]:
    drain = a_drain(before, policy=RESTART)
    return drain, replace(drain, hosts=(after,))


def lesson(before: HostRecord, after: HostRecord, now: datetime) -> Past:
    was, drain = drains(before, after)
    assert has_news(was, drain)
    return learned(Past(), was, drain, now)


def with_session(host: HostRecord, **more: object) -> HostRecord:
    session = SessionRecord("1", "kim@x.example", NOON, "Active", NOON)
    return replace(host, sessions=(replace(session, **more),), effective_at=NOON)  # type: ignore[arg-type]


def test_a_session_that_ends_is_learned_from_with_its_hour() -> None:
    host = with_session(a_host("a", Phase.DRAINING))
    past = lesson(host, replace(host, sessions=()), NOON + minutes(30))
    assert past.leaving.count == 1
    assert sum(past.leaving.hours[Kind.ANY]) == pytest.approx(0.5)
    assert past.leaving.came[12] == 1  # Monday, noon


def test_a_session_that_was_signed_out_tells_only_that_it_stayed_so_long() -> None:
    host = with_session(a_host("a", Phase.DRAINING), signed_out_at=NOON + minutes(20))
    past = lesson(host, replace(host, sessions=()), NOON + minutes(21))
    assert past.leaving.count == 0
    assert sum(past.leaving.hours[Kind.ANY]) == pytest.approx(1 / 3)
    assert past.signing_out.count == 1


def test_a_session_that_one_listing_lacked_has_not_ended() -> None:
    host = with_session(a_host("a", Phase.DRAINING))
    was, drain = drains(host, replace(host, sessions=(), missed=host.sessions))
    assert not has_news(was, drain)


def test_a_maintenance_and_the_way_back_are_learned_from() -> None:
    begun = a_host("a", Phase.MAINTAINING, maintenance=MaintenanceRecord(begun_at=NOON))
    noted = replace(begun.maintenance, finished_at=NOON + minutes(5))
    over = replace(begun.moved(Phase.VERIFYING, NOON + minutes(5)), maintenance=noted)
    past = lesson(begun, over, NOON + minutes(5))
    assert past.of_kind("restart").count == 1
    back = over.moved(Phase.RESTORING, NOON + minutes(6))
    past = lesson(back, back.moved(Phase.DONE, NOON + minutes(7)), NOON + minutes(7))
    assert past.back.count == 1
    assert 110 < past.back.table()[POINTS // 2] < 150


def test_a_step_in_which_nothing_ended_teaches_nothing() -> None:
    host = a_host("a", Phase.DRAINING)
    was, drain = drains(host, replace(host, sessions_count=4))
    assert not has_news(was, drain)
    assert not has_news(was, was)


def test_a_whole_drain_is_learned_from_once() -> None:
    host = a_host("a", Phase.RESTORING)
    was, drain = drains(host, host.moved(Phase.DONE, NOON + minutes(50)))
    begun = replace(was.progress, status=Status.RUNNING, started_at=NOON)
    was = replace(was, progress=begun)
    drain = replace(drain, progress=replace(begun, status=Status.SUCCEEDED))
    past = learned(Past(), was, drain, NOON + minutes(50))
    assert past.drains.count == 1
    assert not has_news(drain, drain)


def test_hours_are_those_of_the_pools_clocks_also_when_they_change() -> None:
    """On 25 October 2026 the clocks of Berlin are put back at 01:00 UTC: 02:30 comes twice."""
    began = datetime.fromisoformat("2026-10-25T00:30:00+00:00")
    stay = Stay(began, began + timedelta(hours=2), ended=True)
    known = with_stays(Leaving(), [stay], "Europe/Berlin")
    sunday = 6 * 24
    spent = {slot - sunday: hours for slot, hours in enumerate(known.foreseen) if hours}
    assert set(spent) == {2, 3}  # half an hour and an hour of two, half an hour of three
    assert known.came[sunday + 3] == 1
    assert sum(known.hours[Kind.ANY]) == pytest.approx(2.0)


def test_an_hour_of_the_week_in_which_people_leave_is_known_by_its_day() -> None:
    began = NOON + timedelta(hours=5)  # Monday, 17:00
    at_five = [Stay(began - minutes(30), began + minutes(10), ended=True)] * 40
    stayed = [Stay(began - timedelta(hours=5), began - minutes(31), ended=False)] * 40
    hours = with_stays(Leaving(), [*at_five, *stayed], "UTC").by_hour()
    assert hours[17] > 2 * hours[13]
    assert hours[24 + 17] > hours[24 + 13]  # of Tuesday nothing is known: it is held to be alike


def test_what_is_old_weighs_less() -> None:
    past = replace(Past(at=NOON), back=Spread().with_one(minutes(5)))
    later = past.as_of(NOON + HALF_LIFE)
    assert later.back.count == pytest.approx(0.5)
    assert past.as_of(NOON + timedelta(hours=1)) is past


def test_its_size_is_bounded_whatever_happens() -> None:
    past = Past()
    for n in range(3000):
        past = past.with_kind(f"kind {n}", seconds(1.1 ** (n % 170)))
        past = replace(past, back=past.back.with_one(seconds(1.1 ** (n % 170))))
    stays = [
        Stay(NOON + minutes(7 * n), NOON + minutes(7 * n + n % 900), ended=True)
        for n in range(3000)
    ]
    past = replace(past, leaving=with_stays(past.leaving, stays, "Asia/Kolkata"))
    values = past_row.kept(past)[0].values
    assert packing.size_of(values) < past_row.LARGEST / 2
    assert past_row.read(values) == past
    assert is_sane(past)


def test_a_row_that_would_be_too_large_is_not_written() -> None:
    kinds = {"k" * 10_000 + str(n): Spread({1: 1.0}) for n in range(20)}
    assert past_row.kept(Past(maintaining=kinds)) == []


def of(**more: object) -> dict[str, object]:
    return {"past": 1, "data": json.dumps(more)}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"past": 1},
        {"past": 1, "data": "{"},
        {"past": "1", "data": "{}"},
        of(back=3),
        of(back={"bins": {"3": -1}}),
        of(back={"bins": {"99": 1}}),
        of(back={"bins": {"3": 1e300}}),
        of(leaving={"came": [1.0]}),
        of(leaving={"hours": [[0.0] * len(AGES)] * 2}),
        of(maintaining={str(n): {"bins": {}} for n in range(50)}),
        of(at="2026-11-23T12:00:00"),
    ],
)
def test_a_row_that_makes_no_sense_is_no_past(values: dict[str, object]) -> None:
    assert past_row.read(values) == Past()


def test_a_row_of_a_newer_version_is_no_past_and_is_left_alone() -> None:
    assert past_row.read({"past": past_row.SCHEMA + 1, "data": "{}"}) is None


def test_a_forecast_that_makes_no_sense_is_none_and_spoils_no_progress() -> None:
    drain = a_drain()
    values = rows.progress(drain).values
    assert entities.read_beside(Forecast, {**values, "forecast": '{"whole": 1}'}) is None
    assert records.read(Progress, {**values, "forecast": "?"}) == drain.progress


def test_sessions_are_told_by_the_clocks_of_their_zone() -> None:
    assert slot_of(NOON, ZoneInfo("UTC")) == 12
    assert slot_of(NOON, ZoneInfo("Asia/Kolkata")) == 17
    assert slot_of(NOON + timedelta(hours=13), ZoneInfo("UTC")) == 25
