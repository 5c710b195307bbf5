"""Who is told of what, what waits for a receiver, and what a message looks like: rules without a network."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.adapters.storage.entities import adapter
from shared.core.access.roles import Reach
from shared.core.drain.announcements import newly_in_need
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.drain.history.facts import StatusChanged
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.host import Ending
from shared.core.host.outcome import Accepted, Gone, Outcome, Refused, Unknown
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.notifications import lane as lanes
from shared.core.notifications.derived import LONGEST, MOST_HOSTS, of_entries, of_run
from shared.core.notifications.findings import receivers as findings
from shared.core.notifications.lane import (
    Lane,
    added,
    after_try,
    claimed,
    due_at,
    looked_at,
    woken,
)
from shared.core.notifications.message import Message, body, headline
from shared.core.notifications.rules import (
    NotificationRule,
    Notifications,
    Quiet,
    Receiver,
    ReceiverKind,
    receivers_of,
)
from shared.core.schedules.report import UsersTold, report
from shared.core.schedules.schedules import Run, RunState, Schedule, What
from shared.core.start.doctor.findings import Severity
from shared.core.values.pace import Pace
from shared.core.values.window import Window
from tests.support.builders import NOON, POOL, a_drain, a_host, minutes

DESK = Receiver("desk", ReceiverKind.TEAMS, "NOTIFY_DESK")
PACE = Pace()
AWAY = Refused("it answered 503")
NEVER = Refused("it answered 400", final=True)


def happening(number: int = 1, kind: Kind = Kind.HOST_ATTENTION, **more: Any) -> Happening:
    made = Happening(
        f"d/{number}", kind, Level.ERROR, NOON, f"{kind}|{number}", f"host {number} is not well",
        (POOL.resource_id,), "d", f"host-{number}", asked_by="anna",
    )  # fmt: skip
    return replace(made, **more)


def ready(lane: Lane) -> datetime:
    at = due_at(lane, DESK, NOON)
    assert at is not None
    return at


def sent(lane: Lane, now: datetime, receiver: Receiver = DESK) -> tuple[Lane, Message]:
    lane, message = claimed(lane, receiver, now)
    assert message is not None
    return lane, message


def tried(lane: Lane, outcome: Outcome, now: datetime) -> Lane:
    lane, message = sent(lane, now)
    return after_try(lane, message.id, outcome, now, PACE)


def needing(number: int) -> Drain:
    ending = Ending(Phase.FAILED, "NotWell", "not well", attention=True)
    hosts = [a_host(f"host-{n}.contoso.example", phase=Phase.FAILED) for n in range(number)]
    return replace(a_drain(), hosts=tuple(replace(host, ending=ending) for host in hosts))


# What is worth telling


def test_it_is_told_by_typed_entries_whatever_their_sentences_say() -> None:
    drain = needing(1)
    before = replace(drain, hosts=tuple(replace(h, ending=None) for h in drain.hosts))
    entries = [
        Entry(NOON, StatusChanged(Status.NOT_STARTED, Status.RUNNING)),
        *newly_in_need(before, drain, NOON),
        Entry(NOON, StatusChanged(Status.RUNNING, Status.FAILED)),
        Entry(NOON, StatusChanged(Status.NOT_STARTED, Status.CANCELED), why="needs attention"),
    ]
    found = [made for _, made in of_entries(drain, entries)]
    assert [(made.kind, made.level) for made in found] == [
        (Kind.DRAIN_STARTED, Level.INFO),
        (Kind.DRAIN_ENDED, Level.ERROR),
        (Kind.DRAIN_ENDED, Level.WARNING),
        (Kind.HOST_ATTENTION, Level.ERROR),
    ]
    assert found[-1].host == drain.hosts[0].name
    assert found[1].counts == {"failed": 1, "needAttention": 1}


def test_of_very_many_hosts_the_first_are_told_and_how_many_more_there_are() -> None:
    drain = needing(50)
    before = replace(drain, hosts=tuple(replace(h, ending=None) for h in drain.hosts))
    found = [made for _, made in of_entries(drain, newly_in_need(before, drain, NOON))]
    assert len(found) == MOST_HOSTS + 1
    assert found[-1].text == "30 more hosts of the drain need attention"


def test_hostile_texts_are_one_short_line() -> None:
    control = replace(a_drain().control, reason="x\n\u202e\x00" * 900)
    drain = replace(a_drain(), control=control)
    [(_, made)] = of_entries(drain, [Entry(NOON, StatusChanged(Status.RUNNING, Status.SUCCEEDED))])
    assert made.reason.isprintable()
    assert len(made.reason) <= LONGEST


def test_an_address_that_is_not_known_is_none() -> None:
    entry = Entry(NOON, StatusChanged(Status.RUNNING, Status.SUCCEEDED))
    for address, told in (
        ("https://a/api/", "https://a/api/"),
        ("https://address-not-known.invalid/api/", ""),
    ):
        control = replace(a_drain().control, address=address)
        [(_, made)] = of_entries(replace(a_drain(), control=control), [entry])
        assert made.address == told


def test_a_report_is_as_bad_as_what_it_tells() -> None:
    schedule = Schedule("nightly", "0 2 * * *", "UTC", What.DRAIN, "{}")
    run = Run("nightly", NOON, RunState.ENDED)
    well = replace(a_drain(), hosts=(replace(a_host(), phase=Phase.DONE),))
    for drain, level in ((well, Level.INFO), (needing(1), Level.ERROR)):
        told = replace(run, report=report(schedule, run, [(drain, UsersTold())], None))
        made = of_run(told, "")
        assert made is not None
        assert (made.level, made.pools) == (level, (POOL.resource_id,))
    refused = of_run(replace(run, state=RunState.REFUSED, text="no such pool"), "")
    assert refused is not None
    assert (refused.level, "no such pool" in refused.text) == (Level.ERROR, True)
    for state in (RunState.STARTING, RunState.RUNNING, RunState.SKIPPED):
        assert of_run(replace(run, state=state), "") is None


# Who is told


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"kinds": frozenset({Kind.HOST_ATTENTION})}, True),
        ({"kinds": frozenset({Kind.DRAIN_ENDED})}, False),
        ({"at_least": Level.ERROR}, True),
        ({"pools": Reach(("HP-*",))}, True),
        ({"pools": Reach((POOL.resource_id,))}, True),
        ({"pools": Reach(("other",))}, False),
        ({"asked_by": ("AN*",)}, True),
        ({"asked_by": ("ben", "campaign *")}, False),
    ],
)
def test_a_rule_fits_where_all_of_it_does(rule: dict[str, Any], fits: bool) -> None:
    known = Notifications((DESK,), (NotificationRule("r", ("desk",), **rule),))
    assert receivers_of(known, happening()) == ((DESK,) if fits else ())


def test_what_names_no_pool_or_none_that_can_be_read_is_told_only_where_all_pools_are_meant() -> (
    None
):
    limited = NotificationRule("r", ("desk",), pools=Reach(("*",)))
    for pools in ((), ("no pool",)):
        assert not limited.fits(happening(pools=pools))
        assert NotificationRule("r", ("desk",)).fits(happening(pools=pools))


# What waits


def test_what_comes_together_is_told_together_and_each_kind_apart() -> None:
    lane = added(
        Lane("desk"), [happening(1), happening(2), happening(3, Kind.DRAIN_ENDED)], DESK, NOON
    )
    assert claimed(lane, DESK, NOON)[1] is None  # more may come
    lane, first = sent(lane, ready(lane))
    assert [item.happening.host for item in first.items] == ["host-1", "host-2"]
    lane = after_try(lane, first.id, Accepted(), ready(lane), PACE)
    _, second = sent(lane, ready(lane))
    assert (second.kind, len(second.items)) == (Kind.DRAIN_ENDED, 1)


def test_the_same_about_the_same_host_is_one_message_that_says_how_often() -> None:
    lane = added(Lane("desk"), [happening(1)], DESK, NOON)
    lane = added(lane, [happening(1, id="again"), happening(1, id="and again")], DESK, NOON)
    lane, message = sent(lane, ready(lane))
    [item] = message.items
    assert (item.times, item.happening.id) == (3, "and again")
    at = ready(lane) + minutes(1)
    lane = after_try(lane, message.id, Accepted(), at, PACE)
    for number in range(4):
        lane = added(lane, [happening(1, id=f"later {number}")], DESK, at + minutes(number))
    assert ready(lane) == NOON + DESK.settle + DESK.fold
    _, message = sent(lane, ready(lane))
    assert [item.times for item in message.items] == [4]


def test_what_is_handed_on_twice_is_told_once() -> None:
    lane = added(Lane("desk"), [happening(1)], DESK, NOON)
    assert added(lane, [happening(1)], DESK, NOON) == lane
    lane = tried(lane, Accepted(), ready(lane))
    assert added(lane, [happening(1)], DESK, NOON).waiting == ()


def test_while_a_message_is_sent_nobody_else_sends_and_a_dead_sender_is_waited_for_no_longer() -> (
    None
):
    lane = added(Lane("desk"), [happening(1)], DESK, NOON)
    at = ready(lane)
    lane, message = sent(lane, at)
    assert claimed(lane, DESK, at + timedelta(seconds=30))[1] is None
    assert due_at(lane, DESK, at) == at + lanes.BUSY
    _, again = sent(lane, at + lanes.BUSY)
    assert again == message  # the same id, the same content


def test_a_message_keeps_its_id_and_content_whatever_comes_meanwhile() -> None:
    lane = added(Lane("desk"), [happening(1)], DESK, NOON)
    lane, first = sent(lane, ready(lane))
    lane = after_try(lane, first.id, Unknown(), NOON + minutes(1), PACE)
    lane = added(lane, [happening(1, id="again"), happening(2)], DESK, NOON + minutes(1))
    seen = [first]
    at = NOON + minutes(2)
    for _ in range(3):
        at = max(at, due_at(lane, DESK, at) or at)
        lane, message = sent(lane, at)
        seen.append(message)
        lane = after_try(lane, message.id, Unknown(), at, PACE)
    same = [message for message in seen if message.id == first.id]
    assert len(same) > 1
    assert all(message == first for message in same)


def test_pauses_grow_and_have_an_end() -> None:
    lane, at, pauses = added(Lane("desk"), [happening(1)], DESK, NOON), NOON + DESK.settle, []
    while lane.waiting:
        lane = tried(lane, AWAY, at)
        after = due_at(lane, DESK, at)
        if after is None:
            break
        pauses.append(after - at)
        at = after
    assert pauses[0] == PACE.soon
    assert max(pauses) == timedelta(hours=1)
    assert pauses == sorted(pauses)
    assert at - NOON <= timedelta(days=3, hours=2)
    [lost] = lane.given_up
    assert "503" in lost.why


@pytest.mark.parametrize("outcome", [AWAY, NEVER, Gone(), Unknown()])
def test_as_long_as_it_takes_nothing_nothing_is_given_up_before_its_time(outcome: Outcome) -> None:
    lane, at = added(Lane("desk"), [happening(1), happening(2, Kind.DRAIN_ENDED)], DESK, NOON), NOON
    for _ in range(40):
        at = max(at, due_at(lane, DESK, at) or at)
        lane = tried(lane, outcome, at)
    assert at - NOON > timedelta(days=1)
    assert len(lane.waiting) == 2
    lane = tried(lane, Accepted(), due_at(lane, DESK, at) or at)
    assert lane.failing_since is None


def test_what_it_alone_refuses_for_good_is_given_up_and_the_rest_goes_on() -> None:
    lane = added(Lane("desk"), [happening(1), happening(2, Kind.DRAIN_ENDED)], DESK, NOON)
    at = ready(lane)
    lane, bad = sent(lane, at)
    lane = after_try(lane, bad.id, NEVER, at, PACE)
    at = due_at(lane, DESK, at) or at
    lane, good = sent(lane, at)
    assert good.id != bad.id  # what was tried less comes first
    lane = after_try(lane, good.id, Accepted(), at, PACE)
    for times in range(2, lanes.REFUSALS + 1):
        assert len(lane.waiting) == 1, times
        at = max(at, due_at(lane, DESK, at) or at)
        lane, again = sent(lane, at)
        assert again.id == bad.id
        lane = after_try(lane, bad.id, NEVER, at, PACE)
    assert lane.waiting == ()
    assert lane.given_up_count == 1


def test_the_number_and_the_size_of_what_waits_are_bounded_and_the_worst_stays() -> None:
    many = [happening(n, level=Level.INFO) for n in range(lanes.MOST)]
    lane = added(Lane("desk"), [*many, happening(999)], DESK, NOON)
    assert len(lane.waiting) == lanes.MOST
    assert any(each.happening.host == "host-999" for each in lane.waiting)
    assert lane.given_up[-1].happening.host == "host-0"
    long = [happening(n, details=("\\" * 400,) * 10, text="x" * 400) for n in range(lanes.MOST)]
    lane = added(Lane("desk"), long, DESK, NOON)
    assert sum(each.happening.size for each in lane.waiting) <= lanes.LARGEST
    assert lane.given_up_count == lanes.MOST - len(lane.waiting) > 0


def test_a_lane_has_one_message_in_the_queue_however_much_waits() -> None:
    lane, wakes = Lane("desk"), []
    for number in range(50):
        at = NOON + timedelta(seconds=number / 10)
        lane, wake = woken(added(lane, [happening(number)], DESK, at), DESK, at)
        wakes += [wake] if wake is not None else []
    assert wakes == [NOON + DESK.settle]
    at = wakes[0]
    lane = tried(looked_at(lane, at), AWAY, at)
    lane, wake = woken(lane, DESK, at)
    assert wake == at + PACE.soon
    late = wake + lanes.LATE + minutes(1)
    assert woken(lane, DESK, wake - timedelta(seconds=1)) == (lane, None)
    assert woken(lane, DESK, late)[1] is not None  # that one is lost
    assert woken(Lane("desk"), DESK, NOON) == (Lane("desk"), None)


def test_quiet_hours_hold_what_does_not_break_through_until_they_end() -> None:
    window = Window(starts="22:00", ends="06:00", time_zone="Europe/Berlin")
    quiet = replace(DESK, quiet=Quiet(window, frozenset({Kind.HOST_ATTENTION})))
    night = NOON.replace(hour=22)
    lane = added(Lane("desk"), [happening(1, Kind.DRAIN_ENDED)], quiet, night)
    at = due_at(lane, quiet, night)
    assert at is not None
    assert f"{at:%H:%M}" == "05:00"  # in UTC
    assert claimed(lane, quiet, night + minutes(5))[1] is None
    lane = added(lane, [happening(2)], quiet, night)
    assert due_at(lane, quiet, night) == night + quiet.settle
    lane, message = claimed(lane, quiet, night + minutes(5))
    assert message is not None
    assert message.kind is Kind.HOST_ATTENTION
    lane = after_try(lane, message.id, Accepted(), night + minutes(5), PACE)
    assert claimed(lane, quiet, at)[1] is not None


def test_a_lane_reads_back_as_it_was_and_older_ones_without_newer_fields() -> None:
    lane = added(Lane("desk"), [happening(1)], DESK, NOON)
    lane, _ = sent(lane, ready(lane))
    kind = adapter(Lane)
    assert kind.validate_json(kind.dump_json(lane)) == lane
    assert kind.validate_json(b'{"receiver": "desk"}') == Lane("desk")


# What is sent


def test_a_message_tells_programs_what_it_tells_people() -> None:
    lane = added(Lane("desk"), [happening(1), happening(2)], DESK, NOON)
    _, message = sent(lane, ready(lane))
    told = body(message)
    assert told["type"] == "AvdDrain.Host.NeedsAttention"
    assert told["data"]["text"] == headline(message) == "2 hosts need attention"
    assert [item["host"] for item in told["data"]["items"]] == ["host-1", "host-2"]
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("number", [1, 2])
def test_every_kind_has_words(kind: Kind, number: int) -> None:
    lane = added(Lane("desk"), [happening(n, kind) for n in range(number)], DESK, NOON)
    _, message = sent(lane, ready(lane))
    assert headline(message)
    assert body(message)["type"].startswith("AvdDrain.")


# What the doctor says


def test_the_doctor_says_whether_receivers_take_what_they_are_sent() -> None:
    known = Notifications((DESK,))
    fresh = added(Lane("desk"), [happening(1)], DESK, NOON)
    failing = tried(fresh, AWAY, ready(fresh))
    well = tried(fresh, Accepted(), ready(fresh))
    lost = lanes.expired(failing, NOON + timedelta(days=4))

    def found(lane: Lane | None, now: datetime = NOON) -> list[tuple[str, Severity]]:
        there = {} if lane is None else {"desk": lane}
        return [(each.code, each.severity) for each in findings(known, there, now)]

    assert found(None) == [("ReceiverNotTried", Severity.UNKNOWN)]
    assert found(failing) == [("ReceiverFails", Severity.ERROR)]
    assert found(well) == [("ReceiverTakes", Severity.OK)]
    later = NOON + timedelta(days=4)
    assert ("NotificationsGivenUp", Severity.ERROR) in found(lost, later)
    assert ("NotificationsGivenUp", Severity.ERROR) not in found(lost, later + lanes.SHOWN_FOR * 2)
    assert list(findings(Notifications(), {}, NOON)) == []
