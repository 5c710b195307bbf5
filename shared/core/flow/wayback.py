"""The way back for a drain that cannot look at its pool: a step that needs no listing, no other
reading and no full decision.

A drain takes it when the pool's hosts cannot be listed, or when a step failed with an unexpected
error. Hosts are restored that are being restored already, that were cancelled or skipped, that are
overdue, and, once the trouble has lasted, all. The service's answers to the writes are the proof.
Other hosts stay as they are, and their wait says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.admission.blockers import window
from shared.core.drain.additions import with_added
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Control, Drain
from shared.core.flow.flow import MOST_ACTIONS, Decision
from shared.core.flow.progress import intending, moved, progressed
from shared.core.host.actions import Action, SendMessage
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.host.turn import Turn, stopped_ending, waiting
from shared.core.observation.seen import Lack
from shared.core.restore import exclusiontag
from shared.core.restore.opening import opened_unseen
from shared.core.restore.restore import over
from shared.core.restore.stopagain import unfinished
from shared.core.restore.unread import not_allowed, patience, unreadable
from shared.core.users.leaving import given_up, given_up_ending
from shared.core.users.naming import forgotten, naming_of
from shared.core.values.pace import Pace

MOST_FAILURES = 3
"""After this many unexpected errors in a row, the drain restores all of its hosts."""

FEW = 20
"""Messages that stay listed in a host's record that was too large to be stored."""
_LISTING = "the pool's hosts"
Judge = Callable[[HostRecord], "tuple[Ending, str] | None"]
"""How a host ends, and who asked for that; None: it stays as it is."""


@dataclass(frozen=True, slots=True)
class _Way:
    control: Control
    now: datetime
    pace: Pace
    judge: Judge
    waits_for: str
    may_pass: bool
    """Whether the full look may soon succeed again. What only a full look can do waits for that."""
    entries: list[Entry]


def unlisted(drain: Drain, lack: Lack, now: datetime, pace: Pace) -> Decision:
    """The decision for a drain whose pool's hosts could not be listed. If two listings say that the
    pool does not exist, its hosts end. Then a write that finds no host counts as accepted."""
    control, was = drain.control, drain.progress
    gone_since = (was.gone_since or now) if lack.gone else None
    gone = gone_since is not None and now >= gone_since + pace.soon
    since = was.trouble_since or now
    lasted = now >= since + patience(lack, control.policy.read_within)

    def judge(host: HostRecord) -> tuple[Ending, str] | None:
        if gone:
            return Ending(Phase.SKIPPED, "PoolGone", "its host pool is no longer there"), ""
        if (stopped := _stopped(control, host)) is not None:
            return stopped
        if host.phase is Phase.QUEUED:
            too_late = None if control.paused else window.too_late(control, host, now)
            return (too_late, "") if too_late is not None else None
        if host.phase in (Phase.DRAINING, Phase.EMPTY):
            if (late := window.out_of_time(control, host, now)) is not None:
                return late, ""
            if given_up(control, host, now):
                return given_up_ending(_LISTING, lack), ""
        if lasted or _overdue(host, now):
            return unreadable(_LISTING, lack), ""
        return None

    text = f"{_LISTING} to be read: {lack.text}"
    trouble = f"{_LISTING} cannot be read: {lack.text}"
    noted = replace(was, trouble=trouble, trouble_since=since, gone_since=gone_since)
    way = _Way(control, now, pace, judge, text, not (gone or lasted), [])
    return _home(way, replace(drain, progress=noted))


def failed(drain: Drain, what: str, now: datetime, pace: Pace) -> Decision:
    """The decision for a drain whose step failed with an unexpected error. ``what``: the error's
    type. No rule of the policy is used, because one of them may be what fails."""
    control, was = drain.control, drain.progress
    failures = was.failures + 1
    ending = Ending(Phase.FAILED, "StepsFailed", f"its steps failed: {what}", attention=True)

    def judge(host: HostRecord) -> tuple[Ending, str] | None:
        stopped = _stopped(control, host)
        if stopped is None and (failures >= MOST_FAILURES or _overdue(host, now)):
            return ending, ""
        return stopped

    trouble = f"a step failed as nobody foresaw: {what}"
    since = was.trouble_since or now
    noted = replace(was, trouble=trouble, trouble_since=since, failures=failures)
    text, may_pass = f"a step that does not fail: {what}", failures < MOST_FAILURES
    way = _Way(control, now, pace, judge, text, may_pass, [])
    return _home(way, replace(drain, progress=noted))


