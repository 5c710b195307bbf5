"""The result of one look for one host: its next record, the actions to take, and why."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.core.host.actions import Action
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord, Wait
from shared.core.host.phases import Phase


@dataclass(frozen=True, slots=True)
class Turn:
    """``why`` and ``by`` explain the host's change of phase, if there is one. The history shows
    them."""

    host: HostRecord
    actions: tuple[Action, ...] = ()
    why: str = ""
    by: str = ""


def queued(key: str, name: str, at: datetime, **more: Any) -> HostRecord:
    """A new record of a host that has not been taken out. ``more``: further fields of the record."""
    wait = Wait("start", "the first look at its pool", at, at)
    return HostRecord(key, name, Phase.QUEUED, at, wait=wait, **more)


def waiting(host: HostRecord, code: str, text: str, now: datetime, look_at: datetime) -> HostRecord:
    """The host with this wait. ``since`` is kept if the host already waited with the same code."""
    since = host.wait.since if host.wait is not None and host.wait.code == code else now
    return replace(host, wait=Wait(code, text, since, max(look_at, now)))


def move(host: HostRecord, phase: Phase, now: datetime, why: str, by: str = "") -> Turn:
    """A turn that only changes the host's phase."""
    return Turn(host.moved(phase, now), (), why, by)


def end_with(host: HostRecord, ending: Ending, now: datetime, by: str = "") -> Turn:
    """A turn that begins to restore the host, with this ending, whatever its phase."""
    return move(replace(host, ending=ending), Phase.RESTORING, now, ending.text, by)


def stopped_ending(control: HostControl, host_key: str, text: str) -> Ending:
    """The ending of a host that is no longer to be maintained: Canceled if the drain was cancelled,
    else Skipped. ``text`` is used if the order gives no reason."""
    if control.cancel is not None:
        return Ending(Phase.CANCELED, "Canceled", control.cancel.why or text)
    skipped = control.skips.get(host_key)
    return Ending(Phase.SKIPPED, "SkipAsked", (skipped.why if skipped else "") or text)
