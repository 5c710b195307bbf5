"""What is written when a drain is saved: only what has changed, in groups that belong together.

The groups are in the order in which they must be written: what is said of a host comes before the host, since not
everything may fit into one transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from shared.adapters.storage.pool import rows
from shared.adapters.storage.pool.line import as_kept, is_kept_as, line_of
from shared.adapters.storage.tables.table import Op
from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.host import Wait
from shared.core.host.phases import OUT, Phase


@dataclass(frozen=True, slots=True)
class Changes:
    """``groups``: changes that belong into one transaction each; empty: nothing has changed. ``line``: what the queue
    waits for afterwards. ``newly_out``: whether a host went out that was not out before."""

    groups: list[list[Op]]
    line: Wait | None
    newly_out: bool


def changes(
    before: Drain,
    after: Drain,
    stood: Wait | None,
    entries: Sequence[Entry],
    untold: Sequence[tuple[Entry, Happening]],
) -> Changes:
    """``stood``: what the queue waits for, as it is stored. ``untold``: what receivers are to be told of, each with its
    entry."""
    was = {host.key: host for host in before.hosts}
    line = stood
    new = [host for host in after.hosts if host is not was.get(host.key)]
    if any(host.phase is Phase.QUEUED for host in new):
        line = line_of(after.hosts)
    different = [
        host
        for host in (new if line == stood else after.hosts)
        if host.key not in was or not is_kept_as(was[host.key], host, stood, line)
    ]
    by_host: dict[str, list[list[Op]]] = defaultdict(list)
    for entry, op in zip(entries, rows.history(after.id, entries), strict=True):
        to_tell = [rows.untold(after.id, each) for of, each in untold if of is entry]
        by_host[entry.host].append([op, *to_tell])
    groups = by_host.pop("", [])
    if line is not None and line != stood:  # before the hosts that are not written for it
        groups.insert(0, [rows.queue(after.id, line)])
    for host in different:
        kept = as_kept(host, line)
        groups += [*by_host.pop(host.key, []), rows.changed(after, was.get(host.key), kept)]
    groups += [op for rest in by_host.values() for op in rest]
    recounted = different or line != stood  # hosts, and their waits, are counted there
    if recounted or after.progress != before.progress:
        groups.append([rows.progress(after)])
    went_out = [h for h in different if h.phase in OUT]
    newly_out = any(h.key not in was or was[h.key].phase not in OUT for h in went_out)
    return Changes(groups, line, newly_out)
