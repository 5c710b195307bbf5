"""Table entities of records: the record itself as JSON, and beside it what the operator who reads the table wants to see,
and what queries ask for.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from shared.adapters.storage.packing import LARGEST, joined, pieces, size_of
from shared.adapters.storage.records import adapter, name_of, packed, text_of
from shared.adapters.storage.tables.table import Values
from shared.core.drain.availability import Availability
from shared.core.drain.expected import Forecast
from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Progress
from shared.core.drain.subscriptions import Subscription
from shared.core.drain.summary.overview import Overview
from shared.core.drain.summary.tally import Tally
from shared.core.events.records import EventRecord
from shared.core.events.signals import Signal
from shared.core.host.host import HostRecord, Wait
from shared.core.host.orders import Answer
from shared.core.host.status import ENDED
from shared.core.values.texts import cut
from shared.errors import RecordTooLargeError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LONGEST_SHOWN = 1000
_LONGEST_ENTRY = 2000

Record = (
    HostRecord | Claim | Entry | Control | Progress | Wait | Answer | Overview | Happening
    | Subscription | EventRecord | Signal
)  # fmt: skip
_BESIDE: dict[type, str] = {Tally: "tally", Forecast: "forecast", Availability: "availability"}


def entity_of(record: Record, **more: str) -> Values:
    """With ``more`` to be shown beside the record. Raises RecordTooLargeError."""
    if isinstance(record, Entry):
        record = _cut_texts(replace(record, fact=_cut_texts(record.fact)))
    return _entity(name_of(record), record, {**_shown(record), **more})


def entity_of_page(hosts: Sequence[HostRecord]) -> Values:
    """Hosts that wait for their turn, and have no intents."""
    return _entity("page", tuple(hosts), {"hosts": len(hosts), "first": hosts[0].name})


def entity_of_progress(
    progress: Progress,
    tally: Tally,
    forecast: Forecast | None = None,
    availability: Availability | None = None,
) -> Values:
    """The tally stands beside the record: a version of the app that knows of none leaves it out, and
    then it is counted. So does the forecast: then there is none until the next is made. So does what was seen of
    the pool: then that begins anew."""
    coming = forecast if progress.status not in ENDED else None
    beside = [each for each in (tally, coming, availability) if each is not None]
    values = dict(entity_of(progress))
    for each in beside:
        kind: Any = type(each)
        values |= pieces(adapter(kind).dump_json(each).decode(), _BESIDE[kind])
    return values


def read_beside[T](kind: type[T], values: Values) -> T | None:
    """What stands beside a record, and nothing hangs on: a tally, a forecast, an availability. None where there is none, or
    one that this version cannot read."""
    made_of: Any = kind
    found: T | None = None
    with suppress(ValueError, TypeError):
        if text := joined(values, _BESIDE[kind]):
            found = adapter(made_of).validate_json(text)
    return found


def read_availability(values: Values) -> Availability | None:
    """None also where nothing was seen yet."""
    found = read_beside(Availability, values)
    return found if found is not None and found.points else None


def _shown(record: Record) -> Mapping[str, Any]:  # noqa: C901 - a case for each kind
    match record:
        case HostRecord():
            return {
                "host": record.name,
                "phase": str(record.phase),
                "since": record.since.isoformat(),  # text: a time is read dearly, and there are many
                "waitsFor": record.wait.text if record.wait else None,
                "attention": record.attention or None,
                "sessions": record.sessions_count,
            }
        case Claim():
            return {"host": record.name, "drain": record.drain, "out": record.out}
        case Entry():
            return {"at": record.at, "what": record.what, "host": record.host}
        case Control():
            return {"hostPool": record.pool.resource_id, "reason": record.reason}
        case Progress():
            status, step = str(record.status), record.step_number
            return {"status": status, "lookAt": record.look_at, "step": step}
        case Wait():
            return {"waitsFor": record.text, "since": record.since.isoformat()}
        case Answer():
            return {"succeeded": record.succeeded}
        case Overview():
            return {}
        case Happening():
            return {"kind": str(record.kind), "at": record.at, "text": record.text}
        case Subscription():
            return {"state": str(record.state), "lastResult": record.last_result}
        case EventRecord():
            outcome = str(record.outcome)
            return {"type": record.key.type, "outcome": outcome, "drain": record.drain}
        case Signal():
            return {"type": record.key.type, "says": str(record.says), "at": record.at}


def _cut_texts[T: "DataclassInstance"](record: T) -> T:
    """The record with each of its own texts no longer than an entry's may be."""
    found = ((field.name, getattr(record, field.name)) for field in fields(record))
    texts: dict[str, Any] = {
        name: cut(text, _LONGEST_ENTRY) for name, text in found if type(text) is str
    }
    return replace(record, **texts)


def _entity(kind: str, record: object, shown: Mapping[str, Any]) -> Values:
    """Raises RecordTooLargeError."""
    seen = {
        k: cut(v, _LONGEST_SHOWN) if isinstance(v, str) else v
        for k, v in shown.items()
        if v is not None
    }
    values = {**seen, **packed(text_of(kind, record))}
    if (size := size_of(values)) > LARGEST:
        raise RecordTooLargeError(f"a record ({kind}) of {size} bytes")
    return values
