"""What every event has: in Event Grid's own schema, or as CloudEvents 1.0 has it.

The field names are compared without case. Which schema arrives is not for the trigger to say.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.core.heard import EventKey
from shared.core.policy import Policy
from shared.errors import Fault
from shared.events.fields import time_of

LONGEST = 1000
"""Characters of an id, a type or a subject that are kept."""


@dataclass(frozen=True, slots=True)
class Envelope:
    type: str
    id: str
    subject: str
    data: Mapping[str, Any]
    at: datetime | None = None
    """When its source says that it happened."""

    @property
    def key(self) -> EventKey:
        return EventKey(self.type, self.id, self.subject)


@dataclass(frozen=True, slots=True)
class Context:
    """What a translation may know beside its event. ``base`` is where the app is called."""

    now: datetime
    base: str
    judge: Callable[[Policy], list[Fault]]


def read(text: str) -> tuple[Envelope, tuple[str, ...]]:
    """The event, as far as it can be read, and all that is wrong with it."""
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return Envelope("", "", "", {}), ("not a JSON object",)
    fields = {str(name).lower(): value for name, value in told.items()}
    cloud = "specversion" in fields
    names = {"type": "type" if cloud else "eventType", "id": "id", "subject": "subject"}
    faults = []
    found = {}
    for name, field in names.items():
        value = fields.get(field.lower(), "" if name == "subject" else None)
        if not isinstance(value, str) or len(value) > LONGEST or (name != "subject" and not value):
            faults.append(f"'{field}' is missing, or no text of at most {LONGEST} characters")
            value = ""
        found[name] = value
    data = fields.get("data", {})
    if not isinstance(data, dict):
        faults.append("'data' is not a JSON object")
        data = {}
    told_at = fields.get("time" if cloud else "eventtime")
    at = time_of(told_at) if isinstance(told_at, str) else None
    return Envelope(found["type"], found["id"], found["subject"], data, at), tuple(faults)
