"""What waits for a receiver: what is sent together, how long it pauses, what is given up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.storage.records import adapter
from shared.core.drain.happenings import Kind, Level
from shared.core.host.outcome import Accepted, Gone, Outcome, Unknown
from shared.core.notifications import lane as lanes
from shared.core.notifications.lane import (
    Lane,
    added,
    after_try,
    claimed,
    due_at,
    looked_at,
    woken,
)
from shared.core.notifications.rules import (
    Quiet,
)
from shared.core.values.window import Window
from tests.support.builders import NOON, minutes
from tests.support.lanes import AWAY, DESK, NEVER, PACE, happening, ready, sent, tried


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
