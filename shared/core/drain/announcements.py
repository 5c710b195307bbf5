"""The events that the app publishes about a drain: it started, a host is out, a host needs
attention, it ended.

They are made from the drain's history, so none is lost, and a repeated one has the same id.
Subscribers must expect repetitions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.drain.history.facts import Moved, NeedsAttention
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.phases import Phase

STARTED = "AvdDrain.Drain.Started"
ENDED = "AvdDrain.Drain.Ended"
HOST_OUT = "AvdDrain.Host.Out"
NEEDS_ATTENTION = "AvdDrain.Host.NeedsAttention"


@dataclass(frozen=True, slots=True)
class Announcement:
    """``id`` is the same each time the same event is published."""

    type: str
    id: str
    subject: str
    at: datetime
    data: Mapping[str, Any]


def newly_in_need(before: Drain, after: Drain, now: datetime) -> tuple[Entry, ...]:
    """An entry of the history for each host that needs attention in ``after`` and did not in
    ``before``."""
    were = {host.key for host in before.hosts if host.attention}
    return tuple(
        Entry(now, NeedsAttention(), host.key, why=host.attention)
        for host in after.hosts
        if host.attention and host.key not in were
    )


def announcements(
    drain: Drain, entries: Iterable[Entry], *, first: bool, over: bool
) -> tuple[Announcement, ...]:
    """The events to publish. ``entries``: the history since the last time. ``first``: nothing was
    published before. ``over``: the drain has ended, and these are its last entries."""
    found: list[Announcement] = []
    about = {"drain": drain.id, "hostPool": drain.control.pool.resource_id}
    if first:
        asked = drain.control.asked
        data = {
            **about, "reason": drain.control.reason, "askedBy": asked.by,
            "hosts": [host.name for host in drain.hosts],
        }  # fmt: skip
        found.append(Announcement(STARTED, f"{drain.id}/started", drain.id, asked.at, data))
    names = {host.key: host.name for host in drain.hosts}
    for entry in entries:
        match entry.fact:
            case Moved(Phase.QUEUED, Phase.DRAINING):
                kind = HOST_OUT
            case NeedsAttention():
                kind = NEEDS_ATTENTION
            case _:
                continue
        id_ = f"{drain.id}/{entry.host}/{kind.rsplit('.', 1)[-1]}/{entry.at.isoformat()}"
        data = {**about, "host": names.get(entry.host, entry.host), "why": entry.why}
        found.append(Announcement(kind, id_, f"{drain.id}/{entry.host}", entry.at, data))
    if over and drain.progress.ended_at is not None:
        data = {
            **about,
            "status": str(drain.progress.status),
            "attention": [
                f"{host.name}: {host.attention}" for host in drain.hosts if host.attention
            ],
        }
        at = drain.progress.ended_at
        found.append(Announcement(ENDED, f"{drain.id}/ended", drain.id, at, data))
    return tuple(found)
