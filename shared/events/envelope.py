"""What every event has, in Event Grid's own schema or as a CloudEvent 1.0.

Field names are compared without case. The trigger does not say which schema arrives. A field that
is ``null`` is absent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.core.access.allowed import Allowed
from shared.core.events.records import EventKey
from shared.events.fields import time_of
from shared.events.jsontext import digest_of, read_base64, read_object

LONGEST = 1000
"""The longest id, type or subject that is kept, in characters."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event without its meaning. ``faults``: what is wrong with it, if its type concerns this
    app."""

    type: str
    id: str
    subject: str
    data: Mapping[str, Any]
    at: datetime | None = None
    """When the event happened, as its source says. None: the source does not say."""
    faults: tuple[str, ...] = ()

    @property
    def key(self) -> EventKey:
        return EventKey(self.type, self.id, self.subject)


_AHEAD = timedelta(hours=1)
"""By so much a source's clock may be ahead."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a translator may know besides its event. ``base`` is the address of the app."""

    now: datetime
    base: str
    allowed: Allowed

    def happened_at(self, told: datetime | None) -> datetime:
        """When something happened, by what its source tells. What cannot have happened yet is no time: nothing
        would ever come after it, and it would never be too old."""
        return self.now if told is None or told > self.now + _AHEAD else told


type Translators[T] = Mapping[str, Callable[[Envelope, Context], T]]
"""A source's types of events, each with the function that makes a ``T`` of an event."""


def read(text: str | bytes) -> tuple[Envelope, tuple[str, ...]]:
    """The event, as far as it can be read; and faults, if not even its type can be read. An event
    without an id is identified by the digest of its body."""
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
