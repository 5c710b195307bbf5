"""The claim of a host: what it contains in each state of the host, and when it ends.

A claim contains everything that is needed to restore the host without its drain's own record.
"""

from dataclasses import replace
from datetime import timedelta

from shared.core.drain.model import Claim, Drain, Maintained
from shared.core.host.endings import KEPT_DRAINED, NOT_RESTORED, TAKEN_OVER
from shared.core.host.host import HostRecord, KeptDrained
from shared.core.host.phases import OUT, Phase
from shared.core.observation.attempts import Failure

LONGEST_WHY = 500
"""Characters."""


def claim_of(drain: Drain, host: HostRecord) -> Claim:
    """The claim for a host in this state. For a host that was never out, it carries on what an
    earlier drain left to be restored; if that is nothing, it only tells which drain has the host."""
    never_out = host.kept_drained if host.out_at is None else None
    touched = host.out_at is not None or never_out is not None
    return Claim(
        host=host.key,
        name=host.name,
        drain=drain.id,
        claimed_at=host.out_at or drain.control.asked.at,
        out=host.phase in OUT or _ended_as(host, NOT_RESTORED),
        before=never_out.allow if never_out is not None else host.before,
        object_id=host.object_id if touched else None,
        vm_id=host.vm_id if touched else None,
        tag=never_out.tag if never_out is not None else host.tag,
        restore_by=host.restore_by,
        kept_drained=_ended_as(host, KEPT_DRAINED) or (host.ended and never_out is not None),
    )


def kept_drained_by(claim: Claim) -> KeptDrained | None:
    """What an earlier drain, which left the host in drain mode on purpose, left to be restored;
    None if nothing."""
    if not claim.kept_drained or claim.before is None:
        return None
    return KeptDrained(claim.before, claim.tag)


def is_free_for(host: HostRecord, claim: Claim) -> bool:
    """Whether a drain may claim the host, by the host's record in the drain. If the host was left
    in drain mode after the drain's request was read, the record lacks what must be restored, so
    the claim would lose that."""
    return claim.free and kept_drained_by(claim) in (None, host.kept_drained)


def is_done_with(host: HostRecord, claim: Claim) -> bool:
    """Whether nothing of the host is left to be restored, so that its claim can be removed."""
    return host.ended and not claim.kept_drained and not claim.out


def is_anothers(host: HostRecord) -> bool:
    """Whether another drain has taken the host over: its claim is not this drain's to change."""
    return _ended_as(host, TAKEN_OVER)


def without_drain(claim: Claim) -> Claim | None:
    """The claim after a drain gives up a host that it has only claimed. If an earlier drain left
    the host in drain mode, that still holds, and the next drain restores it. None: the claim is
    removed."""
    return None if claim.before is None else replace(claim, kept_drained=True)


def maintained(host: HostRecord) -> Maintained | None:
    """The record that the host was maintained, if it was; None otherwise."""
    if host.maintained_at is None or host.phase is not Phase.DONE:
        return None
    took: timedelta | None = host.since - host.out_at if host.out_at is not None else None
    return Maintained(host.name, host.maintained_at, took)


def failure(was: HostRecord | None, host: HostRecord) -> Failure | None:
    """The record that its maintenance failed or was given up in this step; None if it did not.
    ``was``: the host before."""
    if host.phase is not Phase.FAILED or (was is not None and was.ended):
        return None
    why = host.ending.text[:LONGEST_WHY] if host.ending is not None else ""
    return Failure(host.name, host.since, why)


def _ended_as(host: HostRecord, code: str) -> bool:
    return host.ended and host.ending is not None and host.ending.code == code
