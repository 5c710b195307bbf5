"""Records as JSON in ``data``, and back.

Every entity carries the schema version it was written with; ``UPGRADES`` turn an older one into today's before it is
read. Of a host and of a claim only what is not as by default is written: there are many of them, and most say little. So
a default of theirs that changes is a new schema.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import CoreConfig, CoreSchema, SchemaValidator

from shared.adapters.storage.packing import joined, pieces
from shared.adapters.storage.tables.table import Values
from shared.adapters.storage.upgrades import UPGRADES
from shared.core.drain.happenings import Happening
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Progress
from shared.core.drain.subscriptions import Subscription
from shared.core.drain.summary.overview import Overview
from shared.core.events.records import EventRecord
from shared.core.events.signals import Signal
from shared.core.host.host import HostRecord, Intent, Wait
from shared.core.host.orders import Answer, Order
from shared.core.values.texts import cut
from shared.errors import UnreadableError

SCHEMA = 4
_TOLD = 3
_LONGEST_WHY = 500
_REMEMBERED = 1024
"""Records; one is some kilobytes."""

KINDS: dict[str, Any] = {
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
_NAMES = {kind: name for name, kind in KINDS.items()}
LEAN = frozenset({"host", "claim", "page"})


class NewerSchemaError(Exception):
    """The entity was written by a newer version of the app; this one must not touch it."""


UNREADABLE = (
    NewerSchemaError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What reading a record raises that is broken, or of a newer version; an upgrade meets any shape."""


@contextmanager
def readable(what: str) -> Iterator[None]:
    """Raises UnreadableError, which names ``what``, for a record that this version cannot read."""
    try:
        yield
    except UNREADABLE as error:
        raise UnreadableError(f"{what}: {why(error)}") from error


def why(error: Exception) -> str:
    """Why a record cannot be read, in one line. What stands in it is not told: it may hold addresses with keys."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        told = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}".lstrip(": ") for each in faults]
        more = [f"and {len(told) - _TOLD} more"] if len(told) > _TOLD else []
        return cut("; ".join([*told[:_TOLD], *more]), _LONGEST_WHY)
    if isinstance(error, NewerSchemaError):
        return str(error)
    return cut(f"{type(error).__name__}: {error}", _LONGEST_WHY)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Made when it is first needed: that takes a few milliseconds. A time without its zone is none: compared with
    another it would fail far from here."""
    made = TypeAdapter[Any](kind)
    schema = cast("CoreSchema", _with_zones(made.core_schema))
    made.validator = SchemaValidator(schema, CoreConfig(hide_input_in_errors=True))
    return made


def _with_zones(schema: Any) -> Any:
    """A pydantic schema, in which each time has to have a zone."""
    match schema:
        case {"type": "datetime"}:
            return {**schema, "tz_constraint": "aware"}
        case dict():
            return {name: _with_zones(part) for name, part in schema.items()}
        case list():
            return [_with_zones(part) for part in schema]
        case tuple():
            return tuple(_with_zones(part) for part in schema)
    return schema


def name_of(record: object) -> str:
    """The name of the record's kind."""
    return _NAMES[type(record)]


def read[T](kind: type[T], values: Values) -> T:
    """A record as this version has it. Raises what ``UNREADABLE`` names."""
    return _read(_NAMES[kind], kind, values)


def read_page(values: Values) -> tuple[HostRecord, ...]:
    return _read("page", tuple, values)


def _read[T](name: str, kind: type[T], values: Values) -> T:
    record = _record(name, _version(values), unpacked(values))
    if not isinstance(record, kind):
        raise TypeError(f"the adapter for {name} reads {type(record).__name__}")
    return record


def read_document(kind: Any, partition: str, values: Values) -> Any:
    """A record of the index, whose upgrades are by its partition. Raises what ``UNREADABLE`` names."""
    text = _upgraded(partition, _version(values), unpacked(values))
    return adapter(kind).validate_json(text)


def packed(text: str) -> Values:
    """A record's JSON with the schema version, in pieces as long as a property may be."""
    return {"schema": SCHEMA, **pieces(text, "data")}


def unpacked(values: Values) -> str:
    """Raises NewerSchemaError."""
    version = _version(values)
    if version > SCHEMA:
        raise NewerSchemaError(f"a record of schema {version}; this app knows {SCHEMA}")
    return joined(values, "data")


def is_newer(values: Values) -> bool:
    """Whether a newer version of the app wrote it: it is not this one's to remove."""
    version = values.get("schema")
    return isinstance(version, int) and version > SCHEMA


def _version(values: Values) -> int:
    """Raises ValueError."""
    version = values.get("schema")
    if type(version) is not int or version < 1:
        raise ValueError("a record without the number of its schema")
    return version


def text_of(kind: str, record: object) -> str:
    """The record's JSON. An intent's action says what kind it is by a default: so intents are whole."""
    if kind not in LEAN:
        return adapter(KINDS[kind]).dump_json(record).decode()
    intents = getattr(record, "intents", ())
    if not intents:
        return adapter(KINDS[kind]).dump_json(record, exclude_defaults=True).decode()
    lean = adapter(KINDS[kind]).dump_python(record, mode="json", exclude_defaults=True)
    whole = adapter(tuple[Intent, ...]).dump_python(intents, mode="json")
    return json.dumps({**lean, "intents": whole})


@lru_cache(maxsize=_REMEMBERED)
def _record(kind: str, version: int, text: str) -> object:
    """The same record again for the same text: a step reads much that no step has changed since, and
    records are never changed in place."""
    return adapter(KINDS[kind]).validate_json(_upgraded(kind, version, text))


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
