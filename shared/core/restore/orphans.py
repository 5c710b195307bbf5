"""Orphaned hosts: hosts that claims say are out and that no drain works on. When a host is
orphaned, and which actions restore it. This needs the claim only, never the drain's own record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.drain.model import Claim, Drain
from shared.core.host.actions import Action, SetDrainMode, SetTag
from shared.core.host.status import ENDED
from shared.core.observation.seen import HostSeen
from shared.core.restore.exclusiontag import OURS, value_of
from shared.core.values.hostpool import HostPoolId
from shared.core.values.resources import find

YOUNG = timedelta(minutes=15)
"""A younger claim may belong to a drain that is being stored. No function runs longer than this."""
STUCK = timedelta(hours=1)
"""How late a drain's next successful look may be before the drain counts as stuck."""
LATE = timedelta(minutes=2)
"""How late a drain's next look may be while the drain still counts as at work."""
AHEAD = timedelta(minutes=15)
"""How far ahead a drain's next look may be while it counts as at work. A drain with hosts out looks
more often."""
_WHY = "put back by the watchdog"


@dataclass(frozen=True, slots=True)
class MaybeOut:
    """A drain that has hosts out, or may have. ``drain`` is empty if an older version recorded the
    pool only. ``settled``: when its claims were last read, no host was out and some were left in
    drain mode."""

    pool: HostPoolId
    drain: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What the last step of a drain recorded: when the next look is due, and whether looks fail."""

    due_at: datetime
    troubled: bool


def is_at_work(drain: Looked | None, now: datetime) -> bool:
    """Whether a drain clearly works on its hosts: its last step was successful, and its next look
    is about due. If that is not known (None), the drain must be examined."""
    if drain is None or drain.troubled:
        return False
    return now - LATE <= drain.due_at <= now + AHEAD


def to_examine(
    noted: Iterable[MaybeOut], looked: Mapping[str, Looked], now: datetime
) -> dict[HostPoolId, frozenset[str]]:
    """The drains that may have hosts out and are not clearly at work, by pool."""
    found: dict[HostPoolId, frozenset[str]] = {}
    for each in noted:
        if not each.settled and not is_at_work(looked.get(each.drain), now):
            found[each.pool] = found.get(each.pool, frozenset()) | {each.drain}
    return found


class DrainState(StrEnum):
    """What is known of a claim's drain. The values are words for readers."""

    WORKING = "works on it"
    LOST = "has no record any more"
    ENDED = "has ended without it"
    UNREADABLE = "cannot be read"
    STUCK = "could not look at it for long"


def state_of(drain: Drain | None, now: datetime) -> DrainState:
    """The state of a claim's drain that could be read. ``drain`` None: it has no record."""
    if drain is None:
        return DrainState.LOST
    if drain.progress.status in ENDED:
        return DrainState.ENDED
    look_at = drain.progress.look_at
    late = look_at is not None and now > look_at + STUCK
    trouble = drain.progress.trouble_since
    late = late or (trouble is not None and now > trouble + STUCK)
    return DrainState.STUCK if late else DrainState.WORKING


def why_orphaned(claim: Claim, state: DrainState, now: datetime) -> str:
    """Why a host must be restored without its drain; empty if it need not be.

    A drain without a record, or one that has ended, is not waited for. One that exists and cannot
    work may still be repaired, so its hosts are left until the time by which they should be
    restored.
    """
    if not claim.out or claim.free or now < claim.claimed_at + YOUNG or claim.unreadable:
        return ""
    past = claim.restore_by is None or now > claim.restore_by
    match state:
        case DrainState.WORKING:
            return ""
        case DrainState.LOST | DrainState.ENDED:
            return f"drain {claim.drain} {state}"
        case DrainState.UNREADABLE | DrainState.STUCK:
            return f"drain {claim.drain} {state}" if past else ""


@dataclass(frozen=True, slots=True)
class PutBack:
    """The actions that are left to restore a host. ``seen``: another look can show whether they
    took effect; if not, the service's answers are the proof."""

    actions: tuple[Action, ...] = ()
    seen: bool = True


def put_back(
    claim: Claim, listed: Mapping[str, HostSeen] | None, tags: Mapping[str, str] | None
) -> PutBack:
    """What is left to do to restore the claim's host. ``listed``: the pool's hosts by key.
    ``tags``: the tags of the host's VM. None: they cannot be read. Drain mode and tag are
    independent: if one cannot be read, the other is restored all the same."""
    parts = (_opened(claim, listed), _untagged(claim, tags))
    return PutBack(
        tuple(action for part in parts for action in part.actions),
        any(part.actions and part.seen for part in parts),
    )


def _opened(claim: Claim, listed: Mapping[str, HostSeen] | None) -> PutBack:
    """Turn drain mode off, unless the host was drained before. That of a host that was registered
    again is not ours to change. One that the list lacks may still be there: the service's answer tells."""
    if claim.before is False:
        return PutBack()
    if listed is None:
        return PutBack((SetDrainMode(claim.host, True, f"{_WHY}, which could not look"),), False)
    here = listed.get(claim.host)
    if here is None:
        return PutBack(
            (SetDrainMode(claim.host, True, f"{_WHY}, which did not see it listed"),), False
        )
    anew = claim.object_id and here.object_id not in (None, claim.object_id)
    if anew or here.allow_new_session is True:
        return PutBack()
    known = here.allow_new_session is not None
    return PutBack((SetDrainMode(claim.host, True, _WHY),), known)


def _untagged(claim: Claim, tags: Mapping[str, str] | None) -> PutBack:
    """Remove our tag from the VM, whoever has the host now. If the tags cannot be read, the service
    removes it only if it still has our value."""
    tag, vm = claim.tag, claim.vm_id
    if tag is None or not tag.name or tag.present or vm is None:
        return PutBack()
    if tags is None:
        why, value = f"{_WHY}, which could not look", tag.value or value_of(claim.drain)
        return PutBack((SetTag(claim.host, vm, tag.name, value, False, why),), False)
    here = find(tags, tag.name)
    if here is None or not here.startswith(OURS):
        return PutBack()
    return PutBack((SetTag(claim.host, vm, tag.name, here, False, _WHY),))
