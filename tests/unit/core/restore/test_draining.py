"""What happens to a host and its users until it is empty."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.core.flow.outcomes import apply
from shared.core.host.actions import SendMessage, SetDrainMode, SignOut
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order
from shared.core.host.outcome import Accepted, Gone, Refused, Unknown
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.policy.policy import AtDeadline, Policy
from shared.core.restore.drainmode import MOST_REDRAINS
from tests.support.builders import (
    NOON,
    PACE,
    a_drain,
    a_host,
    a_look,
    a_session,
    look,
    minutes,
    only,
    seconds,
    seen_host,
)

POLICY = Policy(deadline=minutes(30), at_deadline=AtDeadline.SIGN_OUT, warn_at_least=minutes(10))
DRAINED = seen_host(drained=True)
BERT = SessionRecord("1", "bert@contoso.example", a_session().created_at, "Active", NOON)


def draining(*sessions: SessionRecord, **more: Any) -> HostRecord:
    return a_host(phase=Phase.DRAINING, sessions=sessions, **more)


def warned(ago: timedelta, at: timedelta) -> SessionRecord:
    return replace(BERT, messages_sent=1, messages_done=1, warned_at=NOON + at - ago)


def test_a_host_whose_turn_it_is_gets_drain_mode_and_remembers_what_it_was() -> None:
    decision = look(a_drain(), a_look(seen_host()))
    assert decision.actions == (SetDrainMode("a", False, "taken out for maintenance"),)
    assert only(decision).before is True
    assert only(decision).intents[0].action == decision.actions[0]


def test_a_host_that_was_drained_already_remembers_that() -> None:
    decision = look(a_drain(), a_look(DRAINED))
    assert decision.actions == ()
    assert only(decision).before is False


def test_nobody_is_told_before_drain_mode_is_seen_to_be_on() -> None:
    host = draining(drained_at=None)
    decision = look(a_drain(host), a_look(seen_host(), sessions=[a_session()]))
    assert [type(action) for action in decision.actions] == [SetDrainMode]


def test_everybody_on_the_host_is_told_once() -> None:
    seen = a_look(DRAINED, sessions=[a_session(), a_session(id_="2", user="c@contoso.example")])
    decision = look(a_drain(draining()), seen)
    messages_done = [action for action in decision.actions if isinstance(action, SendMessage)]
    assert sorted(message.user for message in messages_done) == [
        "bert@contoso.example",
        "c@contoso.example",
    ]
    host = only(decision)
    for message in messages_done:
        host = apply(host, message, Accepted(), NOON + seconds(1), PACE)
    again = look(a_drain(host), replace(seen, hosts_began_at=NOON + seconds(30)))
    assert again.actions == ()


def test_a_message_says_which_host_and_until_when() -> None:
    [message] = look(
        a_drain(draining(), policy=POLICY), a_look(DRAINED, sessions=[a_session()])
    ).actions
    assert isinstance(message, SendMessage)
    assert "(A)" in message.text
    assert "12:30 UTC" in message.text


def test_a_message_whose_answer_was_lost_is_not_sent_again_before_the_deadline() -> None:
    seen = a_look(DRAINED, sessions=[a_session()])
    [message] = look(a_drain(draining(), policy=POLICY), seen).actions
    host = apply(draining(BERT), message, Unknown(), NOON, PACE)
    early = a_look(DRAINED, at=NOON + minutes(29), sessions=[a_session()])
    assert look(a_drain(host, policy=POLICY), early).actions == ()


def test_at_the_deadline_it_is_and_nobody_is_signed_out_on_its_account() -> None:
    host = draining(replace(BERT, messages_sent=1, messages_done=1))
    late = a_look(DRAINED, at=NOON + minutes(31), sessions=[a_session()])
    [action] = look(a_drain(host, policy=POLICY), late).actions
    assert isinstance(action, SendMessage)
    assert action.number == 2


def test_a_message_that_was_refused_is_tried_again() -> None:
    seen = a_look(DRAINED, sessions=[a_session()])
    [message] = look(a_drain(draining(), policy=POLICY), seen).actions
    host = apply(draining(BERT), message, Refused("busy"), NOON, PACE)
    later = a_look(DRAINED, at=NOON + minutes(1), sessions=[a_session()])
    assert [type(a) for a in look(a_drain(host, policy=POLICY), later).actions] == [SendMessage]


def test_a_message_to_a_session_that_has_ended_has_done_its_work() -> None:
    seen = a_look(DRAINED, sessions=[a_session()])
    [message] = look(a_drain(draining()), seen).actions
    host = apply(draining(BERT), message, Gone(), NOON, PACE)
    assert only(look(a_drain(host), a_look(DRAINED, at=NOON + seconds(30)))).sessions == ()


def test_before_the_deadline_nobody_is_signed_out() -> None:
    at = minutes(29)
    host = draining(warned(ago=minutes(28), at=at))
    seen = a_look(DRAINED, at=NOON + at, sessions=[a_session()])
    assert look(a_drain(host, policy=POLICY), seen).actions == ()


def test_at_the_deadline_whoever_was_warned_long_enough_is_signed_out() -> None:
    at = minutes(30)
    host = draining(warned(ago=minutes(28), at=at))
    seen = a_look(DRAINED, at=NOON + at, sessions=[a_session()])
    [action] = look(a_drain(host, policy=POLICY), seen).actions
    assert isinstance(action, SignOut)
    assert not action.force


def test_a_late_comer_has_the_promised_time_after_the_warning() -> None:
    at = minutes(31)
    host = draining(warned(ago=minutes(9), at=at))
    seen = a_look(DRAINED, at=NOON + at, sessions=[a_session()])
    decision = look(a_drain(host, policy=POLICY), seen)
    assert decision.actions == ()
    wait = only(decision).wait
    assert wait is not None
    assert "warned long enough, until 12:32:00Z" in wait.text


def test_a_sign_out_under_way_is_not_asked_for_again_at_once() -> None:
    at = minutes(31)
    session = replace(warned(ago=minutes(28), at=at), signed_out_at=NOON + at - seconds(30))
    seen = a_look(DRAINED, at=NOON + at, sessions=[a_session()])
    assert look(a_drain(draining(session), policy=POLICY), seen).actions == ()


def test_a_session_with_the_id_of_an_earlier_one_is_another_session() -> None:
    host = draining(replace(BERT, messages_sent=1, messages_done=1, warned_at=NOON))
    newer = replace(a_session(), created_at=NOON + minutes(1))
    decision = look(a_drain(host), a_look(DRAINED, at=NOON + minutes(2), sessions=[newer]))
    assert [type(action) for action in decision.actions] == [SendMessage]


def test_when_the_policy_gives_up_the_host_is_put_back_and_counts_as_failed() -> None:
    policy = replace(POLICY, at_deadline=AtDeadline.GIVE_UP)
    seen = a_look(DRAINED, at=NOON + minutes(31), sessions=[a_session()])
    decision = look(a_drain(draining(BERT), policy=policy), seen)
    assert decision.actions == (SetDrainMode("a", True, "put back as it was"),)
    ending = only(decision).ending
    assert ending is not None
    assert (ending.phase, ending.code) == (Phase.FAILED, "GaveUp")


def test_when_the_policy_waits_the_host_waits_past_the_deadline_and_says_so() -> None:
    policy = replace(POLICY, at_deadline=AtDeadline.WAIT)
    host = draining(replace(BERT, messages_sent=1, messages_done=1, warned_at=NOON))
    seen = a_look(DRAINED, at=NOON + minutes(31), sessions=[a_session()])
    decision = look(a_drain(host, policy=policy), seen)
    wait = only(decision).wait
    assert decision.actions == ()
    assert wait is not None
    assert wait.text == "1 session to end; the deadline has passed, the policy waits on"


def test_drain_mode_that_someone_turned_off_is_turned_on_again() -> None:
    host = draining(empty_since=NOON)
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + minutes(1)))
    assert decision.actions == (SetDrainMode("a", False, "someone turned drain mode off"),)
    assert only(decision).empty_since is None


def test_whoever_turns_it_off_again_and_again_is_believed_in_the_end() -> None:
    host = draining(redrains=MOST_REDRAINS)
    decision = look(a_drain(host), a_look(seen_host(), at=NOON + minutes(1)))
    assert only(decision).phase is Phase.RESTORING
    assert "given up" in only(decision).attention


def test_canceling_puts_back_what_is_out_and_leaves_the_rest_alone() -> None:
    drain = a_drain(draining(), a_host("b"), cancel=Order("anna", NOON, "not tonight"))
    decision = look(drain, a_look(DRAINED, seen_host("b")))
    phases = [host.phase for host in decision.drain.hosts]
    assert phases == [Phase.RESTORING, Phase.CANCELED]
    assert {entry.by for entry in decision.entries if entry.host} == {"anna"}


def test_how_long_a_host_waits_for_the_same_thing_is_kept() -> None:
    host = draining(replace(BERT, messages_sent=1, messages_done=1, warned_at=NOON))
    first = look(a_drain(host), a_look(DRAINED, at=NOON, sessions=[a_session()]))
    second = look(
        a_drain(only(first)), a_look(DRAINED, at=NOON + minutes(1), sessions=[a_session()])
    )
    wait = only(second).wait
    assert wait is not None
    assert wait.since == NOON


def test_a_host_of_which_nothing_is_new_is_not_written_again() -> None:
    warned = replace(BERT, messages_sent=1, messages_done=1, warned_at=NOON)
    drain = a_drain(draining(warned), a_host("b"))
    seen = [
        a_look(DRAINED, seen_host("b"), at=NOON + minutes(n), sessions=[a_session()])
        for n in (1, 2)
    ]
    first = look(drain, seen[0])
    assert look(first.drain, seen[1]).drain.hosts == first.drain.hosts


def test_a_lost_answer_is_no_trouble_any_more_once_drain_mode_is_seen_to_be_on() -> None:
    decision = look(a_drain(), a_look(seen_host()))
    host = apply(only(decision), decision.actions[0], Unknown(), NOON, PACE)
    assert host.trouble
    assert only(look(a_drain(host), a_look(DRAINED, at=NOON + seconds(5)))).trouble == ""


def test_a_listing_that_does_not_show_our_write_yet_is_no_quarrel() -> None:
    """Only a host that was seen in drain mode can have been taken out of it."""
    decision = look(a_drain(), a_look(seen_host()))
    host = apply(only(decision), decision.actions[0], Accepted(), NOON, PACE)
    for n in range(MOST_REDRAINS + 2):
        host = only(look(a_drain(host), a_look(seen_host(), at=NOON + seconds(n + 1))))
    assert host.phase is Phase.DRAINING
    assert host.redrains == 0


def test_it_is_looked_at_again_no_later_than_its_deadline() -> None:
    host = draining(replace(BERT, messages_sent=1, messages_done=1, warned_at=NOON))
    near = NOON + minutes(30) - seconds(7)
    decision = look(a_drain(host, policy=POLICY), a_look(DRAINED, at=near, sessions=[a_session()]))
    assert decision.drain.progress.look_at == NOON + minutes(30)
