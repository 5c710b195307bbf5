"""What restoring means: exactly as it was, and proven."""

from dataclasses import replace
from typing import Any

from shared.core.flow.outcomes import apply
from shared.core.host.actions import Power, SetDrainMode, SetTag
from shared.core.host.host import HostRecord, Job, TagRecord
from shared.core.host.orders import Order
from shared.core.host.outcome import Accepted, Refused, Unknown
from shared.core.host.phases import Phase
from shared.core.observation.seen import Lack, MachineSeen, Part
from shared.core.restore.stopagain import unfinished
from tests.support.builders import (
    NOON,
    PACE,
    a_drain,
    a_host,
    a_look,
    a_session,
    after,
    look,
    minutes,
    only,
    seconds,
    seen_host,
)


def restoring(**more: Any) -> HostRecord:
    return a_host(phase=Phase.RESTORING, **more)


def test_a_host_that_took_sessions_before_takes_them_again() -> None:
    decision = look(a_drain(restoring()), a_look(seen_host(drained=True)))
    assert decision.actions == (SetDrainMode("a", True, "put back as it was"),)


def test_a_host_that_was_drained_before_is_never_opened() -> None:
    host = restoring(before=False, write_asked=False)
    decision = look(a_drain(host), a_look(seen_host(drained=True)))
    assert decision.actions == ()
    assert only(decision).phase is Phase.DONE


def test_a_host_that_someone_else_opened_meanwhile_is_left_alone() -> None:
    host = restoring(before=False, write_asked=False)
    decision = look(a_drain(host), a_look(seen_host(drained=False)))
    assert decision.actions == ()
    assert only(decision).phase is Phase.DONE


def test_a_listing_that_shows_the_wanted_value_is_no_proof_before_our_write_was_accepted() -> None:
    """It may be older than the write that drained the host."""
    decision = look(a_drain(restoring()), a_look(seen_host(drained=False)))
    assert decision.actions == (SetDrainMode("a", True, "put back as it was"),)
    assert only(decision).phase is Phase.RESTORING


def test_it_is_restored_when_a_later_listing_agrees() -> None:
    host = restoring(restored_at=NOON)
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + seconds(5)))
    assert only(decision).phase is Phase.DONE


def test_a_listing_from_before_the_accepted_write_does_not_end_it() -> None:
    host = restoring(restored_at=NOON + seconds(9))
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + seconds(5)))
    assert only(decision).phase is Phase.RESTORING
    assert decision.actions == ()


def test_a_later_listing_that_disagrees_makes_it_write_again() -> None:
    host = restoring(restored_at=NOON)
    decision = look(a_drain(host), a_look(seen_host(drained=True), at=NOON + seconds(5)))
    assert [type(action) for action in decision.actions] == [SetDrainMode]


def test_a_draining_write_that_may_still_arrive_keeps_the_host_watched() -> None:
    drain_on = SetDrainMode("a", False, "taken out")
    host = apply(a_host(phase=Phase.DRAINING, drained_at=None), drain_on, Unknown(), NOON, PACE)
    canceled = a_drain(host, cancel=Order("anna", NOON))
    drain = after(look(canceled, a_look(seen_host(), at=NOON + seconds(1))))
    back = apply(drain.hosts[0], SetDrainMode("a", True, ""), Accepted(), NOON + seconds(2), PACE)
    drain = replace(drain, hosts=(back,))

    early = look(drain, a_look(seen_host(), at=NOON + minutes(1)))
    assert only(early).phase is Phase.RESTORING
    arrived = look(drain, a_look(seen_host(drained=True), at=NOON + minutes(2)))
    assert [type(action) for action in arrived.actions] == [SetDrainMode]
    late = look(drain, a_look(seen_host(), at=NOON + minutes(4)))
    assert only(late).phase is Phase.CANCELED


def test_a_restore_that_is_refused_is_tried_again_and_asks_for_attention() -> None:
    host = apply(
        restoring(), SetDrainMode("a", True, ""), Refused("no rights", final=True), NOON, PACE
    )
    decision = look(a_drain(host), a_look(seen_host(drained=True), at=NOON + minutes(1)))
    assert len(decision.actions) == 1
    assert only(decision).attention == "cannot be restored yet: no rights"


