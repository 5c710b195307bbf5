"""What users are told, in which words and when; and who is never signed out."""

from dataclasses import replace
from typing import Any

from shared.core.flow.outcomes import apply
from shared.core.host.actions import SendMessage, SignOut
from shared.core.host.host import HostRecord
from shared.core.host.orders import Extension, Order, Pause
from shared.core.host.outcome import Accepted, Refused
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.observation.seen import PoolType, SessionSeen
from shared.core.policy.policy import AtDeadline, Message, Policy, ProtectedUsers, Translation
from shared.core.users.deadlines import due_at
from shared.core.users.messages import clock_time, for_pool, in_language
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
    seen_host,
)

DRAINED = seen_host(drained=True)
ANNA = Order("anna", NOON + minutes(5), "lunch")
FIRST, LAST = Message("first"), Message("last", before_deadline=minutes(10))
TWO = Policy(deadline=minutes(60), messages=(LAST, FIRST))


def on(*users: str, **more: Any) -> HostRecord:
    sessions = tuple(
        SessionRecord(str(n), user, a_session().created_at, "Active", NOON, **more)
        for n, user in enumerate(users)
    )
    return a_host(phase=Phase.DRAINING, sessions=sessions)


def seen(*users: str, at: float = 0, state: str = "Active") -> Any:
    found = [
        SessionSeen("a", str(n), user, state, a_session().created_at)
        for n, user in enumerate(users)
    ]
    return a_look(DRAINED, at=NOON + minutes(at), sessions=found)


def titles(policy: Policy, host: HostRecord, at: float, **control: Any) -> list[str]:
    users = [s.user for s in host.sessions]
    actions = look(a_drain(host, policy=policy, **control), seen(*users, at=at)).actions
    return [a.title for a in actions if isinstance(a, SendMessage)]


def test_the_first_message_is_due_at_once_and_the_last_so_long_before_the_deadline() -> None:
    assert titles(TWO, on("bert"), 0) == ["first"]
    assert titles(TWO, on("bert", messages_done=1, messages_sent=1), 49) == []
    assert titles(TWO, on("bert", messages_done=1, messages_sent=1), 50) == ["last"]
    assert titles(TWO, on("bert", messages_done=2, messages_sent=2), 51) == []


def test_whoever_is_found_late_gets_the_message_of_the_hour_and_no_other() -> None:
    assert titles(TWO, on("bert"), 55) == ["last"]


def test_the_next_look_is_no_later_than_the_next_message() -> None:
    decision = look(a_drain(on("bert", messages_done=1), policy=TWO), seen("bert", at=49.9))
    assert decision.drain.progress.look_at == NOON + minutes(50)


def test_the_text_is_in_the_language_of_the_longest_suffix_that_fits() -> None:
    message = Message(
        "en", translations=(Translation(".example", "x"), Translation("@contoso.example", "de"))
    )
    assert in_language(message, "Bert@Contoso.example").title == "de"
    assert in_language(message, "bert@fabrikam.test").title == "en"


def test_times_are_told_in_the_pools_zone_with_the_date_if_it_is_not_todays() -> None:
    assert clock_time(NOON + minutes(60), NOON, "Europe/Berlin") == "14:00 CET"
    assert clock_time(NOON + minutes(660), NOON, "Europe/Berlin") == "2026-11-24 00:00 CET"


def test_a_text_that_is_too_long_once_filled_in_is_cut_to_the_vendors_limit() -> None:
    policy = Policy(messages=(Message("{reason}" * 30, "{reason}"),))
    drain = a_drain(on("bert"), policy=policy)
    drain = replace(drain, control=replace(drain.control, reason="x" * 500))
    [message] = look(drain, seen("bert")).actions
    assert isinstance(message, SendMessage)
    assert len(message.title) == 256


def test_what_came_of_each_message_is_kept_when_its_session_has_ended() -> None:
    decision = look(a_drain(on("bert"), policy=TWO), seen("bert"))
    host = apply(only(decision), decision.actions[0], Refused("session is locked"), NOON, PACE)
    gone = only(look(a_drain(host, policy=TWO), seen(at=1)))
    assert gone.sessions == ()
    [delivery] = gone.deliveries
    assert (delivery.user, delivery.message, delivery.result) == (
        "bert",
        1,
        "refused: session is locked",
    )


def test_a_message_that_is_refused_again_and_again_gives_way_to_the_next() -> None:
    host = on("bert")
    for _ in range(3):
        decision = look(a_drain(host, policy=TWO), seen("bert"))
        host = apply(only(decision), decision.actions[0], Refused("no"), NOON, PACE)
    assert titles(TWO, host, 5) == []
    assert titles(TWO, host, 50) == ["last"]


SIGN_OUT = Policy(deadline=minutes(30), at_deadline=AtDeadline.SIGN_OUT, warn_at_least=minutes(10))


def signed_out(policy: Policy, host: HostRecord, at: float, state: str = "Active") -> list[SignOut]:
    users = [s.user for s in host.sessions]
    decision = look(a_drain(host, policy=policy), seen(*users, at=at, state=state))
    return [a for a in decision.actions if isinstance(a, SignOut)]


def test_protected_users_are_never_signed_out() -> None:
    policy = replace(SIGN_OUT, protected_users=("*@board.example",))
    host = on(
        "Eve@Board.example",
        "bert@contoso.example",
        messages_done=1,
        messages_sent=1,
        warned_at=NOON,
    )
    assert [a.user for a in signed_out(policy, host, 31)] == ["bert@contoso.example"]


