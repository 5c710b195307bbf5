"""Kinds of values in responses that JSON has no type for, and the words of enums."""

from datetime import UTC, datetime
from typing import Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field, with_config

CLOSED = ConfigDict(extra="forbid", use_attribute_docstrings=True)
"""A view has the described fields only, and its fields are described by their docstrings."""


@with_config(CLOSED)
class View(TypedDict):
    """What all views are made of."""


Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Duration = Annotated[str, Field(json_schema_extra={"format": "duration"})]
StatusWord = Literal["NotStarted", "Running", "Succeeded", "Failed", "Canceled"]
PhaseWord = Literal[
    "queued",
    "draining",
    "empty",
    "maintaining",
    "verifying",
    "restoring",
    "done",
    "skipped",
    "failed",
    "canceled",
]


def time(at: datetime | None) -> str | None:
    """A time in UTC with milliseconds, as the API writes it."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
