"""One host's turn within a look: what it becomes, what is to be done, why."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.core.host.actions import Action
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord, Wait
from shared.core.host.phases import Phase


@dataclass(frozen=True, slots=True)
class Turn:
    """``why`` and ``by`` explain the move, if the host moved; they go into the history."""

    host: HostRecord
    actions: tuple[Action, ...] = ()
    why: str = ""
    by: str = ""


def queued(key: str, name: str, at: datetime, **more: Any) -> HostRecord:
    """A host whose turn has not come, as it begins; ``more`` are fields of its record."""
    wait = Wait("start", "the first look at its pool", at, at)
    return HostRecord(key, name, Phase.QUEUED, at, wait=wait, **more)


def waiting(host: HostRecord, code: str, text: str, now: datetime, look_at: datetime) -> HostRecord:
    """The host, waiting. ``since`` is kept while it goes on waiting for the same thing."""
    since = host.wait.since if host.wait is not None and host.wait.code == code else now
    return replace(host, wait=Wait(code, text, since, max(look_at, now)))


def move(host: HostRecord, phase: Phase, now: datetime, why: str, by: str = "") -> Turn:
    """The turn in which a host goes on to its next phase and does nothing else."""
    return Turn(host.moved(phase, now), (), why, by)


def end_with(host: HostRecord, ending: Ending, now: datetime, by: str = "") -> Turn:
    """The turn in which a host is sent home, whatever it was doing."""
    return move(replace(host, ending=ending), Phase.RESTORING, now, ending.text, by)


def stopped_ending(control: HostControl, host_key: str, text: str) -> Ending:
    """How a host ends that is not to be maintained after all: with the drain, or alone."""
    if control.cancel is not None:
        return Ending(Phase.CANCELED, "Canceled", control.cancel.why or text)
    skipped = control.skips.get(host_key)
    return Ending(Phase.SKIPPED, "SkipAsked", (skipped.why if skipped else "") or text)