def test_why_a_sign_out_is_refused_is_told_with_what_the_host_waits_for() -> None:
    host = on("bert", messages_done=1, messages_sent=1, warned_at=NOON, refused="no right")
    waits = only(look(a_drain(host, policy=SIGN_OUT), seen("bert", at=31)))
    assert waits.wait is not None
    assert (
        waits.wait.text == "1 session to end by being signed out; refused so far: bert (no right)"
    )


def test_a_host_on_which_only_protected_users_stay_waits_or_gives_up() -> None:
    host = on("eve", messages_done=1, messages_sent=1, warned_at=NOON)
    policy = replace(SIGN_OUT, protected_users=("eve",))
    waits = only(look(a_drain(host, policy=policy), seen("eve", at=31)))
    assert waits.wait is not None
    assert waits.wait.text == "protected users to leave by themselves: eve"
    policy = replace(policy, protected_users_then=ProtectedUsers.GIVE_UP)
    gave_up = only(look(a_drain(host, policy=policy), seen("eve", at=31)))
    assert gave_up.phase is Phase.RESTORING


def test_a_session_disconnected_for_long_enough_is_signed_out_before_the_deadline() -> None:
    policy = replace(SIGN_OUT, disconnected_for=minutes(12))
    host = on("bert", messages_done=1, messages_sent=1, warned_at=NOON, disconnected_since=NOON)
    assert signed_out(policy, host, 11, "Disconnected") == []
    assert len(signed_out(policy, host, 12, "Disconnected")) == 1
    assert signed_out(policy, host, 12, "Active") == []


def test_also_a_disconnected_session_is_warned_for_the_promised_time() -> None:
    policy = replace(SIGN_OUT, disconnected_for=minutes(1))
    host = on("bert", messages_done=1, messages_sent=1, warned_at=NOON, disconnected_since=NOON)
    assert signed_out(policy, host, 9, "Disconnected") == []
    assert len(signed_out(policy, host, 10, "Disconnected")) == 1


def test_a_sign_out_is_forced_only_if_the_policy_says_so_and_the_plain_one_came_to_nothing() -> (
    None
):
    policy = replace(SIGN_OUT, force_sign_out=True)
    host = on("bert", messages_done=1, messages_sent=1, warned_at=NOON)
    [first] = signed_out(policy, host, 31)
    host = apply(host, first, Accepted(), NOON + minutes(31), PACE)
    [second] = signed_out(policy, host, 34)
    assert (first.force, second.force) == (False, True)
    [second] = signed_out(SIGN_OUT, host, 34)
    assert not second.force


def test_an_extension_moves_the_deadline_of_the_hosts_it_names() -> None:
    all_, b = Extension(ANNA, minutes(30)), Extension(ANNA, minutes(5), frozenset({"b"}))
    control = a_drain(policy=SIGN_OUT, extensions=(all_, b)).control
    assert due_at(control, a_host("a", Phase.DRAINING), NOON) == NOON + minutes(60)
    assert due_at(control, a_host("b", Phase.DRAINING), NOON) == NOON + minutes(65)


def test_a_pause_stops_the_clocks_only_if_it_was_asked_to() -> None:
    resumed = replace(ANNA, at=NOON + minutes(20))
    for stop, more in ((True, 15), (False, 0)):
        control = a_drain(policy=SIGN_OUT, pauses=(Pause(ANNA, stop, resumed),)).control
        at = due_at(control, a_host("a", Phase.DRAINING), NOON + minutes(25))
        assert at == NOON + minutes(30 + more)


def test_while_paused_no_host_goes_out_and_nobody_is_signed_out() -> None:
    policy = replace(SIGN_OUT, max_unavailable=replace(SIGN_OUT.max_unavailable, value=9))
    host = on("bert", messages_done=1, messages_sent=1, warned_at=NOON)
    drain = a_drain(host, a_host("b"), policy=policy, pauses=(Pause(ANNA, False),))
    listed = a_look(DRAINED, seen_host("b"), at=NOON + minutes(31), sessions=[a_session()])
    decision = look(drain, listed)
    assert decision.actions == ()
    waits = {h.key: h.wait.text for h in decision.drain.hosts if h.wait is not None}
    assert waits == dict.fromkeys("ab", "the drain to be resumed; anna paused it: lunch")


def test_a_host_that_is_skipped_is_put_back_and_the_others_go_on() -> None:
    drain = a_drain(on("bert"), a_host("b", Phase.DRAINING), skips={"a": ANNA})
    decision = look(drain, a_look(DRAINED, seen_host("b", drained=True), at=NOON + minutes(6)))
    assert decision.drain.hosts[0].phase is Phase.RESTORING
    assert decision.drain.hosts[1].phase is Phase.DRAINING


def test_nobody_is_promised_another_desktop_where_there_may_be_none() -> None:
    own = Message("first", text="As I say: another desktop.")
    policy = Policy(messages=(Message("default"), own))
    for type_ in (PoolType.PERSONAL, PoolType.OTHER):
        default, said = for_pool(policy, type_).messages
        assert "another desktop" not in default.text
        assert "{deadline}" in default.text
        assert said == own
    assert for_pool(policy, PoolType.POOLED) == policy
