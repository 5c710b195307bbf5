"""What a look reads: no more than the next decision needs, and never less."""

from dataclasses import replace

from shared.core.drain.model import Drain
from shared.core.flow.flow import Decision
from shared.core.flow.needs import may_go, needs_facts
from shared.core.host.host import HostRecord, TagRecord
from shared.core.host.orders import Addition, Order, Pause
from shared.core.host.phases import Phase
from shared.core.policy.policy import Amount, Policy
from shared.core.values.window import Window
from tests.support.builders import NOON, a_drain, a_host, a_look, look, minutes, seen_host

ONE_OUT = Policy(max_unavailable=Amount(1))


def out(key: str = "a", phase: Phase = Phase.DRAINING) -> HostRecord:
    return a_host(key, phase, tag=TagRecord(""))


def listed_only(decision_of: Drain, *hosts: str, drained: tuple[str, ...] = ()) -> Decision:
    """A look at which nothing but the pool's hosts was read."""
    found = [seen_host(key, drained=key in drained) for key in hosts]
    return look(decision_of, replace(a_look(*found), facts=None, sessions=None))


def test_a_drain_that_waits_for_its_turn_reads_nothing_but_the_list_of_hosts() -> None:
    drain = a_drain(out("a"), a_host("b"), policy=ONE_OUT)
    seen = a_look(seen_host("a", drained=True), seen_host("b"))
    assert not may_go(drain, seen, NOON)
    assert not needs_facts(drain)
    came = listed_only(drain, "a", "b", drained=("a",)).drain.hosts[1]
    assert came.wait is not None
    assert came.wait.text == "its turn: 1 of 1 host is out: 1 in this drain"


def test_once_there_may_be_room_the_pool_is_read() -> None:
    drain = a_drain(a_host("a"), a_host("b"), policy=ONE_OUT)
    assert may_go(drain, a_look(seen_host("a"), seen_host("b")), NOON)
    back = a_drain(out("a", Phase.RESTORING), a_host("b"), policy=ONE_OUT)
    assert may_go(back, a_look(seen_host("a"), seen_host("b")), NOON)
    assert not may_go(back, a_look(seen_host("a", drained=True), seen_host("b")), NOON)


def test_a_host_that_is_out_already_takes_nobodys_place() -> None:
    drain = a_drain(out("a"), a_host("b"), policy=ONE_OUT)
    seen = a_look(seen_host("a", drained=True), seen_host("b", drained=True))
    assert may_go(drain, seen, NOON)


def test_a_paused_drain_and_one_whose_window_is_closed_read_no_more_either() -> None:
    seen = a_look(seen_host("a"))
    closed = Window(starts="22:00", ends="23:00", time_zone="UTC")
    assert not may_go(a_drain(a_host("a"), policy=Policy(window=closed)), seen, NOON)
    paused = a_drain(a_host("a"), pauses=(Pause(Order("anna", NOON), False),))
    assert not may_go(paused, seen, NOON)


def test_no_host_goes_out_of_a_pool_that_was_not_read() -> None:
    """As when the room came about only in this look: then it is looked at again, at once."""
    came = listed_only(a_drain(a_host("a")), "a")
    [host] = came.drain.hosts
    assert host.phase is Phase.QUEUED
    assert came.drain.progress.look_at == NOON
    assert host.wait is not None
    assert host.wait.text == "its pool to be read, now that there is room"


def test_a_host_that_was_added_goes_out_only_when_its_pool_was_read() -> None:
    """The pool's own update may run: it forbids touching drain mode."""
    added = Addition(Order("anna", NOON), "b", "B", "object-b", "vm-b")
    drain = a_drain(out("a"), policy=Policy(max_unavailable=Amount(2)), additions=(added,))
    assert may_go(drain, a_look(seen_host("a", drained=True), seen_host("b")), NOON)
    came = listed_only(drain, "a", "b", drained=("a",))
    assert came.drain.hosts[1].phase is Phase.QUEUED


def test_until_its_window_opens_a_drain_looks_once_an_hour() -> None:
    window = Window(starts="14:30", ends="16:00", time_zone="UTC")
    drain = a_drain(a_host("a"), policy=Policy(window=window))
    looks = [listed_only(drain, "a").drain.progress.look_at]
    for minute in (60, 120):
        seen = replace(a_look(seen_host("a"), at=NOON + minutes(minute)), facts=None)
        looks.append(look(drain, seen).drain.progress.look_at)
    assert looks == [NOON + minutes(60), NOON + minutes(120), NOON + minutes(150)]
