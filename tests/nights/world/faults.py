"""What may go wrong with a call to the outside, by what is called."""

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
"""``throttle``  refused for asking too often; nothing happens
``fail``      an error that leaves it open; nothing happens
``lose``      it happens, and the answer is lost
``late``      the answer is lost, and it happens later
``slow``      it takes its time
``stuck``     it happens at once, and the answer takes its time
``stale``     a listing shows what was so a while ago
``twice``     a message is queued twice; a table's transaction is sent again by the SDK
"""

REFUSALS = ("denied", "gone", "rejected", "down", "throttled", "odd")
"""What a call comes to for long: no right; nothing there; not accepted; no answer; too often; an error
that nobody foresaw."""


LOST = "lost"
"""A refusal, too, for whoever asks: a request that never arrives, and of which that is not known."""


class PlantedError(ValueError):
    """Nobody foresaw it."""


LONGEST_CALL = 60.0
"""Of the control plane: then the SDK gives it up, as one whose answer is lost."""
LONGEST_LATE = 100.0
"""Less than ``LATE_WRITES``, which is what the app waits for such a write."""
LONGEST_STALE = 10.0
"""Less than two readings are apart."""


def azure_error(kind: str, seconds: float, *, writes: bool) -> OutsideError:
    """What the control plane's adapter makes of it."""
    if kind == "throttle":
        return ThrottledError("too many requests", timedelta(seconds=seconds))
    return AnswerLostError("no answer") if writes else PassingError("no answer")


FINAL = ("denied", "rejected")
"""Refusals of what is there: asking again is no use."""


def refusal_error(kind: str, longer: int = 0) -> Exception:
    """What a call raises that is refused for long."""
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
    """What comes of storage when the SDK's own retries came to nothing."""
    return StorageError("connection reset" if kind in ("lose", "late") else "the server is busy")