def test_a_host_that_could_never_be_drained_needs_no_restoring_write() -> None:
    host = a_host(phase=Phase.DRAINING, drained_at=None, write_asked=False)
    host = apply(host, SetDrainMode("a", False, ""), Refused("no rights", final=True), NOON, PACE)
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + seconds(5)))
    assert decision.actions == ()
    assert only(decision).phase is Phase.FAILED
    assert "no rights" in only(decision).attention


def test_a_host_that_was_drained_before_is_left_as_it_is_drained_or_opened_by_somebody() -> None:
    host = restoring(before=False, write_asked=True)
    for drained in (True, False):
        found = look(a_drain(host), a_look(seen_host(drained=drained)))
        assert found.actions == ()
        assert only(found).phase is Phase.DONE


def test_a_host_that_somebody_opened_during_its_maintenance_is_open_afterwards() -> None:
    """It had been drained before. What was set by somebody else meanwhile is what is put back."""
    host = a_host(phase=Phase.VERIFYING, before=False, write_asked=False)
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + minutes(5)))
    [again] = decision.actions
    assert isinstance(again, SetDrainMode)
    assert (again.allow, again.why) == (
        False,
        "someone opened it, and it will be open again afterwards",
    )
    assert only(decision).before is True


def test_a_host_that_somebody_opened_before_its_maintenance_waits_for_its_turn_again() -> None:
    """It took nobody's place, as it was drained; now it is one of those that are available."""
    host = a_host(phase=Phase.DRAINING, before=False, write_asked=False)
    other = seen_host("b", drained=True)
    decision = look(a_drain(host), a_look(seen_host(), other, at=NOON + minutes(5)))
    assert decision.actions == ()
    assert only(decision).phase is Phase.QUEUED
    assert only(decision).before is None
    there_is_room = look(a_drain(host), a_look(seen_host(), at=NOON + minutes(5)))
    assert only(there_is_room).phase is Phase.DRAINING
    assert only(there_is_room).before is True


def test_a_host_of_which_nobody_tells_whether_it_was_opened_is_not_closed() -> None:
    host = a_host(phase=Phase.DRAINING, before=False, write_asked=False)
    unread = replace(seen_host(), allow_new_session=None)
    decision = look(a_drain(host), a_look(unread, at=NOON + minutes(5)))
    assert decision.actions == ()
    assert only(decision).before is False
    assert only(decision).wait.code in ("drainMode", "reading")  # type: ignore[union-attr]


def test_a_listing_that_may_be_older_than_the_drained_one_is_not_taken_for_an_opened_host() -> None:
    host = a_host(phase=Phase.DRAINING, before=False, write_asked=False)
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + seconds(6)))
    assert decision.actions == ()
    assert only(decision).before is False
    assert "another look" in only(decision).wait.text  # type: ignore[union-attr]


def started(**more: Any) -> HostRecord:
    """One that was stopped before, and was started for its maintenance."""
    known: dict[str, Any] = {"stopped_before": "deallocated", "started": True}
    return restoring(**known | more)


def test_a_host_of_which_nobody_tells_whether_it_was_opened_is_left_running_and_says_so() -> None:
    host = started(before=False, write_asked=False)
    unread = replace(seen_host(), allow_new_session=None)
    decision = look(a_drain(host), a_look(unread))
    assert decision.actions == ()
    assert only(decision).wait.text == "the service to tell whether drain mode is on"  # type: ignore[union-attr]
    decision = look(after(decision), a_look(unread, at=NOON + minutes(61)))
    assert decision.actions == ()
    assert "which was stopped before, runs on" in only(decision).attention
    assert only(decision).before is False


def test_a_vm_is_stopped_again_only_after_two_readings_without_a_session() -> None:
    """One listing may lack a session, and a sign-in may be under way when drain mode is on again."""
    drained, running = seen_host(drained=True), {"a": MachineSeen(busy=False, changed_at=NOON)}
    first = look(a_drain(started()), a_look(drained, machines=running))
    assert first.actions == ()
    assert only(first).wait.text == "a second reading without a session"  # type: ignore[union-attr]
    again = after(first)
    too_soon = look(again, a_look(drained, machines=running, at=NOON + seconds(1)))
    assert too_soon.actions == ()
    later = NOON + minutes(1)
    somebody = look(again, a_look(drained, machines=running, sessions=[a_session()], at=later))
    assert somebody.actions == (SetDrainMode("a", True, "put back as it was"),)
    assert "somebody is on it" in only(somebody).attention
    nobody = look(again, a_look(drained, machines=running, at=later))
    assert [type(action) for action in nobody.actions] == [Power]


