"""What may go wrong with a call to the outside."""

from datetime import timedelta

from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RejectedError,
    StorageError,
    ThrottledError,
)

KINDS = ("throttle", "fail", "lose", "late", "slow", "stuck", "stale", "twice")
"""``throttle``  refused as too many requests; nothing happens
``fail``      an error that leaves the effect open; nothing happens
``lose``      it happens, and the response is lost
``late``      the response is lost, and it happens later
``slow``      it takes its time
``stuck``     it happens at once, and the response takes its time
``stale``     a listing shows the state of a while ago
``twice``     a message is queued twice; a table's transaction is sent again by the SDK
"""

REFUSALS = ("denied", "gone", "rejected", "down", "throttled", "odd")
"""How a call fails for long: no right; not found; not accepted; no response; throttled; an
unforeseen error."""


LOST = "lost"
"""Another refusal: the request never arrives, and the caller does not know that."""

BLANK = "blank"
"""Another fault: a listing of sessions is accepted, and lacks sessions that there are. Never twice in a
row, since no app could know better then."""


class PlantedError(ValueError):
    """An error that the app does not foresee."""


LONGEST_CALL = 60.0
"""The longest call to the control plane: then the SDK gives up, as if the response was lost."""
LONGEST_LATE = 100.0
"""Less than ``LATE_WRITES``, the time for which the app waits for such a write."""
LONGEST_STALE = 10.0
"""Less than the time between two readings."""


def azure_error(kind: str, seconds: float, *, writes: bool) -> OutsideError:
    """The error that the control plane's adapter raises."""
    if kind == "throttle":
        return ThrottledError("too many requests", timedelta(seconds=seconds))
    return AnswerLostError("no answer") if writes else PassingError("no answer")


FINAL = ("denied", "rejected")
"""Refusals of things that exist, which will not pass."""


def refusal_error(kind: str, longer: int = 0) -> Exception:
    """The error that a refused call raises."""
    more = _LONG[:longer]
    match kind:
        case "denied":
            return DeniedError(f"AuthorizationFailed: no right{more}")
        case "gone":
            return NotFoundError(f"ResourceNotFound: not there{more}")
        case "rejected":
            return RejectedError(f"BadRequest: not accepted{more}")
        case "throttled":
            return ThrottledError(f"too many requests{more}", timedelta(seconds=30))
        case "lost":
            return AnswerLostError(f"no answer{more}")
        case "odd":
            return PlantedError(f"nobody foresaw this{more}")
    return PassingError(f"no answer{more}")


_LONG = " für äußerst lange Erklärungen, 説明" * 2000


def storage_error(kind: str) -> StorageError:
    """The error of storage after the SDK's own retries have failed."""
    return StorageError("connection reset" if kind in ("lose", "late") else "the server is busy")
