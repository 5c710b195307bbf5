"""Rows of the ``pools`` table: their keys, and the changes that belong together.

``store`` tells what they mean.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from shared.adapters.storage import entities
from shared.adapters.storage.tables.table import Op, Row
from shared.core.drain.claims import claim_of, failure, is_done_with, maintained, without_drain
from shared.core.drain.happenings import Happening
from shared.core.drain.history.facts import Line
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Drain, Maintained
from shared.core.drain.summary.tally import tally_of
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord, Wait
from shared.core.host.orders import Answer
from shared.core.observation.attempts import Failure
from shared.errors import RecordTooLargeError
from shared.ports import Lease

log = logging.getLogger(__name__)

NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

_BATCH = 99
"""A transaction takes 100 changes; one place is for the lease that fences it."""
_LARGEST_BATCH = 2_500_000
"""Bytes: a transaction takes 4 MiB, with what carries it."""
MARKER = "claims"
PAST = "past"


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
    return Op(kind, claim_key(host.key), entities.claim_values(claim_of(drain, host)), etag)


def record(drain: Drain, host: HostRecord) -> Op:
    return Op("upsert", host_key(drain.id, host.key), entities.host_values(host))


def changed(drain: Drain, was: HostRecord | None, host: HostRecord) -> list[Op]:
    """A host's new record, with what becomes of its claim: whole, or not at all."""
    ops = [record(drain, host)]
    new, old = claim_of(drain, host), claim_of(drain, was) if was is not None else None
    if is_done_with(host, new):
        if was is None or not was.ended:
            ops.append(Op("delete", claim_key(host.key)))
    elif new != old:
        ops.append(Op("upsert", claim_key(host.key), entities.claim_values(new)))
    if (done := maintained(host)) is not None:
        at = {"host": done.name, "at": done.at, "schema": entities.SCHEMA}
        if done.took is not None:
            at["took"] = done.took.total_seconds()
        ops.append(Op("upsert", f"maintained|{host.key}", at))
    elif (failed := failure(was, host)) is not None:
        values = {"host": failed.name, "at": failed.at, "why": failed.why}
        key = f"attempt|{host.key}|{drain.id}"
        ops.append(Op("upsert", key, {**values, "schema": entities.SCHEMA}))
    return ops


def transactions(groups: Iterable[Sequence[Op]]) -> list[list[Op]]:
    """The changes in as few transactions as take them; those of a group stay together."""
    found: list[list[Op]] = []
    bytes_ = 0
    for group in groups:
        size = sum(entities.size_of(op.values) for op in group)
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
    return Op("replace", key, entities.claim_values(left), etag)


def read_entries(listed: Sequence[Row]) -> Iterator[Entry]:
    """Of an entry that this version cannot read, its sentence, which stands beside it."""
    for row in listed:
        try:
            yield entities.read(Entry, row.values)
        except (entities.NewerSchemaError, ValueError, KeyError, TypeError) as error:
            text = str(error)[:500]
            log.error("only the sentence of %s %s is read: %s", row.partition, row.key, text)  # noqa: TRY400
            at, what, host = (row.values.get(name) for name in ("at", "what", "host"))
            if isinstance(at, datetime):
                yield Entry(at, Line(str(what or "?")), str(host or ""))


def read_maintained(listed: Sequence[Row]) -> Iterator[tuple[str, Maintained]]:
    """By host key; a row that is broken counts for nothing. Older rows do not tell how long it took."""
    for row in listed:
        key, at, took = row.key.split("|")[1], row.values.get("at"), row.values.get("took")
        if isinstance(at, datetime):
            lasted = timedelta(seconds=took) if isinstance(took, int | float) else None
            yield key, Maintained(str(row.values.get("host", key)), at, lasted)


def read_failures(listed: Sequence[Row]) -> Iterator[tuple[str, Failure]]:
    """By host key; what is broken counts for nothing."""
    for row in listed:
        host, at = row.key.split("|")[1], row.values.get("at")
        if isinstance(at, datetime):
            name, why = str(row.values.get("host", host)), str(row.values.get("why", ""))
            yield host, Failure(name, at, why)


def control(drain: Drain) -> Op:
    """Of a drain that is new. Raises RecordTooLargeError."""
    values = entities.control_values(drain.control, entities.LARGEST_START)
    return Op("insert", f"drain|{drain.id}|control", values)


def progress(drain: Drain) -> Op:
    """With its hosts counted as they are in ``drain``."""
    values = entities.progress_values(
        drain.progress, tally_of(drain.hosts), drain.forecast, drain.availability
    )
    return Op("upsert", f"drain|{drain.id}|progress", values)


def queue(drain_id: str, line: Wait | None) -> Op:
    """What most hosts of the queue wait for."""
    key = f"drain|{drain_id}|queue"
    return Op("delete", key) if line is None else Op("upsert", key, entities.queue_values(line))


def past(known: Past) -> list[Op]:
    """None where it would be too large: it is lost rather than that a drain waits for it."""
    with suppress(RecordTooLargeError, ValueError):
        return [Op("upsert", PAST, entities.past_values(known))]
    return []


def history(drain_id: str, entries: Sequence[Entry]) -> list[Op]:
    """One row an entry, in order of time; the digest keeps two of the same moment apart."""
    ops = []
    for number, entry in enumerate(entries):
        values = entities.entry_values(entry)
        digest = sha256(entities.unpacked(values).encode()).hexdigest()[:8]
        key = f"log|{drain_id}|{entry.at:%Y%m%dT%H%M%S.%f}|{number:04d}-{digest}"
        ops.append(Op("upsert", key, values))
    return ops


def untold(drain_id: str, happening: Happening) -> Op:
    """What is to be handed on. The same again is the same row."""
    return Op("upsert", untold_key(drain_id, happening), entities.happening_values(happening))


def answer(drain_id: str, host: str, said: Answer) -> Op:
    return Op("insert", f"drain|{drain_id}|answer|{host}", entities.answer_values(said, host))


def host_key(drain_id: str, host: str) -> str:
    return f"drain|{drain_id}|host|{host}"


def untold_key(drain_id: str, happening: Happening) -> str:
    digest = sha256(happening.id.encode("utf-8", "replace")).hexdigest()[:20]
    return f"drain|{drain_id}|happening|{digest}"


def claim_key(host: str) -> str:
    return f"claim|{host}"
