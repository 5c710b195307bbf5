"""What came of an action, and what a host becomes by it.

An intent that is found again at the start of a step has an unknown outcome: the process that
was about to act is gone. Unknown is never taken for no: each action says how it is found out.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.actions import Action, Restart, SendMessage, SetDrainMode, SignOut
from shared.core.model import Control, Drain, Ending, Entry, HostRecord, MaintenanceRecord
from shared.core.phases import Phase
from shared.core.sessions import find, put
from shared.core.turn import Pace, waiting

MOST_REFUSALS = 5


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service said yes. ``value`` is a long operation's address."""

    value: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The service said no and did nothing. ``final``: asking again is no use."""

    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """What the action was for is no longer there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: it may have happened, or may yet."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """It was not sent at all."""


Outcome = Accepted | Refused | Gone | Unknown | NotTried


def apply(
    host: HostRecord, action: Action, outcome: Outcome, now: datetime, pace: Pace
) -> HostRecord:
    """The host after the outcome; ``now`` is when the outcome was known."""
    host = replace(host, intents=tuple(i for i in host.intents if i.action.key != action.key))
    match action:
        case SetDrainMode():
            return _drain_mode(host, outcome, now, pace)
        case SendMessage():
            return _message(host, action, outcome, now)
        case SignOut():
            return _sign_out(host, action, outcome, now)
        case Restart():
            return _restart(host, outcome, now)


def recover(drain: Drain, now: datetime, pace: Pace) -> tuple[Drain, tuple[Entry, ...]]:
    """Give every intent that was left behind its unknown outcome."""
    entries: list[Entry] = []
    hosts = []
    for host in drain.hosts:
        for intent in host.intents:
            host = apply(host, intent.action, Unknown(), now, pace)
            entries.append(entry_of(drain.control, intent.action, Unknown(), now))
        hosts.append(host)
    return replace(drain, hosts=tuple(hosts)), tuple(entries)


def entry_of(control: Control, action: Action, outcome: Outcome, now: datetime) -> Entry:
    """The line of history that an action and its outcome make, with whoever asked for it."""
    asked = control.cancel or control.asked
    match action:
        case SetDrainMode(_, allow, _):
            what = "drain mode off" if allow else "drain mode on"
        case SendMessage():
            what = f"message {action.notice} to {action.user}"
        case SignOut():
            what = f"sign-out of {action.user}"
        case Restart():
            what = "restart"
    match outcome:
        case Accepted():
            result = "accepted"
        case Refused(text, _):
            result = f"refused: {text}"
        case Gone():
            result = "not needed: already gone"
        case Unknown():
            result = "answer lost: outcome unknown"
        case NotTried():
            result = "not tried"
    return Entry(now, f"{what}: {result}", action.host, f"avd-drain for {asked.by}", action.why)


def _drain_mode(host: HostRecord, outcome: Outcome, now: datetime, pace: Pace) -> HostRecord:
    back = host.phase is Phase.RESTORING
    match outcome:
        case Accepted():
            host = replace(host, write_asked=True, trouble="")
            return replace(host, restored_at=now) if back else host
        case Unknown():
            host = replace(host, write_asked=True, trouble="the answer was lost")
            if back:
                return host
            return replace(host, late_until=max(host.late_until or now, now + pace.late))
        case Refused(text, final):
            host = replace(host, trouble=text)
            if final and not back:
                ending = Ending(Phase.FAILED, "DrainRefused", f"drain mode refused: {text}", True)
                return replace(host, ending=ending)
            return host
        case Gone():
            return replace(host, trouble="the service no longer knows the host")
        case NotTried():
            return host


def _message(host: HostRecord, action: SendMessage, outcome: Outcome, now: datetime) -> HostRecord:
    session = find(host, action.session)
    if session is None:
        return host
    match outcome:
        case Accepted():
            session = replace(session, notices=action.notice, warned_at=now, refused="")
        case Unknown():
            session = replace(session, notices=action.notice, refused="")
        case Refused(text, _):
            session = replace(session, refused=text)
        case Gone() | NotTried():
            return host
    return put(host, session)


def _sign_out(host: HostRecord, action: SignOut, outcome: Outcome, now: datetime) -> HostRecord:
    session = find(host, action.session)
    if session is None:
        return host
    match outcome:
        case Accepted() | Gone() | Unknown():
            session = replace(session, signed_out_at=now, refused="")
        case Refused(text, _):
            session = replace(session, refused=text)
        case NotTried():
            return host
    return put(host, session)


def _restart(host: HostRecord, outcome: Outcome, now: datetime) -> HostRecord:
    noted = host.maintenance
    match outcome:
        case Accepted(value):
            begun = replace(noted, begun_at=now, operation=value, unsure_since=None)
            return _restarting(replace(host, maintenance=begun, trouble=""), now)
        case Unknown():
            unsure = replace(noted, begun_at=now, operation=None, unsure_since=now)
            return _restarting(replace(host, maintenance=unsure), now)
        case Refused(text, final):
            refused = MaintenanceRecord(refusals=noted.refusals + 1)
            host = replace(host, maintenance=refused, trouble=text)
            if final or refused.refusals >= MOST_REFUSALS:
                ending = Ending(Phase.FAILED, "RestartRefused", f"restart refused: {text}", True)
                return replace(host, ending=ending)
            return host
        case Gone():
            ending = Ending(Phase.FAILED, "RestartRefused", "its VM no longer exists", True)
            return replace(host, ending=ending)
        case NotTried():
            return host


def _restarting(host: HostRecord, now: datetime) -> HostRecord:
    moved = host.moved(Phase.MAINTAINING, now)
    return waiting(moved, "restart", "its VM to restart", now, now)
