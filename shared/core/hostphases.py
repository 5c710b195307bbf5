"""What one host does in each phase in which it is out. One function a phase.

Each takes the host with this look's readings folded in, and returns its turn; ``flow`` calls the
next phase's function in the same look when a host moved and there is nothing to do before.
"""

from dataclasses import replace
from datetime import datetime

from shared.core import deadlines, health
from shared.core.drainmode import keep_drained
from shared.core.emptiness import is_empty
from shared.core.maintenance import KINDS
from shared.core.maintenance.kind import Begin, Ended, Finished, NotYet
from shared.core.messages import first_notices
from shared.core.model import Control, Ending, HostRecord
from shared.core.phases import Phase
from shared.core.policy import AtDeadline
from shared.core.restore import end_with, restoring
from shared.core.seen import Seen
from shared.core.turn import Pace, Turn, count, move, waiting


def turn(control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    """The turn of a host that is out and listed."""
    if host.phase is Phase.RESTORING:
        return restoring(host, seen, now, pace)
    if host.ending is not None:
        return end_with(host, host.ending, now)
    if control.cancel is not None and host.phase in (Phase.DRAINING, Phase.EMPTY):
        ending = Ending(Phase.CANCELED, "Canceled", control.cancel.why or "the drain was canceled")
        return end_with(host, ending, now, control.cancel.by)
    drained = keep_drained(host, seen, now, pace)
    if drained.host.ending is not None:
        return end_with(drained.host, drained.host.ending, now)
    if drained.actions and host.phase in (Phase.DRAINING, Phase.EMPTY):
        return drained
    onward = _PHASES[host.phase](control, drained.host, seen, now, pace)
    return replace(onward, actions=drained.actions + onward.actions)


def _draining(control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    if is_empty(host):
        return move(host, Phase.EMPTY, now, "no session in two readings")
    if seen.sessions is None or not host.sessions:
        text = "a second reading without a session" if host.empty_since else "a reading of sessions"
        return Turn(waiting(host, "empty", text, now, now + pace.soon))
    due_at = deadlines.due_at(control, host) or now
    here = count(len(host.sessions), "session")
    if now < due_at:
        text = f"{here} to end, until {due_at:%Y-%m-%d %H:%M:%S}Z"
        look_at = min(due_at, now + pace.usual)
        notices = first_notices(control, host, due_at, now)
        return Turn(waiting(host, "sessions", text, now, look_at), notices)
    match control.policy.at_deadline:
        case AtDeadline.GIVE_UP:
            text = f"{here} still there at the deadline; given up, as the policy says"
            return end_with(host, Ending(Phase.FAILED, "GaveUp", text), now)
        case AtDeadline.WAIT:
            text = f"{here} to end; the deadline has passed, the policy waits on"
            host = waiting(host, "sessionsPastDeadline", text, now, now + pace.usual)
            return Turn(host, deadlines.last_notices(control, host, now))
        case AtDeadline.SIGN_OUT:
            return _sign_out(control, host, now, pace)


def _sign_out(control: Control, host: HostRecord, now: datetime, pace: Pace) -> Turn:
    todo = deadlines.sign_outs(control, host, now)
    here = count(len(host.sessions), "session")
    text = f"{here} to end by being signed out"
    look_at = now + (pace.soon if todo.actions else pace.usual)
    if todo.next_at is not None:
        text = f"{here} to have been warned long enough, until {todo.next_at:%H:%M:%S}Z"
        look_at = min(todo.next_at, look_at)
    if todo.stuck:
        text += f"; nobody is signed out unwarned: {', '.join(todo.stuck)}"
    return Turn(waiting(host, "signOut", text, now, look_at), todo.actions)


def _empty(control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    if seen.sessions is not None and not is_empty(host):
        why = "a session appeared before the maintenance began" if host.sessions else "read again"
        return move(host, Phase.DRAINING, now, why)
    if seen.sessions is None:
        return Turn(waiting(host, "empty", "a reading of sessions", now, now + pace.soon))
    begin = KINDS[control.policy.maintenance.kind].begin(host, seen, now, pace)
    match begin:
        case NotYet(code, text, look_at):
            return Turn(waiting(host, code, text, now, look_at))
        case Begin(begun, None):
            begun = replace(begun, maintenance=replace(begun.maintenance, begun_at=now))
            return move(begun, Phase.MAINTAINING, now, "it is empty")
        case Begin(noted, action):
            trouble = f" ({noted.trouble})" if noted.trouble else ""
            look_at = now + (pace.usual if noted.trouble else pace.soon)
            noted = waiting(noted, "begin", f"its maintenance to begin{trouble}", now, look_at)
            return Turn(noted, (action,) if action is not None else ())


def _maintaining(control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    came = KINDS[control.policy.maintenance.kind].look(control, host, seen, now, pace)
    match came:
        case NotYet(code, text, look_at):
            return Turn(waiting(host, code, text, now, look_at))
        case Finished(text, by):
            done = replace(host.maintenance, finished_at=now)
            return move(replace(host, maintenance=done), Phase.VERIFYING, now, text, by)
        case Ended(ending, by):
            return end_with(host, ending, now, by)
        case _:
            again = replace(host, empty_since=None, empty_again_at=None)
            return move(again, Phase.EMPTY, now, came.text)


def _verifying(control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Turn:
    faults = health.faults(seen.hosts[host.key], host.maintenance.finished_at or host.since)
    if not faults:
        if host.healthy_since is not None and seen.hosts_began_at > host.healthy_since:
            return move(host, Phase.RESTORING, now, "well in two readings")
        host = replace(host, healthy_since=host.healthy_since or seen.hosts_began_at)
        text = "a second reading that it is well"
        return Turn(waiting(host, "healthAgain", text, now, now + pace.soon))
    over_at = host.since + control.policy.healthy_within
    said = "; ".join(faults)
    if now >= over_at:
        ending = Ending(Phase.FAILED, "Unhealthy", f"not well in time: {said}", attention=True)
        return end_with(host, ending, now)
    host = replace(host, healthy_since=None)
    text = f"it to be well, until {over_at:%H:%M:%S}Z: {said}"
    soon = now + (pace.soon if now < host.since + 12 * pace.soon else pace.usual)
    return Turn(waiting(host, "health", text, now, min(over_at, soon)))


_PHASES = {
    Phase.DRAINING: _draining,
    Phase.EMPTY: _empty,
    Phase.MAINTAINING: _maintaining,
    Phase.VERIFYING: _verifying,
}
