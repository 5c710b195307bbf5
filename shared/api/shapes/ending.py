"""What came of a drain, and what is wrong with a request."""

from typing import NotRequired, TypedDict

from pydantic import with_config

from shared.api.shapes.drain import Coded
from shared.api.shapes.words import CLOSED, PhaseWord, StatusWord, Time


@with_config(CLOSED)
class HostOutcome(TypedDict):
    """How one host's part ended."""

    name: str
    phase: PhaseWord
    outcome: Coded | None
    attention: str | None


@with_config(CLOSED)
class ResultView(TypedDict):
    """What came of a drain: short, for a caller that waited for it."""

    id: str
    status: StatusWord
    hostPool: str
    reason: str
    startedAt: Time | None
    endedAt: Time | None
    summary: dict[str, int]
    attention: list[str]
    hosts: list[HostOutcome]


@with_config(CLOSED)
class Fault(TypedDict):
    """One thing that is wrong: which field or host, and what."""

    code: str
    message: str
    target: str


@with_config(CLOSED)
class ErrorBody(TypedDict):
    code: str
    message: str
    target: NotRequired[str]
    details: NotRequired[list[Fault]]


@with_config(CLOSED)
class ErrorView(TypedDict):
    """The error body of the Microsoft REST guidelines."""

    error: ErrorBody


@with_config(CLOSED)
class OperationView(TypedDict):
    """The status monitor of the Microsoft REST guidelines."""

    id: str
    status: StatusWord
    createdDateTime: Time | None
    percentComplete: int
    result: NotRequired[ResultView]
    error: NotRequired[ErrorBody]
