"""Rows of the ``pools`` table: their keys, and the changes that belong together.

``store`` tells what they mean.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal

from shared.adapters import entities
from shared.adapters.tables import Op
from shared.core.model import Claim, Drain, Entry, HostRecord, Order
from shared.core.phases import OUT
from shared.ports import Lease

NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def fence(lease: Lease, until: datetime) -> Op:
    holder = lease.holder if until > NEVER else ""
    values = {"holder": holder, "until": until}
    if lease.etag:
        return Op("replace", "lease", values, lease.etag)
    return Op("insert", "lease", values)


def spoken_for(drain: Drain, host: HostRecord, again: bool) -> list[Op]:
    claim = Claim(host.key, host.name, drain.id, drain.control.asked.at)
    kind: Literal["upsert", "insert"] = "upsert" if again else "insert"
    return [
        Op(kind, claim_key(host.key), entities.claim_values(claim)),
        Op("upsert", host_key(drain.id, host.key), entities.host_values(host)),
    ]


def changed(drain: Drain, was: HostRecord, host: HostRecord) -> list[Op]:
    """A host's new record, with what becomes of its claim: whole, or not at all."""
    ops = [Op("upsert", host_key(drain.id, host.key), entities.host_values(host))]
    if host.ended and not was.ended:
        ops.append(Op("delete", claim_key(host.key)))
    elif host.phase in OUT and was.phase not in OUT:
        claim = Claim(host.key, host.name, drain.id, host.since, out=True, before=host.before)
        ops.append(Op("upsert", claim_key(host.key), entities.claim_values(claim)))
    return ops


def control(drain: Drain) -> Op:
    return Op("upsert", f"drain|{drain.id}|control", entities.control_values(drain.control))


def progress(drain: Drain) -> Op:
    return Op("upsert", f"drain|{drain.id}|progress", entities.progress_values(drain.progress))


def order(drain_id: str, what: str, asked: Order) -> Op:
    return Op("upsert", f"drain|{drain_id}|order|{what}", entities.order_values(asked))


def history(drain_id: str, entries: Sequence[Entry]) -> list[Op]:
    """One row an entry, in order of time; the digest keeps two of the same moment apart."""
    ops = []
    for number, entry in enumerate(entries):
        digest = sha256(repr(entry).encode()).hexdigest()[:8]
        key = f"log|{drain_id}|{entry.at:%Y%m%dT%H%M%S.%f}|{number:04d}-{digest}"
        ops.append(Op("upsert", key, entities.entry_values(entry)))
    return ops


def host_key(drain_id: str, host: str) -> str:
    return f"drain|{drain_id}|host|{host}"


def claim_key(host: str) -> str:
    return f"claim|{host}"
