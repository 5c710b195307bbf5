"""What can come of an action."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service said yes. ``value`` is a long operation's address."""

    value: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The service said no and did nothing. ``final``: asking again is no use."""

    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """What the action was for is no longer there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: it may have happened, or may yet."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """It was not sent at all, or sent back for being one too many: not now, and no refusal."""

    text: str = ""


Outcome = Accepted | Refused | Gone | Unknown | NotTried


class Result(StrEnum):
    """An outcome as records keep it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    GONE = "gone"
    UNKNOWN = "unknown"
    NOT_TRIED = "notTried"


def result_of(outcome: Outcome) -> tuple[Result, str]:
    """With what the service said, if it said anything."""
    match outcome:
        case Accepted():
            return Result.ACCEPTED, ""
        case Refused(text, _):
            return Result.REFUSED, text
        case Gone():
            return Result.GONE, ""
        case Unknown():
            return Result.UNKNOWN, ""
        case NotTried(text):
            return Result.NOT_TRIED, text


def in_words(outcome: Outcome) -> str:
    return result_in_words(*result_of(outcome))


def result_in_words(result: Result, text: str) -> str:
    match result:
        case Result.ACCEPTED:
            return "accepted"
        case Result.REFUSED:
            return f"refused: {text}"
        case Result.GONE:
            return "not needed: already gone"
        case Result.UNKNOWN:
            return "answer lost: outcome unknown"
        case Result.NOT_TRIED:
            return f"not tried: {text}" if text else "not tried"
