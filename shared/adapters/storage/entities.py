"""Records to table entities and back.

The record itself is JSON in ``data`` (and ``data1``, ... where it is long: a property holds at
most 32 Ki characters); the properties beside it are for the operator who reads the table, and
for queries. Every entity carries the schema version it was written with; ``UPGRADES`` turn an
older one into today's before it is read.

Of a host and of a claim only what is not as by default is written: there are many of them, and most
say little. So a default of theirs that changes is a new schema.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from shared.adapters.storage.tables.table import Values
from shared.adapters.storage.upgrades import UPGRADES
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
from shared.core.forecast.past import Past, is_sane
from shared.core.host.host import HostRecord, Intent, Wait
from shared.core.host.orders import Answer, Order
from shared.core.host.status import ENDED
from shared.core.values.texts import cut
from shared.errors import RecordTooLargeError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SCHEMA = 4
_PIECE = 15_000
"""Characters in a property: it takes 32 Ki of UTF-16, where one of ours may count twice."""
LARGEST = 900_000
"""Bytes of an entity: the service takes 1 MiB, with the keys and what it counts itself."""
LARGEST_START = 600_000
"""Bytes of what is asked of a drain at its start: what is ordered later needs its place."""
PAST_SCHEMA = 1
"""Of what is remembered of a pool, which is lost rather than upgraded."""
LARGEST_PAST = 120_000
_LONGEST_SHOWN = 1000
_LONGEST_ENTRY = 2000
_REMEMBERED = 1024
"""Records; one is some kilobytes."""

_KINDS: dict[str, Any] = {
    "control": Control,
    "progress": Progress,
    "host": HostRecord,
    "page": tuple[HostRecord, ...],
    "wait": Wait,
    "claim": Claim,
    "order": Order,
    "entry": Entry,
    "answer": Answer,
    "subscription": Subscription,
    "event": EventRecord,
    "signal": Signal,
    "overview": Overview,
    "happening": Happening,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_LEAN = frozenset({"host", "claim", "page"})


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Made when it is first needed: that takes a few milliseconds."""
    return TypeAdapter(kind)


class NewerSchemaError(Exception):
    """The entity was written by a newer version of the app; this one must not touch it."""


def host_values(host: HostRecord) -> Values:
    shown = {
        "host": host.name,
        "phase": str(host.phase),
        "since": host.since.isoformat(),  # text: a time is read dearly, and there are many
        "waitsFor": host.wait.text if host.wait else None,
        "attention": host.attention or None,
        "sessions": host.sessions_count,
    }
    return _values("host", host, shown)


def page_values(hosts: Sequence[HostRecord]) -> Values:
    """Hosts that wait for their turn, and have no intents."""
    return _values("page", tuple(hosts), {"hosts": len(hosts), "first": hosts[0].name})


def progress_values(
    progress: Progress,
    tally: Tally,
    forecast: Forecast | None = None,
    availability: Availability | None = None,
) -> Values:
    """The tally stands beside the record: a version of the app that knows of none leaves it out, and
    then it is counted. So does the forecast: then there is none until the next is made. So does what was seen of
    the pool: then that begins anew."""
    shown = {
        "status": str(progress.status),
        "lookAt": progress.look_at,
        "step": progress.step_number,
    }
    counted = pieces(adapter(Tally).dump_json(tally).decode(), "tally")
    shown_forecast: Values = {}
    if forecast is not None and progress.status not in ENDED:
        shown_forecast = pieces(adapter(Forecast).dump_json(forecast).decode(), "forecast")
    seen: Values = {}
    if availability is not None:
        seen = pieces(adapter(Availability).dump_json(availability).decode(), "availability")
    return {**_values("progress", progress, shown), **counted, **shown_forecast, **seen}


def overview_values(overview: Overview) -> Values:
    return _values("overview", overview, {})


def queue_values(line: Wait) -> Values:
    return _values("wait", line, {"waitsFor": line.text, "since": line.since.isoformat()})


def control_values(control: Control, largest: int = LARGEST) -> Values:
    """Raises RecordTooLargeError."""
    shown = {"hostPool": control.pool.resource_id, "reason": control.reason}
    values = _values("control", control, shown)
    if (size := size_of(values)) > largest:
        raise RecordTooLargeError(f"what is asked of the drain takes {size} bytes, of {largest}")
    return values


def claim_values(claim: Claim) -> Values:
    shown = {"host": claim.name, "drain": claim.drain, "out": claim.out}
    return _values("claim", claim, shown)


def entry_values(entry: Entry) -> Values:
    entry = _cut_texts(replace(entry, fact=_cut_texts(entry.fact)))
    return _values("entry", entry, {"at": entry.at, "what": entry.what, "host": entry.host})


def answer_values(answer: Answer, host: str) -> Values:
    return _values("answer", answer, {"host": host, "succeeded": answer.succeeded})


def event_values(event: EventRecord) -> Values:
    shown = {"type": event.key.type, "outcome": str(event.outcome), "drain": event.drain}
    return _values("event", event, shown)


def signal_values(signal: Signal) -> Values:
    shown = {"type": signal.key.type, "says": str(signal.says), "at": signal.at}
    return _values("signal", signal, shown)


def subscription_values(subscription: Subscription) -> Values:
    shown = {"state": str(subscription.state), "lastResult": subscription.last_result}
    return _values("subscription", subscription, shown)


def happening_values(happening: Happening) -> Values:
    shown = {"kind": str(happening.kind), "at": happening.at, "text": happening.text}
    return _values("happening", happening, shown)


def read[T](kind: type[T], values: Values) -> T:
    """A record as this version has it. Raises NewerSchemaError, and ValueError, KeyError or TypeError for a record that
    cannot be read."""
    return _read(_NAMES[kind], kind, values)


