"""Reads a vendor's data: ignores the case of field names, since the vendor's own pages differ, and
collects every fault."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from shared.core.events.signals import machine_key

LONGEST = 1000
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_MACHINES = (
    "/providers/microsoft.compute/virtualmachines/",
    "/sessionhosts/",
)


class Fields:
    """An object of the data. ``faults`` is shared by all objects of one event."""

    def __init__(self, payload: Mapping[str, Any], faults: list[str], place: str = "data") -> None:
        self._told = {str(name).lower(): value for name, value in payload.items()}
        self._place = place
        self.faults = faults

    def object(self, name: str) -> "Fields":
        """An object. If it is missing or not an object, it is empty and there is a fault."""
        value = self._told.get(name.lower())
        if not isinstance(value, dict):
            self.fault(name, "an object")
            value = {}
        return Fields(value, self.faults, f"{self._place}.{name}")

    def peek(self, name: str) -> str:
        """A text; empty if it is missing or no text. That is no fault: this serves to find out
        whether an event concerns the app at all."""
        value = self._told.get(name.lower())
        return value if isinstance(value, str) else ""

    def peeks(self, name: str) -> tuple[str, ...]:
        """The texts of a list, without faults. A single text counts as a list of one."""
        value = self._told.get(name.lower())
        listed = value if isinstance(value, list) else [value]
        return tuple(part for part in listed if isinstance(part, str))

    def text(self, name: str, *, optional: bool = False) -> str:
        """A text of at most ``LONGEST`` characters. Empty, with a fault, if it is missing or no
        such text. An optional text may be missing."""
        value = self._told.get(name.lower())
        if value in (None, "") and optional:
            return ""
        if not isinstance(value, str) or not value or len(value) > LONGEST:
            self.fault(name, f"a text of at most {LONGEST} characters")
            return ""
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of 1 to 1000 texts. Empty, with a fault, if it is missing or no such list."""
        value = self._told.get(name.lower())
        good = isinstance(value, list) and all(
            isinstance(part, str) and 0 < len(part) <= LONGEST for part in value
        )
        if not isinstance(value, list) or not good or not 0 < len(value) <= 1000:
            self.fault(name, "a list of texts")
            return ()
        return tuple(value)

    def time(self, name: str, *, optional: bool = False) -> datetime | None:
        """A time. None, with a fault, if it is missing or cannot be read. An optional time may be
        missing or in the year 1, which is how the vendor writes that there is none: None without a
        fault."""
        payload = self.text(name, optional=optional)
        if optional and payload.startswith("0001-01-0"):
            return None
        at = time_of(payload)
        if payload and at is None:
            self.fault(name, "a time")
        return at

    def fault(self, name: str, wanted: str) -> None:
        """Add a fault. ``wanted`` says what the field must be."""
        self.faults.append(f"'{self._place}.{name}' is missing, or not {wanted}")


def time_of(text: str) -> datetime | None:
    """A time as RFC 3339 (with any number of digits) or RFC 1123, in UTC; without a zone it is read
    as UTC. None: the text is no time, or lies outside the years in which events happen. Times are
    added to and stored, and neither is possible near the years 1 and 9999."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        at = (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def machine_of(resource_id: str) -> str:
    """The VM or the session host that a resource id names, or lies below. Empty: none."""
    key = machine_key(resource_id)
    for kind in _MACHINES:
        at = key.find(kind)
        name = key[at + len(kind) :].split("/", 1)[0]
        if key.startswith("/subscriptions/") and at > 0 and name:
            return resource_id.strip()[: at + len(kind) + len(name)]
    return ""
