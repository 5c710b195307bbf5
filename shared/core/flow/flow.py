"""The flow of a drain: its next state and the actions to take, given what a look saw.

``decide`` only composes rules, which are found by their names: who may go out in ``capacity``,
``blockers`` and ``picking``, what a host does in each phase in ``hostphases``, when it counts as
empty in ``emptiness``, how it is restored in ``restore``.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.admission.blockers import blocked, blocked_anyway
from shared.core.admission.blockers.held import Held
from shared.core.admission.capacity import room
from shared.core.admission.picking import Failures, in_order, not_at_all
from shared.core.drain.additions import with_added
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Control, Drain, Progress
from shared.core.flow.hostphases import HIBERNATED, turn
from shared.core.flow.progress import intending, moved, progressed, with_intent
from shared.core.host.actions import LESS_URGENT, Action, urgency
from shared.core.host.endings import HOST_GONE, REPLACED, TAKEN_BACK, TAKEN_OVER
from shared.core.host.host import Ending, HostRecord, Wait
from shared.core.host.phases import OUT, Phase
from shared.core.host.turn import Turn, end_with, stopped_ending, waiting
from shared.core.maintenance.work import vmjob, work_of
from shared.core.observation.emptiness import read
from shared.core.observation.look import Look
from shared.core.observation.presence import note_absence, why_gone
from shared.core.observation.seen import HostSeen, Part, Seen
from shared.core.observation.sessions import track
from shared.core.restore import exclusiontag
from shared.core.restore.drainmode import note_drained
from shared.core.restore.opening import Opening, opened_unseen
from shared.core.restore.replaced import opened_again
from shared.core.restore.restoreby import note_restore_by
from shared.core.restore.stopagain import unfinished
from shared.core.restore.unread import lacking, not_allowed, patience, unreadable
from shared.core.users.leaving import given_up, given_up_ending
from shared.core.users.naming import forgotten, naming_of
from shared.core.values.pace import Pace

MOST_ACTIONS = 1000
"""At most this many actions in one step, the urgent ones first. This is more than the control plane
accepts while a step may act. The next step decides about the rest again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``drain``: the drain to save before acting; its hosts carry the intents. ``actions``: what to
    do then. ``entries``: to append to the history."""

    drain: Drain
    actions: tuple[Action, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Look(Look[Control]):
    """One look, with the entries of history that the decision makes."""

    entries: list[Entry]


def decide(drain: Drain, seen: Seen, now: datetime, pace: Pace) -> Decision:
    """The next state of the drain and all its hosts after one look."""
    known = with_added(drain)
    work = work_of(drain.control.policy.maintenance)
    look = _Look(drain.control, work.read(known, seen), now, pace, [])
    hosts = {host.key: note_absence(host, seen) for host in known}
    came = {h.key: _advance(look, h) for h in hosts.values() if h.phase in OUT}
    hosts |= {key: turn.host for key, turn in came.items()}
    urgent = sum(urgency(a) < LESS_URGENT for turn in came.values() for a in turn.actions)
    for host in _taken_out(look, hosts, MOST_ACTIONS - urgent):
        came[host.key] = _advance(look, host)
        hosts[host.key] = came[host.key].host
    wanted = [action for turn in came.values() for action in turn.actions]
    actions = sorted(wanted, key=urgency)[:MOST_ACTIONS]
    chosen = {(action.host, action.key) for action in actions}
    for key, each in came.items():
        some = tuple(action for action in each.actions if (key, action.key) in chosen)
        host = intending(hosts[key], some, now)
        hosts[key] = note_restore_by(drain.control, host, now)
    if (errand := work.for_all(look, hosts.values())) is not None:
        hosts[errand.host] = with_intent(hosts[errand.host], errand, now)
        actions.append(errand)
    naming = naming_of(drain.control)
    ordered = tuple(forgotten(naming, hosts[host.key]) for host in known)
    progress = _progress(look, drain, ordered, more=len(wanted) > len(actions))
    after = replace(drain, hosts=ordered, progress=progress)
    return Decision(after, tuple(actions), tuple(look.entries))


def _advance(look: _Look, host: HostRecord) -> Turn:
    """Move a host through its phases until it has something to do or to wait for."""
    gone = why_gone(host, look.seen)
    if gone is not None:
        return _gone(look, host, gone)
    if host.key not in look.seen.hosts:
        text = "it to be listed again"
        return Turn(waiting(host, "missing", text, look.now, look.now + look.pace.soon))
    host = _read(host, look.seen, look.now, look.pace)
    while True:
        came = turn(look, host)
        if came.host.phase is host.phase:
            came = _unread(look, came)
        if came.host.phase is host.phase:
            return came
        look.entries.append(moved(host, came.host, look.now, came.why, came.by))
        host = came.host
        if host.ended or host.phase is Phase.QUEUED:
            return came
        if came.actions:
            text = "what was asked for just now to take effect"
            return replace(came, host=waiting(host, "next", text, look.now, look.now))


def _not_drained(look: _Look, host: HostRecord) -> Ending | None:
    """The ending of a host for which drain mode could not be turned on for too long; None before
    that."""
    wait = host.wait
    if wait is None or wait.code != "drainMode" or host.phase is not Phase.DRAINING:
        return None
    if look.now < wait.since + look.control.policy.read_within:
        return None
    text = f"drain mode could not be turned on: it waited for {wait.text}"
    return Ending(Phase.FAILED, "DrainRefused", text, attention=True)


def _unread(look: _Look, came: Turn) -> Turn:
    """The turn of a host that stays in its phase. If this look lacks a reading that the phase
    needs, the host waits for it, but not too long."""
    host, now = came.host, look.now
    found = lacking(host, look.seen)
    if (refused := _not_drained(look, host)) is not None:
        return end_with(host, refused, now)
    if found is None:
        return came if host.unread_since is None else replace(
            came, host=replace(host, unread_since=None)
        )  # fmt: skip
    what, lack = found
    since = host.unread_since or now
    ends_at = since + patience(lack, look.control.policy.read_within)
    stopped = look.control.stopped(host.key)
    if stopped is not None:
        ending = stopped_ending(look.control, host.key, unreadable(what, lack).text)
        return end_with(host, replace(ending, attention=True), now, stopped.by)
    if now >= ends_at:
        return end_with(host, unreadable(what, lack), now)
    if given_up(look.control, host, now):
        return end_with(host, given_up_ending(what, lack), now)
    look_at = max(now, min(ends_at, now + look.pace.usual))
    wait = Wait("reading", f"{what} to be read: {lack.text}", since, look_at)
    return replace(came, host=replace(host, unread_since=since, wait=wait))


def _gone(look: _Look, host: HostRecord, gone: Ending) -> Turn:
    """The turn of a host that is no longer ours to restore, or that listings lack. Its VM may still be
    there with our tag. If another drain has taken the host over, it has dealt with that."""
    ending = _gone_ending(host, gone)
    undoing = exclusiontag.undo(host, look.seen)
    opening = Opening(undoing.host)
    if gone.code == REPLACED:
        opening = opened_again(look, undoing.host)
    elif gone.code == HOST_GONE:
        opening = opened_unseen(
            undoing.host, look.now, "not listed any more, and may still be there"
        )
    host = opening.host
    if gone.code in (TAKEN_BACK, TAKEN_OVER) or (undoing.done and not opening.wait):
        return Turn(_end(look, host, ending))
    if (refused := not_allowed(replace(host, ending=ending), look.now)) is not None:
        return Turn(_end(look, host, refused))
    if host.phase is not Phase.RESTORING:
        restored = replace(host.moved(Phase.RESTORING, look.now), ending=ending)
        look.entries.append(moved(host, restored, look.now, gone.text))
        host = restored
    code, text = ("tag", "the exclusion tag of its VM to be undone") if not undoing.done else (
        "restore", opening.wait
    )  # fmt: skip
    host = waiting(host, code, f"{text}: {gone.text}", look.now, look.now + look.pace.soon)
    return Turn(host, (*opening.actions, *undoing.actions))


def _gone_ending(host: HostRecord, gone: Ending) -> Ending:
    """The ending of a host that is gone. What a person was to be told of it before stays told."""
    before = host.ending
    if before is not None and before.code == gone.code:
        return before
    if before is not None and before.attention:
        return before if gone.text in before.text else before.and_told(gone.text)
    text = unfinished(host)
    return gone.and_told(text) if text else gone


def _read(host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> HostRecord:
    """The host with what this look saw of it."""
    here = seen.hosts[host.key]
    vm_id, object_id = here.vm_id or host.vm_id, host.object_id or here.object_id
    if (here.name, vm_id, object_id) != (host.name, host.vm_id, host.object_id):
        host = replace(host, name=here.name, vm_id=vm_id, object_id=object_id)
    host = vmjob.note_unwatched(note_drained(host, seen), seen, now)
    machine = seen.machines.get(host.key)
    if machine is not None and host.phase in (Phase.DRAINING, Phase.EMPTY) and not machine.busy:
        stopped = HIBERNATED if machine.hibernated else machine.power if machine.stopped else ""
        if stopped != host.stopped_before:
            host = replace(host, stopped_before=stopped)
    sessions = seen.sessions_of(host.key)
    if sessions is None:
        return replace(host, sessions_count=here.sessions)
    host = track(host, sessions, now)
    return host if here.allow_new_session is not False else read(host, seen, pace)


def _taken_out(look: _Look, hosts: dict[str, HostRecord], most: int) -> list[HostRecord]:
    """Settle every queued host: ended, taken out now, or waiting for its turn. Returns those taken
    out, at most ``most``: a host whose write would not fit into this step is not recorded as
    out."""
    control, seen, now = look.control, look.seen, look.now
    waits = [h for h in hosts.values() if h.phase is Phase.QUEUED]
    if not waits:
        return []
    space = room(control.policy, hosts.values(), seen, now)
    known = seen.facts is not None
    held = blocked(control, seen, now) if known else blocked_anyway(control, now)
    failures = Failures.among(hosts.values())
    taken: list[HostRecord] = []
    left: list[HostRecord] = []
    for host in in_order(control.policy.order, waits, seen):
        here = seen.hosts.get(host.key)
        if (ending := not_at_all(control, failures, host, seen, now)) is not None:
            stopped = control.stopped(host.key)
            by = stopped.by if stopped is not None else ""
            hosts[host.key] = _end(look, host, ending, by)
        elif (
            here is not None
            and here.allow_new_session is not None
            and held is None
            and known
            and len(taken) < most
            and space.fits(host.key)
        ):
            out = _out(host, here, space.batch, now)
            look.entries.append(moved(host, out, now, control.reason, control.asked.by))
            space.take(host.key)
            hosts[host.key] = out
            taken.append(out)
        else:
            left.append(host)
    if not left:
        return taken
    space = room(control.policy, hosts.values(), seen, now)
    # The turn comes when a host of this drain is restored, and that host's wait says when to look.
    ours = any(host.phase in OUT for host in hosts.values())
    turns = Held(f"its turn: {space.text}", now + look.pace.usual * 4 if ours else None)
    lack = seen.lack(Part.POOL)
    for host in left:
        its_turn = "turn", turns
        here = seen.hosts.get(host.key)
        if lack is not None:
            its_turn = "pool", Held(f"its pool to be read: {lack.text}")
        elif not known and space.fits(host.key):
            its_turn = "pool", Held("its pool to be read, now that there is room", now)
        elif len(taken) >= most and space.fits(host.key):
            its_turn = "turn", Held("its turn: no more can be written at a time", now)
        elif here is not None and here.allow_new_session is None:
            its_turn = "drainMode", Held("the service to tell whether it is in drain mode")
        hosts[host.key] = _in_line(look, host, *(held or its_turn))
    return taken


def _in_line(look: _Look, host: HostRecord, code: str, held: Held) -> HostRecord:
    """A host that waits for its turn, and why."""
    here = look.seen.hosts.get(host.key)
    if here is None:
        code, held = "missing", Held("it to be listed again")
    look_at = look.now + look.pace.usual
    if held.until is not None:
        look_at = min(held.until, look.now + look.pace.longest)
    ends_at = host.since + look.control.policy.start_within
    if ends_at > look.now:
        look_at = min(ends_at, look_at)
    return waiting(host, code, held.text, look.now, look_at)


def _out(host: HostRecord, here: HostSeen, batch: int | None, now: datetime) -> HostRecord:
    """The host, taken out, with its state before: before an earlier drain, if that one left it in
    drain mode."""
    left = host.kept_drained
    return replace(
        host.moved(Phase.DRAINING, now),
        before=left.allow if left is not None else here.allow_new_session,
        write_asked=left is not None,
        batch=batch,
        out_at=now,
        object_id=here.object_id,
        vm_id=here.vm_id,
    )


def _end(look: _Look, host: HostRecord, ending: Ending, by: str = "") -> HostRecord:
    ended = replace(host.moved(ending.phase, look.now), ending=ending)
    look.entries.append(moved(host, ended, look.now, ending.text, by))
    return ended


def _progress(look: _Look, drain: Drain, hosts: tuple[HostRecord, ...], *, more: bool) -> Progress:
    in_any_case = work_of(look.control.policy.maintenance).look_at(look, hosts)
    looks = [in_any_case] if in_any_case is not None else []
    if more:
        looks.append(look.now)
    was = replace(drain.progress, trouble="", trouble_since=None, failures=0, gone_since=None)
    return progressed(was, hosts, look.now, look.entries, looks)
