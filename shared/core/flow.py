"""The flow of a drain: what it becomes and what is to be done, given what a look saw.

``decide`` only composes. Each rule lives where its name says: who may go out in ``capacity`` and
``picking``, what a host does in each phase in ``hostphases``, when it counts as empty in
``emptiness``, what restoring means in ``restore``.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.actions import Action
from shared.core.capacity import IN_THIS_DRAIN, room
from shared.core.drainmode import note_drained
from shared.core.emptiness import read
from shared.core.gone import note_absence, why_gone
from shared.core.hostphases import turn
from shared.core.model import Control, Drain, Ending, Entry, HostRecord, Intent, Progress
from shared.core.phases import OUT, Phase
from shared.core.picking import in_order, skip
from shared.core.seen import HostSeen, Seen
from shared.core.sessions import track
from shared.core.status import ENDED, status_of
from shared.core.turn import Pace, Turn, waiting

MOST_ACTIONS = 100
"""At most so many actions a step: the rest is decided again, and done, in the next one."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The drain to save before acting (its hosts carry the intents), and what to do."""

    drain: Drain
    actions: tuple[Action, ...]
    entries: tuple[Entry, ...]


def decide(drain: Drain, seen: Seen, now: datetime, pace: Pace) -> Decision:
    """One look's worth of progress for every host of the drain."""
    hosts = {host.key: note_absence(host, seen) for host in drain.hosts}
    actions: list[Action] = []
    entries: list[Entry] = []

    def advance(host: HostRecord) -> None:
        came = _advance(drain.control, host, seen, now, pace, entries)
        hosts[host.key] = _with_intents(came, now, MOST_ACTIONS - len(actions))
        actions.extend(intent.action for intent in hosts[host.key].intents)

    for host in [h for h in hosts.values() if h.phase in OUT]:
        advance(host)
    for host in _taken_out(drain.control, hosts, seen, now, pace, entries):
        advance(host)
    ordered = tuple(hosts[host.key] for host in drain.hosts)
    progress = _progress(drain, ordered, now, entries)
    return Decision(
        replace(drain, hosts=ordered, progress=progress), tuple(actions), tuple(entries)
    )


def _advance(
    control: Control,
    host: HostRecord,
    seen: Seen,
    now: datetime,
    pace: Pace,
    entries: list[Entry],
) -> Turn:
    """Move a host on through its phases until there is something to do or to wait for."""
    gone = why_gone(host, seen)
    if gone is not None:
        return Turn(_end(host, gone, now, entries))
    if host.key not in seen.hosts:
        return Turn(waiting(host, "missing", "it to be listed again", now, now + pace.soon))
    host = _read(host, seen, now)
    while True:
        came = turn(control, host, seen, now, pace)
        if came.host.phase is host.phase:
            return came
        entries.append(_moved(host, came.host, now, came.why, came.by))
        host = came.host
        if came.actions or host.ended:
            return came


def _read(host: HostRecord, seen: Seen, now: datetime) -> HostRecord:
    """Fold what this look saw of the host into its record."""
    here = seen.hosts[host.key]
    host = replace(
        host,
        name=here.name,
        vm_id=here.vm_id or host.vm_id,
        object_id=host.object_id or here.object_id,
    )
    host = note_drained(host, seen)
    sessions = seen.sessions_of(host.key)
    if sessions is None:
        return replace(host, sessions_count=here.sessions)
    host = track(host, sessions, now)
    return host if here.allow_new_session else read(host, seen)


def _taken_out(
    control: Control,
    hosts: dict[str, HostRecord],
    seen: Seen,
    now: datetime,
    pace: Pace,
    entries: list[Entry],
) -> list[HostRecord]:
    """Settle every queued host: skipped, canceled, taken out now, or waiting for its turn."""
    space = room(control.policy, hosts.values(), seen)
    taken: list[HostRecord] = []
    left: list[HostRecord] = []
    for host in in_order((h for h in hosts.values() if h.phase is Phase.QUEUED), seen):
        here = seen.hosts.get(host.key)
        if (ending := _not_at_all(control, host, seen)) is not None:
            by = control.cancel.by if control.cancel is not None else ""
            hosts[host.key] = _end(host, ending, now, entries, by)
        elif here is not None and (space.free > 0 or host.key in space.out):
            out = _out(host, here, now)
            entries.append(_moved(host, out, now, control.reason, control.asked.by))
            space.out[host.key] = IN_THIS_DRAIN
            hosts[host.key] = out
            taken.append(out)
        else:
            left.append(host)
    its_turn = f"its turn: {space.text}"
    for host in left:
        here = seen.hosts.get(host.key)
        text = its_turn if here is not None else "it to be listed again"
        count = here.sessions if here is not None else host.sessions_count
        host = replace(host, sessions_count=count)
        hosts[host.key] = waiting(host, "turn", text, now, now + pace.usual)
    return taken


def _not_at_all(control: Control, host: HostRecord, seen: Seen) -> Ending | None:
    """Why a queued host is never taken out, None if it may be."""
    if control.cancel is not None:
        return Ending(Phase.CANCELED, "Canceled", control.cancel.why or "it had not begun")
    return skip(host, seen)


def _out(host: HostRecord, here: HostSeen, now: datetime) -> HostRecord:
    """The host, taken out, with what it was like before."""
    return replace(
        host.moved(Phase.DRAINING, now),
        before=here.allow_new_session,
        out_at=now,
        object_id=here.object_id,
        vm_id=here.vm_id,
    )


def _end(
    host: HostRecord, ending: Ending, now: datetime, entries: list[Entry], by: str = ""
) -> HostRecord:
    ended = replace(host.moved(ending.phase, now), ending=ending)
    entries.append(_moved(host, ended, now, ending.text, by))
    return ended


def _moved(start: HostRecord, end: HostRecord, now: datetime, why: str, by: str) -> Entry:
    return Entry(now, f"{start.phase} → {end.phase}", start.key, by or "avd-drain", why)


def _with_intents(came: Turn, now: datetime, room_left: int) -> HostRecord:
    actions = came.actions[: max(0, room_left)]
    return replace(came.host, intents=tuple(Intent(action, now) for action in actions))


def _progress(
    drain: Drain, hosts: tuple[HostRecord, ...], now: datetime, entries: list[Entry]
) -> Progress:
    status = status_of(host.phase for host in hosts)
    was = drain.progress
    if status is not was.status:
        entries.append(Entry(now, f"{was.status} → {status}"))
    looks = [host.wait.look_at for host in hosts if host.wait is not None and not host.ended]
    return replace(
        was,
        status=status,
        started_at=was.started_at or now,
        ended_at=now if status in ENDED else None,
        look_at=None if status in ENDED else min(looks, default=now),
        trouble="",
        trouble_since=None,
    )
