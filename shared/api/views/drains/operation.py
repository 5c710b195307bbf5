"""The status monitor, and what is wrong with a request."""

from typing import NotRequired

from shared.core.drain.summary.overview import Overview
from shared.core.host.status import ENDED, Status, percent_of
from shared.wire.views.ending import ErrorBody, ResultView, error_of, result_resource
from shared.wire.views.words import StatusWord, Time, View, time


class ErrorView(View):
    """The error body of the Microsoft REST guidelines."""

    error: ErrorBody
    """What is wrong."""


class OperationView(View):
    """The status monitor of the Microsoft REST guidelines."""

    id: str
    """The drain's id."""
    status: StatusWord
    """How far it is."""
    createdDateTime: Time | None
    """When it was asked for."""
    percentComplete: int
    """How far it is, in percent."""
    result: NotRequired[ResultView]
    """What came of it, once it succeeded."""
    error: NotRequired[ErrorBody]
    """What went wrong, once it failed or was canceled."""


def operation_view(drain: Overview) -> OperationView:
    status = drain.progress.status
    found: OperationView = {
        "id": drain.id,
        "status": status.value,
        "createdDateTime": time(drain.asked.at),
        "percentComplete": percent_of(drain.tally.phases),
    }
    if status is Status.SUCCEEDED:
        found["result"] = result_resource(drain)
    elif status in ENDED:
        found["error"] = error_of(drain)
    return found
