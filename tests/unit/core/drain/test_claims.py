"""What a claim says of a host, and when nobody claims it any more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.core.drain.claims import (
    claim_of,
    failure,
    is_done_with,
    is_free_for,
    kept_drained_by,
    maintained,
    without_drain,
)
from shared.core.drain.model import Claim
from shared.core.host.endings import KEPT_DRAINED, NOT_RESTORED
from shared.core.host.host import Ending, HostRecord, KeptDrained
from shared.core.host.phases import Phase
from shared.core.observation.attempts import Failure, attempts_of
from tests.support.builders import NOON, a_drain, a_host, minutes


def claimed(host: HostRecord) -> Claim:
    return claim_of(a_drain(host), host)


def ended(code: str = "Any", phase: Phase = Phase.FAILED, **more: Any) -> HostRecord:
    return a_host(phase=phase, ending=Ending(phase, code, "so"), **more)


def test_a_host_is_out_from_when_it_is_taken_out_until_it_is_put_back() -> None:
    out = {phase for phase in Phase if claimed(a_host(phase=phase)).out}
    assert out == {
        Phase.DRAINING, Phase.EMPTY, Phase.MAINTAINING, Phase.VERIFYING, Phase.RESTORING,
    }  # fmt: skip


def test_nobody_claims_a_host_that_has_ended_as_it_was() -> None:
    for phase in (Phase.DONE, Phase.FAILED, Phase.SKIPPED, Phase.CANCELED):
        host = ended(phase=phase)
        assert is_done_with(host, claimed(host)), phase
    host = a_host(phase=Phase.RESTORING)
    assert not is_done_with(host, claimed(host))


def test_the_claim_of_a_host_that_could_not_be_put_back_stays_for_the_watchdog() -> None:
    host = ended(NOT_RESTORED)
    assert claimed(host).out
    assert not is_done_with(host, claimed(host))


def test_the_claim_of_a_host_that_is_left_drained_stays_and_is_free_for_another_drain() -> None:
    host = ended(KEPT_DRAINED, before=True)
    claim = claimed(host)
    assert (claim.kept_drained, claim.free, claim.before, claim.out) == (True, True, True, False)
    assert not is_done_with(host, claim)


def test_what_an_earlier_drain_left_is_carried_on_by_one_that_never_took_the_host_out() -> None:
    host = replace(ended(phase=Phase.SKIPPED), out_at=None, kept_drained=KeptDrained(True, None))
    claim = claimed(host)
    assert (claim.kept_drained, claim.before) == (True, True)
    assert without_drain(claim) == claim
    assert without_drain(replace(claim, before=None)) is None


def test_a_host_that_was_left_drained_meanwhile_is_not_free_for_who_does_not_know_it() -> None:
    """Else what it was before would be forgotten, and nobody would open it again."""
    claim = claimed(ended(KEPT_DRAINED, before=True))
    fresh = a_host()
    assert not is_free_for(fresh, claim)
    assert is_free_for(replace(fresh, kept_drained=kept_drained_by(claim)), claim)
    assert not is_free_for(fresh, claimed(a_host(phase=Phase.DRAINING)))
    assert is_free_for(fresh, replace(claimed(a_host()), restored_at=NOON))


def test_only_who_was_maintained_is_said_to_have_been_and_how_long_it_was_out() -> None:
    done = ended(phase=Phase.DONE, maintained_at=NOON, out_at=NOON - minutes(30))
    found = maintained(done)
    assert found is not None
    assert (found.at, found.took) == (NOON, minutes(30))
    assert maintained(replace(done, maintained_at=None)) is None
    assert maintained(ended(maintained_at=NOON)) is None


def test_a_failure_counts_once_and_its_reason_is_cut() -> None:
    host = a_host(phase=Phase.FAILED, ending=Ending(Phase.FAILED, "X", "y" * 900))
    found = failure(a_host(phase=Phase.RESTORING), host)
    assert found is not None
    assert (found.at, len(found.why)) == (NOON, 500)
    assert failure(host, host) is None
    assert failure(None, ended(phase=Phase.DONE)) is None


def test_failures_from_before_the_last_success_are_forgotten() -> None:
    failures = [("a", Failure("A", NOON + timedelta(days=d), f"day {d}")) for d in (0, 1, 2)]
    found = attempts_of([*failures, ("b", Failure("B", NOON))], {"a": NOON, "b": NOON})
    assert list(found) == ["a"]
    assert (found["a"].failures, found["a"].text) == (2, "day 2")
