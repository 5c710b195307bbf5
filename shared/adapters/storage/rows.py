"""Rows of the ``pools`` table: their keys, and the changes that belong together.

``store`` tells what they mean.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from shared.adapters.storage import entities
from shared.adapters.storage.tables import Op, Row, Values
from shared.core.drain.model import Claim, Drain, Entry, Maintained
from shared.core.host.host import HostRecord
from shared.core.host.orders import Answer
from shared.core.host.phases import OUT, Phase
from shared.core.observation.attempts import Attempts
from shared.core.restore.unread import NOT_RESTORED
from shared.ports import Lease

NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


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


def record(drain: Drain, host: HostRecord, kind: Literal["upsert", "insert"] = "upsert") -> Op:
    return Op(kind, host_key(drain.id, host.key), entities.host_values(host))


def changed(drain: Drain, was: HostRecord | None, host: HostRecord) -> list[Op]:
    """A host's new record, with what becomes of its claim: whole, or not at all."""
    ops = [record(drain, host)]
    new, old = claim_of(drain, host), claim_of(drain, was) if was is not None else None
    if host.ended and not new.kept and not new.out:
        if was is None or not was.ended:
            ops.append(Op("delete", claim_key(host.key)))
    elif new != old:
        ops.append(Op("upsert", claim_key(host.key), entities.claim_values(new)))
    if host.maintained_at is not None and host.phase is Phase.DONE:
        at = {"host": host.name, "at": host.maintained_at, "schema": entities.SCHEMA}
        if host.out_at is not None:
            at["took"] = (host.since - host.out_at).total_seconds()
        ops.append(Op("upsert", f"maintained|{host.key}", at))
    elif host.phase is Phase.FAILED and (was is None or not was.ended):
        why = host.ending.text[:500] if host.ending is not None else ""
        failed = {"host": host.name, "at": host.since, "why": why, "schema": entities.SCHEMA}
        ops.append(Op("upsert", f"attempt|{host.key}|{drain.id}", failed))
    return ops


def read_maintained(values: Values) -> Maintained:
    """Older rows do not tell how long it took."""
    took = values.get("took")
    return Maintained(
        values["host"], values["at"], timedelta(seconds=took) if took is not None else None
    )


def read_attempts(listed: Sequence[Row], maintained: Mapping[str, datetime]) -> dict[str, Attempts]:
    """Those that failed since; what is broken counts for nothing."""
    found: dict[str, list[Values]] = {}
    for row in listed:
        host, at = row.key.split("|")[1], row.values.get("at")
        if isinstance(at, datetime) and at > maintained.get(host, NEVER):
            found.setdefault(host, []).append(row.values)
    made = {}
    for host, failed in found.items():
        last = max(failed, key=lambda values: values["at"])
        name, why = str(last.get("host", host)), str(last.get("why", ""))
        made[host] = Attempts(name, len(failed), last["at"], why)
    return made


def claim_of(drain: Drain, host: HostRecord) -> Claim:
    """What the claim says of a host in this state."""
    never_out = host.kept if host.out_at is None else None
    not_restored = host.ending is not None and host.ended and host.ending.code == NOT_RESTORED
    left_drained = host.ended and host.ending is not None and host.ending.code == "KeptDrained"
    return Claim(
        host=host.key,
        name=host.name,
        drain=drain.id,
        claimed_at=host.out_at or drain.control.asked.at,
        out=host.phase in OUT or not_restored,
        before=never_out.allow if never_out is not None else host.before,
        object_id=host.object_id,
        vm_id=host.vm_id,
        tag=never_out.tag if never_out is not None else host.tag,
        restore_by=host.restore_by,
        kept=left_drained or (host.ended and never_out is not None),
    )


def control(drain: Drain) -> Op:
    """Of a drain that is new. Raises RecordTooLargeError."""
    values = entities.control_values(drain.control, entities.LARGEST_START)
    return Op("insert", f"drain|{drain.id}|control", values)


def progress(drain: Drain) -> Op:
    return Op("upsert", f"drain|{drain.id}|progress", entities.progress_values(drain.progress))


def history(drain_id: str, entries: Sequence[Entry]) -> list[Op]:
    """One row an entry, in order of time; the digest keeps two of the same moment apart."""
    ops = []
    for number, entry in enumerate(entries):
        values = entities.entry_values(entry)
        digest = sha256(entities.unpacked(values).encode()).hexdigest()[:8]
        key = f"log|{drain_id}|{entry.at:%Y%m%dT%H%M%S.%f}|{number:04d}-{digest}"
        ops.append(Op("upsert", key, values))
    return ops


def answer(drain_id: str, host: str, said: Answer) -> Op:
    return Op("insert", f"drain|{drain_id}|answer|{host}", entities.answer_values(said, host))


def host_key(drain_id: str, host: str) -> str:
    return f"drain|{drain_id}|host|{host}"


def claim_key(host: str) -> str:
    return f"claim|{host}"
