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


def put_back(claim: Claim, here: HostSeen | None, tags: Mapping[str, str]) -> tuple[Action, ...]:
    """What is still to be done so that the host is as it was; nothing when it is. The drain mode of
    a host that has left the pool, or was registered anew, is not ours to change; our tag on its VM
    is."""
    anew = here is not None and claim.object_id and here.object_id not in (None, claim.object_id)
    why = "put back by the watchdog"
    actions: list[Action] = []
    closed = here is not None and not anew and here.allow_new_session is not True
    if closed and claim.before is not False:
        actions.append(SetDrainMode(claim.host, True, why))
    if claim.tag is not None and not claim.tag.present and claim.vm_id is not None:
        value = find(tags, claim.tag.name)
        if value is not None and value.startswith(OURS):
            actions.append(SetTag(claim.host, claim.vm_id, claim.tag.name, value, False, why))
    return tuple(actions)


def put_back_unseen(claim: Claim) -> tuple[Action, ...]:
    """What puts the host back without a look at it: the service's answers are then the proof. Its tag
    is removed by the service only if it still has our value."""
    why = "put back by the watchdog, which could not look"
    actions: list[Action] = []
    if claim.before is not False:
        actions.append(SetDrainMode(claim.host, True, why))
    tag = claim.tag
    if tag is not None and tag.name and not tag.present and claim.vm_id is not None:
        value = tag.value or value_of(claim.drain)
        actions.append(SetTag(claim.host, claim.vm_id, tag.name, value, False, why))
    return tuple(actions)
