"""What is done about the users of a draining host until they have left."""

from datetime import datetime

from shared.core.drain.model import Control
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.host.turn import Turn, end_with, waiting
from shared.core.observation.seen import Lack
from shared.core.policy.policy import AtDeadline, ProtectedUsers
from shared.core.users import deadlines
from shared.core.users.messages import clock_time, due_messages, next_due
from shared.core.values.pace import Pace
from shared.core.values.texts import count


def leaving(control: Control, host: HostRecord, now: datetime, pace: Pace) -> Turn:
    """The turn of a host with sessions."""
    due_at = deadlines.due_at(control, host, now) or now
    if now < due_at:
        return _before(control, host, due_at, now, pace)
    here = count(len(host.sessions), "session")
    match control.policy.at_deadline:
        case AtDeadline.GIVE_UP:
            text = f"{here} still there at the deadline; given up, as the policy says"
            return end_with(host, Ending(Phase.FAILED, "GaveUp", text), now)
        case AtDeadline.WAIT:
            text = f"{here} to end; the deadline has passed, the policy waits on"
            host = waiting(host, "sessionsPastDeadline", text, now, _again(host, now, pace))
            early = deadlines.early_sign_outs(control, host, now)
            return Turn(host, (*deadlines.last_messages(control, host, now), *early.actions))
        case AtDeadline.SIGN_OUT:
            return _sign_out(control, host, now, pace)


def given_up(control: Control, host: HostRecord, now: datetime) -> bool:
    """Whether the policy gives up the host now although its sessions are not known."""
    if host.phase is not Phase.DRAINING or control.policy.at_deadline is not AtDeadline.GIVE_UP:
        return False
    due_at = deadlines.due_at(control, host, now)
    return due_at is not None and now >= due_at


def given_up_ending(what: str, lack: Lack) -> Ending:
    """The ending of a host that is given up because ``what`` could not be read until its deadline."""
    text = (
        f"{what} could not be read until the deadline ({lack.text}); given up, as the policy says"
    )
    return Ending(Phase.FAILED, "GaveUp", text)


def _before(
    control: Control, host: HostRecord, due_at: datetime, now: datetime, pace: Pace
) -> Turn:
    early = deadlines.early_sign_outs(control, host, now)
    there = f" ({clock_time(due_at, now, control.zone)})" if control.zone != "UTC" else ""
    here = count(len(host.sessions), "session")
    text = f"{here} to end, until {due_at:%Y-%m-%d %H:%M:%S}Z{there}"
    times = [due_at, _again(host, now, pace), early.next_at, next_due(control, due_at, now)]
    look_at = min(at for at in times if at is not None)
    messages = due_messages(control, host, due_at, now)
    return Turn(waiting(host, "sessions", text, now, look_at), (*messages, *early.actions))


def _again(host: HostRecord, now: datetime, pace: Pace) -> datetime:
    """When to look again at who has left, if nothing is planned for a known time."""
    last = max(host.since, host.sessions_changed_at or host.since)
    if host.deliveries:
        last = max(last, host.deliveries[-1].at)
    return now + pace.people(now - last)


def _sign_out(control: Control, host: HostRecord, now: datetime, pace: Pace) -> Turn:
    todo = deadlines.sign_outs(control, host, now)
    protected = ", ".join(todo.protected)
    if len(todo.protected) == len(host.sessions):
        if control.policy.protected_users_then is ProtectedUsers.GIVE_UP:
            text = f"protected users stay on it ({protected}); given up, as the policy says"
            return end_with(host, Ending(Phase.FAILED, "GaveUp", text), now)
        text = f"protected users to leave by themselves: {protected}"
        host = waiting(host, "protectedUsers", text, now, _again(host, now, pace))
        return Turn(host, todo.actions)
    here = count(len(host.sessions), "session")
    text = f"{here} to end by being signed out"
    look_at = now + (pace.soon if len(todo.actions) > len(todo.refused) else pace.usual)
    if todo.next_at is not None:
        text = f"{here} to have been warned long enough, until {todo.next_at:%H:%M:%S}Z"
        look_at = min(todo.next_at, look_at)
    if todo.refused:
        text += f"; refused so far: {', '.join(todo.refused)}"
    if todo.stuck:
        text += f"; nobody is signed out unwarned: {', '.join(todo.stuck)}"
    if protected:
        text += f"; protected users are never signed out: {protected}"
    return Turn(waiting(host, "signOut", text, now, look_at), todo.actions)