def supposed(host: HostRecord, now: datetime, pace: Pace) -> HostRecord:
    """The host, if the rules for outcomes are what fails: its remaining intents count as carried
    out where that is safer, so that they are undone and not repeated."""
    messages = [i.action for i in host.intents if isinstance(i.action, SendMessage)]
    behind = {action.session: action.message for action in messages}
    sessions = tuple(
        replace(
            each,
            messages_done=max(each.messages_done, behind[each.key]),
            messages_sent=each.messages_sent + 1,
        )
        if each.key in behind
        else each
        for each in host.sessions
    )
    late = max(host.late_until or now, now + pace.late)
    return replace(host, intents=(), sessions=sessions, write_asked=True, late_until=late)


def lightened(host: HostRecord) -> HostRecord:
    """The host's record without its large parts, if it was too large to be stored."""
    over = max(0, len(host.deliveries) - FEW)
    return replace(
        host, sessions=(), missed=(), deliveries=host.deliveries[over:],
        deliveries_more=host.deliveries_more + over,
    )  # fmt: skip


def _stopped(control: Control, host: HostRecord) -> tuple[Ending, str] | None:
    stopped = control.stopped(host.key)
    if stopped is None:
        return None
    text = "stopped before it was taken out" if host.phase is Phase.QUEUED else "stopped while out"
    return stopped_ending(control, host.key, text), stopped.by


def _overdue(host: HostRecord, now: datetime) -> bool:
    return host.restore_by is not None and now > host.restore_by


def _home(way: _Way, drain: Drain) -> Decision:
    hosts: list[HostRecord] = []
    actions: list[Action] = []
    naming = naming_of(drain.control)
    for host in with_added(drain):
        came = _turn(way, host)
        some = came.actions[: max(0, MOST_ACTIONS - len(actions))]
        host = intending(came.host, some, way.now)
        actions += some
        hosts.append(forgotten(naming, host))
    progress = progressed(drain.progress, hosts, way.now, way.entries)
    after = replace(drain, hosts=tuple(hosts), progress=progress)
    return Decision(after, tuple(actions), tuple(way.entries))


def _turn(way: _Way, host: HostRecord) -> Turn:
    now, pace = way.now, way.pace
    if host.ended:
        return Turn(host)
    if host.phase is not Phase.RESTORING:
        judged = (host.ending, "") if host.ending is not None else way.judge(host)
        if judged is None:
            return Turn(waiting(host, "listing", way.waits_for, now, now + pace.usual))
        ending, by = judged
        if host.phase not in OUT:
            if ending.phase not in (Phase.SKIPPED, Phase.CANCELED):
                ending = Ending(Phase.CANCELED, ending.code, ending.text, ending.attention)
            return Turn(_moved(way, host, ending.phase, ending, by))
        host = _moved(way, host, Phase.RESTORING, ending, by)
    if way.may_pass and unfinished(host) and not _overdue(host, now):
        return Turn(waiting(host, "listing", way.waits_for, now, now + pace.usual))
    return _restoring(way, _said(host))


def _said(host: HostRecord) -> HostRecord:
    """The host with an ending that names what cannot be restored without a look."""
    job = host.maintenance.job
    text = unfinished(host)
    if (
        not text
        and job is not None
        and job.what in ("deallocate", "restart")
        and not host.maintenance.finished_at
    ):
        text = f"its VM's {job.what} was not seen to its end"
    if not text:
        return host
    before = host.ending or Ending(Phase.DONE, "Maintained", "maintained")
    host = replace(
        host, started=False
    )  # a person is told, so the app does not stop its VM any more
    if text in before.text:
        return host
    return replace(host, ending=before.and_told(text))


def _restoring(way: _Way, host: HostRecord) -> Turn:
    now, pace = way.now, way.pace
    if (refused := not_allowed(host, now)) is not None:
        return Turn(_moved(way, host, Phase.FAILED, refused, ""))
    actions: list[Action] = []
    opening = opened_unseen(host, now, "put back as it was, without a look")
    actions += opening.actions
    waits = bool(opening.wait)
    if host.tag is not None and host.tag.asked:
        undoing = exclusiontag.undo_unseen(host, host.tag, now)
        host, waits = undoing.host, waits or not undoing.done
        actions += undoing.actions
    if not waits and not actions:
        came = over(host, now, pace)
        if came.host.phase is not host.phase:
            way.entries.append(moved(host, came.host, now, came.why))
        return came
    text = "the service to put it back as it was"
    text += f": {host.trouble}" if host.trouble else ""
    look_at = now + (pace.usual if host.trouble else pace.soon)
    return Turn(waiting(host, "restore", text, now, look_at), tuple(actions))


def _moved(way: _Way, host: HostRecord, phase: Phase, ending: Ending, by: str) -> HostRecord:
    after = replace(host.moved(phase, way.now), ending=ending)
    way.entries.append(moved(host, after, way.now, ending.text, by))
    return after
