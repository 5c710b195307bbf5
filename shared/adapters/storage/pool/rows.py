"""Rows of the ``pools`` table: their keys, and the changes that belong together.

``store`` tells what they mean.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal

from shared.adapters.storage import records
from shared.adapters.storage.entities import entity_of, entity_of_progress
from shared.adapters.storage.packing import size_of
from shared.adapters.storage.tables.table import Op
from shared.core.drain.claims import (
    claim_of,
    failure,
    is_anothers,
    is_done_with,
    maintained,
    without_drain,
)
from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Drain
from shared.core.drain.summary.tally import tally_of
from shared.core.host.host import HostRecord, Wait
from shared.core.host.orders import Answer
from shared.errors import RecordTooLargeError
from shared.ports import Lease

NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

_BATCH = 99
"""A transaction takes 100 changes; one place is for the lease that fences it."""
_LARGEST_BATCH = 2_500_000
"""Bytes: a transaction takes 4 MiB, with what carries it."""
MARKER = "claims"
LARGEST_START = 600_000
"""Bytes of what is asked of a drain at its start: what is ordered later needs its place."""


def marker() -> Op:
    """Goes with each write of claims that is made without the pool's lease: its ETag tells of them."""
    return Op("upsert", MARKER)


def fence(lease: Lease, until: datetime) -> Op:
    holder = lease.holder if until > NEVER else ""
    values = {"holder": holder, "until": until}
    if lease.etag:
        return Op("replace", "lease", values, lease.etag)
    return Op("insert", "lease", values)


def spoken_for(drain: Drain, host: HostRecord, etag: str) -> Op:
    """The claim of a host to which nothing has been done yet, in place of the one at ``etag``, if
    there is one; it carries on what an earlier drain left to be put back."""
    kind: Literal["replace", "insert"] = "replace" if etag else "insert"
    return Op(kind, claim_key(host.key), entity_of(claim_of(drain, host)), etag)


def record(drain: Drain, host: HostRecord) -> Op:
    return Op("upsert", host_key(drain.id, host.key), entity_of(host))


def changed(drain: Drain, was: HostRecord | None, host: HostRecord) -> list[Op]:
    """A host's new record, with what becomes of its claim: whole, or not at all."""
    ops = [record(drain, host)]
    new, old = claim_of(drain, host), claim_of(drain, was) if was is not None else None
    if is_anothers(host):
        pass
    elif is_done_with(host, new):
        if was is None or not was.ended:
            ops.append(Op("delete", claim_key(host.key)))
    elif new != old:
        ops.append(Op("upsert", claim_key(host.key), entity_of(new)))
    if (done := maintained(host)) is not None:
        at = {"host": done.name, "at": done.at, "schema": records.SCHEMA}
        if done.took is not None:
            at["took"] = done.took.total_seconds()
        ops.append(Op("upsert", f"maintained|{host.key}", at))
    elif (failed := failure(was, host)) is not None:
        values = {"host": failed.name, "at": failed.at, "why": failed.why}
        key = f"attempt|{host.key}|{drain.id}"
        ops.append(Op("upsert", key, {**values, "schema": records.SCHEMA}))
    return ops


def transactions(groups: Iterable[Sequence[Op]]) -> list[list[Op]]:
    """The changes in as few transactions as take them; those of a group stay together."""
    found: list[list[Op]] = []
    bytes_ = 0
    for group in groups:
        size = sum(size_of(op.values) for op in group)
        fits = found and len(found[-1]) + len(group) <= _BATCH and bytes_ + size <= _LARGEST_BATCH
        if not fits:
            found.append([])
            bytes_ = 0
        found[-1] += group
        bytes_ += size
    return found


def without_claim(claim: Claim, etag: str) -> Op:
    """No drain has the host any more."""
    key, left = claim_key(claim.host), without_drain(claim)
    if left is None:
        return Op("delete", key, etag=etag)
    return Op("replace", key, entity_of(left), etag)


def control(drain: Drain) -> Op:
    """Of a drain that is new. Raises RecordTooLargeError."""
    values = entity_of(drain.control)
    if (size := size_of(values)) > LARGEST_START:
        text = f"what is asked of the drain takes {size} bytes, of {LARGEST_START}"
        raise RecordTooLargeError(text)
    return Op("insert", f"drain|{drain.id}|control", values)


def progress(drain: Drain) -> Op:
    """With its hosts counted as they are in ``drain``."""
    values = entity_of_progress(
        drain.progress, tally_of(drain.hosts), drain.forecast, drain.availability
    )
    return Op("upsert", f"drain|{drain.id}|progress", values)


def queue(drain_id: str, line: Wait | None) -> Op:
    """What most hosts of the queue wait for."""
    key = f"drain|{drain_id}|queue"
    return Op("delete", key) if line is None else Op("upsert", key, entity_of(line))


def history(drain_id: str, entries: Sequence[Entry]) -> list[Op]:
    """One row an entry, in order of time; the digest keeps two of the same moment apart."""
    ops = []
    for number, entry in enumerate(entries):
        values = entity_of(entry)
        digest = sha256(records.unpacked(values).encode()).hexdigest()[:8]
        key = f"log|{drain_id}|{entry.at:%Y%m%dT%H%M%S.%f}|{number:04d}-{digest}"
        ops.append(Op("upsert", key, values))
    return ops


def untold(drain_id: str, happening: Happening) -> Op:
    """What is to be handed on. The same again is the same row."""
    return Op("upsert", untold_key(drain_id, happening), entity_of(happening))


def answer(drain_id: str, host: str, said: Answer) -> Op:
    return Op("insert", f"drain|{drain_id}|answer|{host}", entity_of(said, host=host))


def host_key(drain_id: str, host: str) -> str:
    return f"drain|{drain_id}|host|{host}"


def untold_key(drain_id: str, happening: Happening) -> str:
    digest = sha256(happening.id.encode("utf-8", "replace")).hexdigest()[:20]
    return f"drain|{drain_id}|happening|{digest}"


def claim_key(host: str) -> str:
    return f"claim|{host}"
