"""Stops a VM again that was stopped before and that the maintenance started.

As before a maintenance, two readings must show nobody on it: one listing may lack a session, and
somebody may be in the middle of signing in when drain mode is turned on again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.host.actions import Power, PowerAction, SetDrainMode
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.maintenance.work import vmjob
from shared.core.maintenance.work.work import NeverBegan, NotYet
from shared.core.observation.emptiness import NEARLY
from shared.core.observation.look import Look
from shared.core.observation.seen import Part, Seen
from shared.core.restore.unread import FINAL_AFTER

AT_MOST = timedelta(minutes=30)
GIVEN_UP_AFTER = timedelta(hours=1)
"""Since restoring began. Users must not be kept off the host only because its VM cannot be stopped."""
_BEFORE = "its VM, which was stopped before,"
_STOPS = {"stopped": PowerAction.POWER_OFF, "hibernated": PowerAction.HIBERNATE}


@dataclass(frozen=True, slots=True)
class Stopping:
    """The host, and what is left to do. ``wait``: what is waited for; empty when nothing is left."""

    host: HostRecord
    wait: str = ""
    actions: tuple[Power | SetDrainMode, ...] = ()


def stop_again(look: Look[HostControl], host: HostRecord) -> Stopping:
    """Stop the host's VM if the maintenance started it. If a user got onto the host meanwhile,
    although drain mode was on, the VM keeps running."""
    job = host.stopping
    if not host.started or (job is not None and job.over):
        return Stopping(host)
    if job is not None and job.asked_at is not None:
        match vmjob.watch(look, host.key, job, AT_MOST):
            case vmjob.Over(_):
                return Stopping(replace(host, stopping=replace(job, over=True)))
            case vmjob.Failed(text):
                text = f"{_BEFORE} was not seen to stop again: {text}"
                return Stopping(_left(replace(host, stopping=replace(job, over=True)), text))
            case NotYet(_, text, _):
                return Stopping(host, text)
            case NeverBegan(_):
                pass
    allows = look.seen.hosts[host.key].allow_new_session
    if allows is None:
        return Stopping(host, "the service to tell whether drain mode is on")
    if allows:
        why = "it was opened, and its VM is to be stopped again"
        drain = SetDrainMode(host.key, False, why)
        text = "drain mode to be on, so that its VM can be stopped"
        return Stopping(replace(host, before=True, unused_since=None), text, (drain,))
    if (used := _used(look, host)) is not None:
        return used
    what = _STOPS.get(host.stopped_before, PowerAction.DEALLOCATE)
    asked = vmjob.ask(look, host, what, "it was stopped before")
    if isinstance(asked, NotYet):
        return Stopping(host, asked.text)
    fresh, action = asked
    fresh = replace(fresh, refusals=job.refusals if job is not None else 0)
    return Stopping(replace(host, stopping=fresh), "its VM to be stopped again", (action,))


def left_running(host: HostRecord, seen: Seen, now: datetime) -> HostRecord:
    """The host with its VM left as it is, if what is needed to stop it is not available in time;
    else unchanged."""
    if not (text := unfinished(host)):
        return host
    lacks = (seen.lack(Part.SESSIONS), seen.lack(Part.MACHINE, host.key),
             seen.lack(Part.OPERATION, host.key))  # fmt: skip
    lack = next((lack for lack in lacks if lack is not None), None)
    given_up = GIVEN_UP_AFTER if lack is None else FINAL_AFTER if lack.final else AT_MOST
    if now < host.since + given_up:
        return host
    why = lack.text if lack is not None else "it could not be stopped in time"
    vm = seen.lack(Part.MACHINE, host.key)
    text = "its VM is no longer there" if vm is not None and vm.gone else f"{text}: {why}"
    return replace(_left(host, text), started=False)


def unfinished(host: HostRecord) -> str:
    """What a person must know about its VM if the app stops looking after it; empty if there is
    nothing."""
    job = host.stopping
    if not host.started or (job is not None and job.over):
        return ""
    if job is not None and job.asked_at is not None:
        return f"its VM's {job.what} was not seen to its end"
    start = host.maintenance.job
    if (
        start is not None
        and start.what == PowerAction.START
        and (start.unsure_since or start.asked_at is None)
        and not start.over
    ):
        return f"{_BEFORE} may run now: it is not known whether it was started"
    return f"{_BEFORE} runs on"


def _left(host: HostRecord, text: str) -> HostRecord:
    """The host with an ending that asks a person to look at its VM."""
    before = host.ending
    alone = Ending(Phase.DONE, "LeftRunning", text, attention=True)
    return replace(host, ending=before.and_told(text) if before is not None else alone)


def _used(look: Look[HostControl], host: HostRecord) -> Stopping | None:
    """What keeps the VM running: somebody is on it, or may be. None: two readings showed nobody."""
    began_at = look.seen.sessions_began_at
    if look.seen.sessions_of(host.key) is None or began_at is None:
        return Stopping(host, "a reading of its sessions")
    if _somebody(host):
        text = f"maintained; {_BEFORE} runs on: somebody is on it"
        ending = host.ending or Ending(Phase.DONE, "LeftRunning", text, attention=True)
        return Stopping(replace(host, started=False, ending=ending))
    if host.unused_since is None or began_at < host.unused_since + look.pace.soon * NEARLY:
        unused = replace(host, unused_since=host.unused_since or began_at)
        return Stopping(unused, "a second reading without a session")
    return None


def _somebody(host: HostRecord) -> bool:
    """Whether there is a new session, other than those that a stopped VM keeps listed."""
    since = host.maintenance.begun_at
    return any(since is None or s.first_seen_at > since for s in host.sessions)
