"""Hosts that leave the pool, are shut down, or are not the ones they were."""

from typing import Any

import pytest

from shared.core.drain.claims import claim_of
from shared.core.flow.outcomes import apply, recover
from shared.core.host.actions import SetDrainMode
from shared.core.host.host import HostRecord, TagRecord
from shared.core.host.outcome import Accepted, Gone, Outcome, Refused, Unknown
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


def unlisted(host: HostRecord) -> HostRecord:
    """The host after two listings without it."""
    first = look(a_drain(host), a_look())
    return only(look(a_drain(only(first)), a_look(at=NOON + minutes(1))))


def over(host: HostRecord, came: Outcome) -> HostRecord:
    """The host after that outcome of the write that opens it, and one more listing without it."""
    [intent] = host.intents
    assert intent.action == SetDrainMode("a", True, intent.action.why)
    told = apply(host, intent.action, came, NOON + minutes(2), PACE)
    return only(look(a_drain(told), a_look(at=NOON + minutes(3))))


def test_two_listings_without_it_are_and_the_service_is_asked_by_opening_it() -> None:
    """A list may be cut short, and nobody else would open a host that is still there."""
    host = unlisted(a_host(phase=Phase.DRAINING))
    gone = over(host, Gone())
    assert gone.phase is Phase.SKIPPED
    assert gone.ending is not None
    assert (gone.ending.code, gone.attention) == ("HostGone", "")


def test_of_a_host_that_listings_lack_and_that_is_there_a_person_is_told() -> None:
    told = over(unlisted(a_host(phase=Phase.MAINTAINING)), Accepted())
    assert told.phase is Phase.SKIPPED
    assert told.attention.endswith("but it is there: the service opened it")


def test_a_host_that_listings_lack_and_that_may_not_be_opened_is_left_to_the_watchdog() -> None:
    host = unlisted(a_host(phase=Phase.DRAINING))
    [intent] = host.intents
    refused = apply(host, intent.action, Refused("no right", final=True), NOON + minutes(2), PACE)
    later = look(a_drain(refused), a_look(at=NOON + minutes(40)))
    assert (only(later).phase, later.actions) == (Phase.FAILED, ())
    assert "no right" in only(later).attention
    assert claim_of(a_drain(only(later)), only(later)).out


@pytest.mark.parametrize("odd", [{"before": False}, {"write_asked": False}])
def test_a_host_that_the_drain_has_not_closed_is_not_opened_when_listings_lack_it(
    odd: dict[str, Any],
) -> None:
    host = unlisted(a_host(phase=Phase.DRAINING, **odd))
    assert (host.phase, host.intents) == (Phase.SKIPPED, ())


def test_a_tag_that_may_not_be_taken_from_the_vm_of_a_host_that_is_gone_has_an_end() -> None:
    tag = TagRecord("Exclude", asked=True, value="avd-drain x")
    host = a_host(phase=Phase.RESTORING, tag=tag, restored_at=NOON, denied_since=NOON)
    seen = a_look(
        seen_host(object_id="another"),
        at=NOON + minutes(40),
        tags={"a": {"Exclude": "avd-drain x"}},
    )
    assert only(look(a_drain(host), seen)).phase is Phase.FAILED


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
    later = look(a_drain(opened), a_look(seen_host(object_id="another"), at=NOON + minutes(3)))
    assert only(later).phase is Phase.SKIPPED
    assert later.actions == ()


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
