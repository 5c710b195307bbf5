"""The possible outcomes of an action."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service accepted it. ``value``: the address of the long operation, if one began."""

    value: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The service refused it and did nothing. ``final``: repeating it is no use."""

    text: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The target of the action no longer exists."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost: the action may have taken effect, or may do so later."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """It was not sent, or was turned away because of throttling. This is not a refusal."""

    text: str = ""


Outcome = Accepted | Refused | Gone | Unknown | NotTried


class Result(StrEnum):
    """An outcome as records store it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    GONE = "gone"
    UNKNOWN = "unknown"
    NOT_TRIED = "notTried"


def result_of(outcome: Outcome) -> tuple[Result, str]:
    """The stored form of an outcome, with the service's or the app's text; empty if there is none."""
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
    """The outcome for readers."""
    return result_in_words(*result_of(outcome))


def result_in_words(result: Result, text: str) -> str:
    """A stored outcome for readers. ``text``: what the service or the app said, empty if nothing."""
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