def _read[T](name: str, kind: type[T], values: Values) -> T:
    record = _record(name, int(values["schema"]), unpacked(values))
    if not isinstance(record, kind):
        raise TypeError(f"the adapter for {name} reads {type(record).__name__}")
    return record


def read_page(values: Values) -> tuple[HostRecord, ...]:
    return _read("page", tuple, values)


def read_tally(values: Values) -> Tally | None:
    """None where there is none, or one that this version cannot read: the hosts' records tell it."""
    found: Tally | None = _beside(values, "tally", Tally)
    return found


def read_forecast(values: Values) -> Forecast | None:
    """None where there is none, or one that this version cannot read."""
    found: Forecast | None = _beside(values, "forecast", Forecast)
    return found


def read_availability(values: Values) -> Availability | None:
    """None where there is none, or one that this version cannot read."""
    found: Availability | None = _beside(values, "availability", Availability)
    return found if found is not None and found.points else None


def _beside(values: Values, name: str, kind: Any) -> Any:
    """What stands beside a record; nothing hangs on it."""
    text = joined(values, name)
    with suppress(ValueError):
        return adapter(kind).validate_json(text) if text else None
    return None


def past_values(past: Past) -> Values:
    """Raises RecordTooLargeError."""
    values = {"past": PAST_SCHEMA, **pieces(adapter(Past).dump_json(past).decode(), "data")}
    if (size := size_of(values)) > LARGEST_PAST:
        raise RecordTooLargeError(f"the past of a pool takes {size} bytes, of {LARGEST_PAST}")
    return values


def read_past(values: Values) -> Past | None:
    """What cannot be read, or reckoned with, is no past. None: a newer version of the app wrote it, and it
    is left as it is."""
    version = values.get("past")
    if isinstance(version, int) and version > PAST_SCHEMA:
        return None
    found = Past()
    with suppress(ValueError, TypeError):
        found = adapter(Past).validate_json(joined(values, "data"))
    return found if version == PAST_SCHEMA and is_sane(found) else Past()


def packed(text: str) -> Values:
    """A record's JSON with the schema version, in pieces as long as a property may be."""
    return {"schema": SCHEMA, **pieces(text, "data")}


def pieces(text: str, name: str) -> dict[str, str]:
    """A text as properties: ``name``, and ``name1``, ... where it is long."""
    found = (text[i : i + _PIECE] for i in range(0, len(text), _PIECE))
    return {f"{name}{n or ''}": piece for n, piece in enumerate(found)}


def joined(values: Values, name: str) -> str:
    text, number = "", 0
    while (piece := values.get(f"{name}{number or ''}")) is not None:
        text, number = text + piece, number + 1
    return text


def unpacked(values: Values) -> str:
    """Raises NewerSchemaError."""
    version = int(values["schema"])
    if version > SCHEMA:
        raise NewerSchemaError(f"a record of schema {version}; this app knows {SCHEMA}")
    return joined(values, "data")


def document(kind: str, values: Values) -> str:
    """The JSON of a document, as today's version writes it. Raises NewerSchemaError."""
    return _upgraded(kind, int(values["schema"]), unpacked(values))


def _cut_texts[T: "DataclassInstance"](record: T) -> T:
    """The record with each of its own texts no longer than an entry's may be."""
    found = ((field.name, getattr(record, field.name)) for field in fields(record))
    texts: dict[str, Any] = {
        name: cut(text, _LONGEST_ENTRY) for name, text in found if type(text) is str
    }
    return replace(record, **texts)


def size_of(values: Values) -> int:
    """Bytes of an entity, as the service counts them: texts as UTF-16, and names, too."""
    return sum(2 * len(name) + 8 + _bytes(value) for name, value in values.items())


def _bytes(value: Any) -> int:
    if not isinstance(value, str):
        return 8
    return 2 * len(value) if value.isascii() else len(value.encode("utf-16-le", "surrogatepass"))


def _values(kind: str, record: object, shown: Mapping[str, Any]) -> Values:
    """Raises RecordTooLargeError."""
    seen = {
        k: cut(v, _LONGEST_SHOWN) if isinstance(v, str) else v
        for k, v in shown.items()
        if v is not None
    }
    values = {**seen, **packed(_text(kind, record))}
    if (size := size_of(values)) > LARGEST:
        raise RecordTooLargeError(f"a record ({kind}) of {size} bytes")
    return values


def _text(kind: str, record: object) -> str:
    """The record's JSON. An intent's action says what kind it is by a default: so intents are whole."""
    if kind not in _LEAN:
        return adapter(_KINDS[kind]).dump_json(record).decode()
    intents = getattr(record, "intents", ())
    if not intents:
        return adapter(_KINDS[kind]).dump_json(record, exclude_defaults=True).decode()
    lean = adapter(_KINDS[kind]).dump_python(record, mode="json", exclude_defaults=True)
    return json.dumps(
        {**lean, "intents": adapter(tuple[Intent, ...]).dump_python(intents, mode="json")}
    )


@lru_cache(maxsize=_REMEMBERED)
def _record(kind: str, version: int, text: str) -> object:
    """The same record again for the same text: a step reads much that no step has changed since, and
    records are never changed in place."""
    return adapter(_KINDS[kind]).validate_json(_upgraded(kind, version, text))


def _upgraded(kind: str, version: int, text: str) -> str:
    """A record's JSON as today's version writes it. A page is upgraded host by host."""
    if version >= SCHEMA:
        return text
    record = json.loads(text)
    for older in range(version, SCHEMA):
        if kind == "page":
            record = [UPGRADES.get(("host", older), dict)(host) for host in record]
        else:
            record = UPGRADES.get((kind, older), dict)(record)
    return json.dumps(record)
