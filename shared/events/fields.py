"""Reading a vendor's data: field names without regard to letter case, since the vendor's own pages
differ, and every fault at once."""

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
    """An object of the data. ``faults`` is shared by all that are read from one event."""

    def __init__(self, payload: Mapping[str, Any], faults: list[str], place: str = "data") -> None:
        self._told = {str(name).lower(): value for name, value in payload.items()}
        self._place = place
        self.faults = faults

    def object(self, name: str) -> "Fields":
        value = self._told.get(name.lower())
        if not isinstance(value, dict):
            self.fault(name, "an object")
            value = {}
        return Fields(value, self.faults, f"{self._place}.{name}")

    def peek(self, name: str) -> str:
        """A text, empty if it is none: to find out whether an event concerns us at all, which is no
        reason to find fault with it."""
        value = self._told.get(name.lower())
        return value if isinstance(value, str) else ""

    def peeks(self, name: str) -> tuple[str, ...]:
        """The same of a list: its texts. One text alone stands for a list of it."""
        value = self._told.get(name.lower())
        listed = value if isinstance(value, list) else [value]
        return tuple(part for part in listed if isinstance(part, str))

    def text(self, name: str, *, optional: bool = False) -> str:
        value = self._told.get(name.lower())
        if value in (None, "") and optional:
            return ""
        if not isinstance(value, str) or not value or len(value) > LONGEST:
            self.fault(name, f"a text of at most {LONGEST} characters")
            return ""
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._told.get(name.lower())
        good = isinstance(value, list) and all(
            isinstance(part, str) and 0 < len(part) <= LONGEST for part in value
        )
        if not isinstance(value, list) or not good or not 0 < len(value) <= 1000:
            self.fault(name, "a list of texts")
            return ()
        return tuple(value)

    def time(self, name: str, *, optional: bool = False) -> datetime | None:
        """A time that must be there; None, with a fault, if it is not or cannot be read. The year 1
        is how a vendor writes that there is none: an optional time may be that."""
        payload = self.text(name, optional=optional)
        if optional and payload.startswith("0001-01-0"):
            return None
        at = time_of(payload)
        if payload and at is None:
            self.fault(name, "a time")
        return at

    def fault(self, name: str, wanted: str) -> None:
        self.faults.append(f"'{self._place}.{name}' is missing, or not {wanted}")


def time_of(text: str) -> datetime | None:
    """RFC 3339, with as many digits as the vendor likes, or RFC 1123; without a zone it is UTC. None
    for what is none, or lies outside of the years in which events happen: times are added to it, and
    stored, and neither is possible near the years 1 and 9999."""
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
    """The VM or the session host that a resource id names, or is below; empty if it names none."""
    key = machine_key(resource_id)
    for kind in _MACHINES:
        at = key.find(kind)
        name = key[at + len(kind) :].split("/", 1)[0]
        if key.startswith("/subscriptions/") and at > 0 and name:
            return resource_id.strip()[: at + len(kind) + len(name)]
    return ""
