"""What came of a drain, and what is wrong with a request."""

from typing import NotRequired, TypedDict

from pydantic import with_config

from shared.wire.views.ending import ErrorBody, ResultView
from shared.wire.views.words import CLOSED, StatusWord, Time


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
