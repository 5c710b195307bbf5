"""Hosts that claims say are out and that no drain works on: when that is so, and what puts them
back. It needs a claim only, never the drain's own record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from shared.core.drain.model import Claim, Drain
from shared.core.host.actions import Action, SetDrainMode, SetTag
from shared.core.host.status import ENDED
from shared.core.observation.seen import HostSeen
from shared.core.restore.exclusiontag import OURS, value_of
from shared.core.values.resources import find

YOUNG = timedelta(minutes=15)
"""A claim of this age may belong to a drain that is being recorded: no function runs so long."""
STUCK = timedelta(hours=1)
"""So late a drain's next look that succeeds may be before it counts as stuck."""


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
