"""How long signals wait, and whom the end of a matter sets free."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.core.drain.cause import Cause
from shared.core.drain.model import Drain
from shared.core.events.ending import asked_for_now, freed, is_ended_by, meant
from shared.core.events.records import EventKey
from shared.core.events.rules import Rule
from shared.core.events.signals import Says, Signal, Source
from shared.core.events.triage import Group, drain_of
from shared.core.events.waiting import (
    asked_again_after,
    does_the_same,
    is_given_up,
    looked_for_again,
    over_at,
    put_back_by,
    rest_of,
    still_come,
)
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.redeploy import Redeploy
from shared.core.policy.policy import Policy
from tests.support.builders import NOON, a_drain, a_host, minutes, seconds

SETTLE = seconds(5)
HELD, MOVED = Policy(maintenance=Hold()), Policy(maintenance=Redeploy())
ORDER = Order("anna", NOON, "")


def a_signal(about: str = "alert 1", **more: Any) -> Signal:
    given: dict[str, Any] = {"source": Source.ALERT, "about": about} | more
    says = given.pop("says", Says.DRAIN)
    return Signal(EventKey("type", about, ""), says, NOON, NOON, "a reason", **given)


def a_group(policy: Policy = HELD, *signals: Signal, hosts: tuple[str, ...] = ("a",)) -> Group:
    pool = a_drain().control.pool
    return Group(
        Rule("the rule", Source.ALERT, policy=policy), pool, hosts, signals or (a_signal(),)
    )


def begun(group: Group, phase: Phase = Phase.MAINTAINING) -> Drain:
    drain = a_drain(a_host(phase=phase), policy=group.rule.policy)
    return replace(drain, control=replace(drain.control, cause=group.cause))


def test_a_burst_is_waited_for_but_not_for_ever() -> None:
    assert still_come([NOON], SETTLE, NOON + seconds(4))
    assert not still_come([NOON], SETTLE, NOON + seconds(5))
    assert still_come([NOON, NOON + seconds(4)], SETTLE, NOON + seconds(8))
    endless = [NOON + seconds(n) for n in range(26)]
    assert not still_come(endless, SETTLE, NOON + seconds(25))
    assert not still_come([], SETTLE, NOON)


def test_a_notice_is_given_up_a_day_after_it_could_first_be_seen_to() -> None:
    assert is_given_up(a_signal(), NOON + timedelta(days=1))
    early = a_signal(not_before=NOON + timedelta(days=6))
    assert not is_given_up(early, NOON + timedelta(days=6, hours=23))


def test_a_machine_that_is_not_known_is_looked_for_twice_more_and_no_oftener() -> None:
    looks = [looked_for_again(a_signal(), NOON + minutes(m), passing=False) for m in (0, 10, 30)]
    assert looks == [NOON + minutes(10), NOON + minutes(30), None]
    assert looked_for_again(a_signal(), NOON + minutes(31), passing=True) == NOON + minutes(41)


def test_whoever_waits_for_another_drain_asks_again_before_a_run_must_be_decided() -> None:
    assert asked_again_after(None, minutes(5), NOON) == minutes(5)
    assert asked_again_after(NOON + minutes(2), minutes(5), NOON) == minutes(2)
    assert asked_again_after(NOON - minutes(2), minutes(5), NOON) == timedelta(0)


def test_what_is_left_of_a_notice_is_another_part_of_it() -> None:
    signal = a_signal(machines=("/VM/A", "/vm/b"))
    assert rest_of(signal, {"/vm/a", "/vm/b"}) is None
    rest = rest_of(signal, {"/vm/b"})
    assert rest is not None
    assert (rest.machines, rest.part) == (("/vm/b",), 1)


def test_only_what_says_so_ends_a_matter_and_the_latest_word_counts() -> None:
    later = a_signal(says=Says.OVER)
    later = replace(later, happened_at=NOON + minutes(1))
    assert over_at([a_signal(), a_signal(says=Says.OVER), later]) == {"alert 1": NOON + minutes(1)}


def test_a_drain_of_the_same_cause_takes_more_hosts_unless_it_has_done_with_one_of_them() -> None:
    group = a_group()
    drain = begun(group)
    assert drain_of(group, [drain]) == drain
    assert drain_of(group, [begun(group, Phase.DONE)]) is None
    cancelled = replace(drain, control=replace(drain.control, cancel=ORDER))
    assert drain_of(group, [cancelled]) is None
    assert drain_of(replace(group, rule=replace(group.rule, name="other")), [drain]) is None


def test_a_host_that_is_put_back_already_is_asked_for_again_by_a_new_matter_only() -> None:
    group = a_group(HELD, a_signal("alert 1"), a_signal("alert 2"))
    drain = begun(group)
    assert put_back_by(group, drain, frozenset()) == ()
    released = replace(drain, control=replace(drain.control, release_all=ORDER))
    asks = frozenset({("a", "alert 1", NOON)})
    [(host, signal)] = put_back_by(group, released, asks)
    assert (host, signal.about) == ("a", "alert 2")


def test_what_is_done_once_need_not_be_done_again_but_what_is_held_is_held_again() -> None:
    assert does_the_same(a_group(MOVED), begun(a_group(MOVED)))
    assert not does_the_same(a_group(HELD), begun(a_group(HELD)))
    assert not does_the_same(a_group(MOVED), a_drain(a_host()))
    assert not does_the_same(a_group(MOVED), None)


def test_an_end_frees_hosts_of_drains_that_its_kind_of_event_began_and_of_no_others() -> None:
    end = a_signal(says=Says.OVER, ends=(Source.ALERT,))
    drain = begun(a_group())
    assert is_ended_by(drain, end)
    assert not is_ended_by(a_drain(a_host()), end)
    other = Cause("the rule", str(Source.UPDATE_MANAGER), "", None)
    assert not is_ended_by(replace(drain, control=replace(drain.control, cause=other)), end)


def test_a_host_in_maintenance_is_released_one_before_it_is_left_alone_and_who_stays_stays() -> (
    None
):
    hosts = [
        a_host("a", Phase.MAINTAINING), a_host("b", Phase.DRAINING), a_host("c", Phase.RESTORING),
        a_host("d", Phase.QUEUED), a_host("e", Phase.DONE),
    ]  # fmt: skip
    drain = a_drain(*hosts, policy=HELD)
    pool = drain.control.pool.key
    assert [h.key for h in meant(drain, {(pool, "a"), (pool, "e"), ("other", "b")})] == ["a"]
    out = freed(drain, meant(drain, None), {"d": "alert 2"})
    assert (out.release, out.skip) == (("a",), ("b",))
    assert not freed(drain, [hosts[2]], {})


def test_a_host_stays_for_which_the_same_moment_asks() -> None:
    group = a_group(HELD, a_signal("alert 2"), hosts=("A",))
    assert asked_for_now(begun(group), [group]) == {"a": "alert 2"}
    assert asked_for_now(a_drain(a_host()), [group]) == {}