def test_a_vm_whose_host_was_opened_meanwhile_is_looked_at_twice_anew() -> None:
    host = started(unused_since=NOON)
    opened = look(a_drain(host), a_look(seen_host(), at=NOON + minutes(1)))
    assert [action for action in opened.actions if isinstance(action, SetDrainMode)]
    assert only(opened).unused_since is None


def test_an_operation_that_cannot_be_asked_after_is_seen_on_the_vm_itself() -> None:
    job = Job("deallocate", NOON - minutes(1), asked_at=NOON, operation="https://operation")
    drain = a_drain(started(stopping=job))
    lack = {(Part.OPERATION, "a"): Lack("too many requests")}
    decision = look(drain, a_look(seen_host(drained=True), lacks=lack, at=NOON + minutes(11)))
    stopped = MachineSeen(busy=False, changed_at=NOON, power="deallocated")
    seen = a_look(
        seen_host(drained=True), lacks=lack, at=NOON + minutes(12), machines={"a": stopped}
    )
    decision = look(after(decision), seen)
    assert only(decision).stopping.over  # type: ignore[union-attr]
    assert decision.actions == (SetDrainMode("a", True, "put back as it was"),)


def test_a_vm_that_was_asked_to_stop_is_not_said_to_run_on() -> None:
    job = Job("deallocate", None, asked_at=NOON, operation="https://operation")
    decision = look(
        a_drain(started(stopping=job)),
        a_look(
            seen_host(drained=True),
            sessions=None,
            lacks={(Part.OPERATION, "a"): Lack("no rights", final=True)},
            at=NOON + minutes(31),
        ),
    )
    assert "was not seen to stop again" in only(decision).ending.text  # type: ignore[union-attr]


def test_a_tag_whose_answer_was_lost_is_set_again_if_it_is_not_seen() -> None:
    """Autoscale opens what carries none; and to set it twice is to set it once."""
    tag = TagRecord("Exclude", asked=True, unsure=True, value="avd-drain hp-1")
    host = a_host(phase=Phase.DRAINING, tag=tag, late_until=NOON + minutes(15))
    unseen = a_look(seen_host(drained=True), tags={"a": {}}, at=NOON + minutes(1))
    [again] = [a for a in look(a_drain(host), unseen).actions if isinstance(a, SetTag)]
    assert (again.on, again.name) == (True, "Exclude")
    there = {"Exclude": "avd-drain hp-1"}
    seen = a_look(seen_host(drained=True), tags={"a": there}, at=NOON + minutes(1))
    decision = look(a_drain(host), seen)
    assert not [a for a in decision.actions if isinstance(a, SetTag)]
    assert not only(decision).tag.unsure  # type: ignore[union-attr]


def test_a_host_that_was_closed_again_to_stop_its_vm_is_opened_again_by_another_write() -> None:
    """What an earlier write proved is over with the next one."""
    host = restoring(restored_at=NOON)
    for outcome in (Accepted(), Unknown()):
        closed = apply(host, SetDrainMode("a", False, ""), outcome, NOON + seconds(9), PACE)
        assert closed.restored_at is None
    seen = a_look(seen_host(drained=True), at=NOON + minutes(20))
    closed = apply(host, SetDrainMode("a", False, ""), Accepted(), NOON + seconds(9), PACE)
    assert look(a_drain(closed), seen).actions == (SetDrainMode("a", True, "put back as it was"),)


def test_a_vm_of_which_nobody_knows_whether_it_was_started_is_not_said_to_run() -> None:
    lost = Job("start", NOON, asked_at=NOON, unsure_since=NOON)
    host = started()
    assert unfinished(host) == "its VM, which was stopped before, runs on"
    host = replace(host, maintenance=replace(host.maintenance, job=lost))
    assert "may run now" in unfinished(host)
    never_taken = Job("start", NOON)
    host = replace(host, maintenance=replace(host.maintenance, job=never_taken))
    assert "may run now" in unfinished(host)
    assert unfinished(replace(host, started=False)) == ""
