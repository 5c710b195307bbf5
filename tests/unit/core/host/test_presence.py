"""Hosts that leave the pool, are shut down, or are not the ones they were."""

from shared.core.flow.outcomes import apply, recover
from shared.core.host.actions import SetDrainMode
from shared.core.host.outcome import Accepted, Unknown
from shared.core.host.phases import Phase
from tests.support.builders import (
    NOON,
    PACE,
    a_drain,
    a_host,
    a_look,
    look,
    minutes,
    only,
    seen_host,
)


def test_one_listing_without_the_host_is_not_believed() -> None:
    decision = look(a_drain(a_host(phase=Phase.DRAINING)), a_look())
    assert only(decision).phase is Phase.DRAINING


def test_two_listings_without_it_are() -> None:
    first = look(a_drain(a_host(phase=Phase.DRAINING)), a_look())
    second = look(a_drain(only(first)), a_look(at=NOON + minutes(1)))
    ending = only(second).ending
    assert only(second).phase is Phase.SKIPPED
    assert ending is not None
    assert ending.code == "HostGone"


def test_a_host_that_is_listed_again_goes_on() -> None:
    first = look(a_drain(a_host(phase=Phase.DRAINING)), a_look())
    second = look(a_drain(only(first)), a_look(seen_host(drained=True), at=NOON + minutes(1)))
    third = look(a_drain(only(second)), a_look(at=NOON + minutes(2)))
    assert only(third).phase is Phase.DRAINING


def test_a_host_that_was_registered_anew_is_another_host() -> None:
    seen = a_look(seen_host(object_id="another"), at=NOON + minutes(10))
    decision = look(a_drain(a_host(phase=Phase.RESTORING)), seen)
    assert only(decision).phase is Phase.SKIPPED
    assert decision.actions == ()


def test_a_host_that_was_registered_anew_while_it_was_closed_is_opened_again() -> None:
    """The write that was meant for the old registration has met the new one."""
    host = a_host(phase=Phase.DRAINING, drained_at=None)
    anew = seen_host(object_id="another", drained=True)
    decision = look(a_drain(host), a_look(anew, at=NOON + minutes(1)))
    [again] = decision.actions
    assert isinstance(again, SetDrainMode)
    assert again.allow
    opened = apply(only(decision), again, Accepted(), NOON + minutes(2), PACE)
    over = look(a_drain(opened), a_look(seen_host(object_id="another"), at=NOON + minutes(3)))
    assert only(over).phase is Phase.SKIPPED
    assert over.actions == ()


def test_a_host_that_was_registered_anew_and_that_a_person_closed_stays_closed() -> None:
    """It was seen drained before: so the write was for the old registration."""
    host = a_host(phase=Phase.DRAINING, drained_at=NOON)
    anew = seen_host(object_id="another", drained=True)
    decision = look(a_drain(host), a_look(anew, at=NOON + minutes(10)))
    assert decision.actions == ()
    assert only(decision).phase is Phase.SKIPPED


def test_a_host_that_is_shut_down_takes_nobodys_place_and_is_maintained_too() -> None:
    decision = look(a_drain(), a_look(seen_host(status="Shutdown")))
    assert only(decision).phase is Phase.DRAINING


def test_one_bad_host_does_not_stop_the_others() -> None:
    bad = a_host("a", Phase.DRAINING, drained_at=None)
    drain = a_drain(bad, a_host("b", Phase.RESTORING, restored_at=NOON))
    decision = look(drain, a_look(seen_host("b"), at=NOON + minutes(1)))
    assert [host.phase for host in decision.drain.hosts] == [Phase.DRAINING, Phase.DONE]


def test_an_intent_that_is_found_again_has_an_unknown_outcome() -> None:
    decision = look(a_drain(), a_look(seen_host()))
    recovered, [entry] = recover(decision.drain, NOON + minutes(1), PACE)
    [host] = recovered.hosts
    expected = apply(
        only(decision), SetDrainMode("a", False, ""), Unknown(), NOON + minutes(1), PACE
    )
    assert host == expected
    assert host.write_asked
    assert host.intents == ()
    assert "answer lost" in entry.what
