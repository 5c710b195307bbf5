"""What a host's claim says, and what becomes of it: all that it takes to put the host back without its
drain's own record."""

from dataclasses import replace
from datetime import timedelta

from shared.core.drain.model import Claim, Drain, Maintained
from shared.core.host.endings import KEPT_DRAINED, NOT_RESTORED
from shared.core.host.host import HostRecord, KeptDrained
from shared.core.host.phases import OUT, Phase
from shared.core.observation.attempts import Failure

LONGEST_WHY = 500


def claim_of(drain: Drain, host: HostRecord) -> Claim:
    """What the claim says of a host in this state. One that was never out carries on what an earlier
    drain left to be put back."""
    never_out = host.kept_drained if host.out_at is None else None
    return Claim(
        host=host.key,
        name=host.name,
        drain=drain.id,
        claimed_at=host.out_at or drain.control.asked.at,
        out=host.phase in OUT or _ended_as(host, NOT_RESTORED),
        before=never_out.allow if never_out is not None else host.before,
        object_id=host.object_id,
        vm_id=host.vm_id,
        tag=never_out.tag if never_out is not None else host.tag,
        restore_by=host.restore_by,
        kept_drained=_ended_as(host, KEPT_DRAINED) or (host.ended and never_out is not None),
    )


def kept_drained_by(claim: Claim) -> KeptDrained | None:
    """What an earlier drain that left the host drained on purpose left to be put back."""
    if not claim.kept_drained or claim.before is None:
        return None
    return KeptDrained(claim.before, claim.tag)


def is_free_for(host: HostRecord, claim: Claim) -> bool:
    """Whether a drain may have the host, as it knows it. If the host was left drained after the drain's
    request was read, what is to be put back is not in its record: to take it would be to forget that."""
    return claim.free and kept_drained_by(claim) in (None, host.kept_drained)


def is_done_with(host: HostRecord, claim: Claim) -> bool:
    """Whether nothing of the host is left to be put back, so that nobody claims it any more."""
    return host.ended and not claim.kept_drained and not claim.out


def without_drain(claim: Claim) -> Claim | None:
    """What stays of the claim of a drain that lets go of a host which it has only spoken for. If an
    earlier drain left it drained, that is still so, and what it was before that is still to be put back
    by the next one. None: nothing stays."""
    return None if claim.before is None else replace(claim, kept_drained=True)


def maintained(host: HostRecord) -> Maintained | None:
    """That the host was maintained, and how long it was out for it; None if it was not."""
    if host.maintained_at is None or host.phase is not Phase.DONE:
        return None
    took: timedelta | None = host.since - host.out_at if host.out_at is not None else None
    return Maintained(host.name, host.maintained_at, took)


def failure(was: HostRecord | None, host: HostRecord) -> Failure | None:
    """That its maintenance failed, or was given up, just now."""
    if host.phase is not Phase.FAILED or (was is not None and was.ended):
        return None
    why = host.ending.text[:LONGEST_WHY] if host.ending is not None else ""
    return Failure(host.name, host.since, why)


def _ended_as(host: HostRecord, code: str) -> bool:
    return host.ended and host.ending is not None and host.ending.code == code
