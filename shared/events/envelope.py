"""What every event has: in Event Grid's own schema, or as CloudEvents 1.0 has it.

The field names are compared without case. Which schema arrives is not for the trigger to say. A field
that is ``null`` is absent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.access.allowed import Allowed
from shared.core.events.records import EventKey
from shared.events.fields import time_of
from shared.events.jsontext import digest_of, read_base64, read_object

LONGEST = 1000
"""Characters of an id, a type or a subject that are kept."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """``faults``: what is wrong with it for whoever understands its type."""

    type: str
    id: str
    subject: str
    data: Mapping[str, Any]
    at: datetime | None = None
    """When its source says that it happened."""
    faults: tuple[str, ...] = ()

    @property
    def key(self) -> EventKey:
        return EventKey(self.type, self.id, self.subject)


@dataclass(frozen=True, slots=True)
class Context:
    """What a translation may know beside its event. ``base`` is where the app is called."""

    now: datetime
    base: str
    allowed: Allowed


type Translators[T] = Mapping[str, Callable[[Envelope, Context], T]]
"""A source's types of events, each with what makes of one a ``T``."""


def read(text: str | bytes) -> tuple[Envelope, tuple[str, ...]]:
    """The event, as far as it can be read, and why its very type can't be told. One that has no id
    is told from others by the digest of its body."""
    payload, fault = read_object(text)
    if payload is None:
        return Envelope("", digest_of(text), "", {}), (fault,)
    fields = {str(name).lower(): value for name, value in payload.items() if value is not None}
    cloud = "specversion" in fields
    faults: list[str] = []
    type_ = _text(fields, "type" if cloud else "eventType", faults)
    if faults:
        return Envelope("", digest_of(text), "", {}), tuple(faults)
    id_ = _text(fields, "id", faults)
    subject = _text(fields, "subject", faults) if fields.get("subject", "") != "" else ""
    data = _data(fields, cloud, faults)
    told_at = fields.get("time" if cloud else "eventtime")
    at = time_of(told_at) if isinstance(told_at, str) else None
    return Envelope(type_, id_ or digest_of(text), subject, data, at, tuple(faults)), ()


def _text(fields: Mapping[str, Any], name: str, faults: list[str]) -> str:
    value = fields.get(name.lower())
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        faults.append(f"'{name}' is missing, or no text of at most {LONGEST} characters")
        return ""
    return value


def _data(fields: Mapping[str, Any], cloud: bool, faults: list[str]) -> Mapping[str, Any]:
    if cloud and "data" not in fields and "data_base64" in fields:
        found, fault = read_base64(fields["data_base64"])
        if fault:
            faults.append(f"'data_base64' holds no JSON object: {fault}")
        return found or {}
    data = fields.get("data", {})
    if not isinstance(data, dict):
        faults.append("'data' is not a JSON object")
        return {}
    return data
