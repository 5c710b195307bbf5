"""Kinds of values in answers that JSON has no word for, and the words of enums."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

CLOSED = ConfigDict(extra="forbid")
"""What is not described is not answered."""

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
