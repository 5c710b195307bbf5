"""What a host does in each phase in which it is out. One function for each phase.

Each function takes the host with this look's readings and returns its turn. ``flow`` calls the
function of the next phase in the same look if the host moved and has no action to take first.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.admission.blockers import agentwindow, paused, window
from shared.core.drain.model import Control
from shared.core.host.actions import PowerAction
from shared.core.host.endings import KEPT_DRAINED
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.turn import Turn, end_with, move, stopped_ending, waiting
from shared.core.maintenance.work import work_of
from shared.core.maintenance.work.work import Begin, Ended, Finished, NotYet
from shared.core.observation import health
from shared.core.observation.emptiness import is_empty
from shared.core.observation.look import Look
from shared.core.policy.policy import WhenUnhealthy
from shared.core.restore import exclusiontag
from shared.core.restore.drainmode import keep_drained
from shared.core.restore.restore import restoring
from shared.core.users.leaving import leaving

HIBERNATED = "hibernated"
CANNOT_BEGIN_AFTER = timedelta(hours=1)
"""How long the maintenance of an empty host may be unable to begin, because its VM is unknown or
busy."""
MOST_TRIES = 5
"""How often a maintenance is requested when each request is lost."""


def turn(look: Look[Control], host: HostRecord) -> Turn:
    """The turn of a host that is out and listed."""
    if host.phase is Phase.RESTORING:
        return restoring(look, host)
    if host.ending is not None:
        return end_with(host, host.ending, look.now)
    before_maintenance = host.phase in (Phase.DRAINING, Phase.EMPTY)
    stopped = look.control.stopped(host.key)
    if stopped is not None and before_maintenance:
        ending = stopped_ending(look.control, host.key, "stopped before its maintenance")
        return end_with(host, ending, look.now, stopped.by)
    off = work_of(look.control.policy.maintenance).off(look.seen)
    if off is not None and before_maintenance:
        return end_with(host, off, look.now)
    if (
        before_maintenance
        and host.stopped_before == HIBERNATED
        and look.control.policy.maintenance.works_on_vm
    ):
        return end_with(host, _asleep(), look.now)
    over = window.out_of_time(look.control, host, look.now) if before_maintenance else None
    if over is not None:
        return end_with(host, over, look.now)
    kept = keep_drained(look, host)
    host = kept.turn.host
    if host.ending is not None:
        return end_with(host, host.ending, look.now)
    host, tags = exclusiontag.claimed(look.control, host, look.seen)
    if not kept.on and host.phase is not Phase.MAINTAINING:
        return Turn(host, (*kept.turn.actions, *tags))
    if before_maintenance and (held := paused.why(look.control, look.seen, look.now)):
        return Turn(waiting(host, "paused", held.text, look.now, look.now + look.pace.idle), tags)
    onward = _onward(look, host)
    if onward.host.phase is Phase.RESTORING:
        return onward
    return replace(onward, actions=(*kept.turn.actions, *tags, *onward.actions))


def _onward(look: Look[Control], host: HostRecord) -> Turn:
    match host.phase:
        case Phase.DRAINING:
            return _draining(look, host)
        case Phase.EMPTY:
            return _empty(look, host)
        case Phase.MAINTAINING:
            return _maintaining(look, host)
        case Phase.VERIFYING:
            return _verifying(look, host)
        case (
            Phase.RESTORING
            | Phase.QUEUED
            | Phase.DONE
            | Phase.SKIPPED
            | Phase.FAILED
            | Phase.CANCELED
        ):
            raise ValueError(f"a host that is {host.phase} is not to be kept in drain mode")


def _draining(look: Look[Control], host: HostRecord) -> Turn:
    if is_empty(host):
        why = "its VM is stopped" if host.stopped_before else "no session in two readings"
        return move(host, Phase.EMPTY, look.now, why)
    if look.seen.sessions_of(host.key) is None or not host.sessions:
        text = "a second reading without a session" if host.empty_since else "a reading of sessions"
        return Turn(waiting(host, "empty", text, look.now, look.now + look.pace.soon))
    return leaving(look.control, host, look.now, look.pace)


def _empty(look: Look[Control], host: HostRecord) -> Turn:
    if look.seen.sessions_of(host.key) is not None and not is_empty(host):
        why = "a session appeared before the maintenance began" if host.sessions else "read again"
        return move(host, Phase.DRAINING, look.now, why)
    if look.seen.sessions_of(host.key) is None or look.seen.facts is None:
        return Turn(
            waiting(host, "empty", "a reading of sessions", look.now, look.now + look.pace.soon)
        )
    if held := agentwindow.why(look.control, look.seen, look.now):
        return Turn(waiting(host, "agentWindow", held.text, look.now, look.now + look.pace.usual))
    match work_of(look.control.policy.maintenance).begin(look, host):
        case NotYet(code, text, look_at):
            host = waiting(host, code, text, look.now, look_at)
            return _cannot_begin(host, look.now) or Turn(host)
        case Begin(begun, None):
            begun = replace(begun, maintenance=replace(begun.maintenance, begun_at=look.now))
            return move(begun, Phase.MAINTAINING, look.now, "it is empty")
        case Begin(noted, action):
            trouble = f" ({noted.trouble})" if noted.trouble else ""
            look_at = look.now + (look.pace.usual if noted.trouble else look.pace.soon)
            noted = waiting(noted, "begin", f"its maintenance to begin{trouble}", look.now, look_at)
            return _cannot_begin(noted, look.now) or Turn(
                noted, (action,) if action is not None else ()
            )


def _asleep() -> Ending:
    """Its users' sessions are in the VM's memory: a restart or a plain deallocation would lose
    them."""
    return Ending(Phase.SKIPPED, "Hibernated", "its VM is hibernated: left asleep")


def _cannot_begin(host: HostRecord, now: datetime) -> Turn | None:
    wait = host.wait
    if wait is None or now < wait.since + CANNOT_BEGIN_AFTER:
        return None
    text = f"its maintenance could not begin: it waited for {wait.text}"
    return end_with(host, Ending(Phase.FAILED, "CannotBegin", text, attention=True), now)


def _maintaining(look: Look[Control], host: HostRecord) -> Turn:
    match work_of(look.control.policy.maintenance).look(look, host):
        case NotYet(code, text, look_at, noted, action):
            host = waiting(noted or host, code, text, look.now, look_at)
            return Turn(host, (action,) if action is not None else ())
        case Finished(text, by):
            done = replace(host.maintenance, finished_at=look.now)
            return move(replace(host, maintenance=done), Phase.VERIFYING, look.now, text, by)
        case Ended(ending, by):
            return end_with(host, ending, look.now, by)
        case never:
            times, job = host.maintenance.never_began + 1, host.maintenance.job
            if job is not None and job.what == PowerAction.START and not job.over:
                host = replace(host, started=False)
            if times >= MOST_TRIES:
                text = f"its maintenance could not begin: asked for {times} times, {never.text}"
                ending = Ending(Phase.FAILED, "CannotBegin", text, attention=True)
                return end_with(host, ending, look.now)
            fresh = replace(host.maintenance, begun_at=None, errand=None, never_began=times)
            host = replace(host, empty_since=None, empty_again_at=None, maintenance=fresh)
            return move(host, Phase.EMPTY, look.now, never.text)


def _verifying(look: Look[Control], host: HostRecord) -> Turn:
    policy = look.control.policy
    maintained = replace(host, maintained_at=look.now if policy.maintenance.maintains else None)
    if host.stopped_before and not host.started:
        return move(maintained, Phase.RESTORING, look.now, "its VM is stopped, as it was before")
    since = host.maintenance.finished_at or host.since
    faults = health.faults(look.seen.hosts[host.key], since, strict=policy.strict_health)
    if not faults:
        if host.healthy_since is not None and look.seen.hosts_began_at > host.healthy_since:
            return move(maintained, Phase.RESTORING, look.now, "well in two readings")
        host = replace(host, healthy_since=host.healthy_since or look.seen.hosts_began_at)
        text = "a second reading that it is well"
        return Turn(waiting(host, "healthAgain", text, look.now, look.now + look.pace.soon))
    over_at = host.since + policy.healthy_within
    said = "; ".join(faults)
    if look.now >= over_at:
        return _unhealthy(look.control, host, look.now, said)
    host = replace(host, healthy_since=None)
    text = f"it to be well, until {over_at:%H:%M:%S}Z: {said}"
    soon = look.now + (
        look.pace.soon if look.now < host.since + 12 * look.pace.soon else look.pace.usual
    )
    return Turn(waiting(host, "health", text, look.now, min(over_at, soon)))


def _unhealthy(control: Control, host: HostRecord, now: datetime, said: str) -> Turn:
    text = f"not well in time: {said}"
    if control.policy.when_unhealthy is WhenUnhealthy.RESTORE:
        return end_with(host, Ending(Phase.FAILED, "Unhealthy", text, attention=True), now)
    text += "; kept in drain mode, as the policy says. The next drain of it puts it back"
    ending = Ending(Phase.FAILED, KEPT_DRAINED, text, attention=True)
    return move(replace(host, ending=ending), Phase.FAILED, now, text)
