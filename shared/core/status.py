"""Where a drain stands as a whole, in the words of the Microsoft REST guidelines."""

from collections.abc import Iterable
from enum import StrEnum

from shared.core.phases import TERMINAL, Phase


class Status(StrEnum):
    NOT_STARTED = "NotStarted"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELED = "Canceled"


ENDED = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELED})


def status_of(phases: Iterable[Phase]) -> Status:
    """Running until every host has ended; then the worst that came of them."""
    found = frozenset(phases)
    if not found <= TERMINAL:
        return Status.RUNNING
    if Phase.FAILED in found:
        return Status.FAILED
    return Status.CANCELED if Phase.CANCELED in found else Status.SUCCEEDED
