"""Hosts that claims say are out and that no drain works on: when that is so, and what puts them
back. It needs a claim only, never the drain's own record."""

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
"""A claim of this age may belong to a drain that is being recorded: no function runs so long."""
STUCK = timedelta(hours=1)
"""So late a drain's next look that succeeds may be before it counts as stuck."""
LATE = timedelta(minutes=2)
"""So late a drain's next look may be, and the drain still be plainly at work."""
AHEAD = timedelta(minutes=15)
"""So far ahead its next look may be; whoever has hosts out looks more often."""
_WHY = "put back by the watchdog"


@dataclass(frozen=True, slots=True)
class MaybeOut:
    """A drain of which hosts are, or may be, out. ``drain`` is empty where an older version noted the
    pool alone. ``settled``: when the claims were last read none was out, and some host was left drained."""

    pool: HostPoolId
    drain: str
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What the last step of a drain noted: when the next look is due, and whether looks fail."""

    due_at: datetime
    troubled: bool


def is_at_work(drain: Looked | None, now: datetime) -> bool:
    """Whether a drain plainly works on its hosts: a step of it ended as it should a moment ago, and
    the next one is due. What is not known of it, or is late, is to be looked at closely."""
    if drain is None or drain.troubled:
        return False
    return now - LATE <= drain.due_at <= now + AHEAD


def to_examine(
    noted: Iterable[MaybeOut], looked: Mapping[str, Looked], now: datetime
) -> dict[HostPoolId, frozenset[str]]:
    """The pools with a drain that may have hosts out and is not plainly at work: those drains, by pool."""
    found: dict[HostPoolId, frozenset[str]] = {}
    for each in noted:
        if not each.settled and not is_at_work(looked.get(each.drain), now):
            found[each.pool] = found.get(each.pool, frozenset()) | {each.drain}
    return found


class DrainState(StrEnum):
    """What is known of a claim's drain."""

    WORKING = "works on it"
    LOST = "has no record any more"
    ENDED = "has ended without it"
    UNREADABLE = "cannot be read"
    STUCK = "could not look at it for long"


def state_of(drain: Drain | None, now: datetime) -> DrainState:
    """The state of a drain that could be read; None if there is none."""
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
    """Why a host is to be put back without its drain; empty when it is not.

    A drain that is gone is not waited for. One that is there and cannot work may still be mended,
    so its hosts are left until the time by which they should have been back.
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
    """What is still to be done so that a host is as it was. ``seen``: another look tells whether it was
    done; if not, the service's answers are the proof."""

    actions: tuple[Action, ...] = ()
    seen: bool = True


def put_back(
    claim: Claim, listed: Mapping[str, HostSeen] | None, tags: Mapping[str, str] | None
) -> PutBack:
    """``listed``: the pool's hosts by key; ``tags``: those of the host's VM; None: they cannot be read.
    Each part goes by its own reading: what cannot be read of one keeps the other from nothing."""
    parts = (_opened(claim, listed), _untagged(claim, tags))
    return PutBack(
        tuple(action for part in parts for action in part.actions),
        any(part.actions and part.seen for part in parts),
    )


def _opened(claim: Claim, listed: Mapping[str, HostSeen] | None) -> PutBack:
    """The drain mode of a host that has left the pool, or was registered anew, is not ours to change."""
    if claim.before is False:
        return PutBack()
    if listed is None:
        return PutBack((SetDrainMode(claim.host, True, f"{_WHY}, which could not look"),), False)
    here = listed.get(claim.host)
    anew = here is not None and claim.object_id and here.object_id not in (None, claim.object_id)
    if here is None or anew or here.allow_new_session is True:
        return PutBack()
    known = here.allow_new_session is not None
    return PutBack((SetDrainMode(claim.host, True, _WHY),), known)


def _untagged(claim: Claim, tags: Mapping[str, str] | None) -> PutBack:
    """Our tag on its VM is ours, whoever owns the host now. Unseen, it is removed by the service only if
    it still has our value."""
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
