"""What can come of an action."""

from dataclasses import dataclass


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


def in_words(outcome: Outcome) -> str:
    match outcome:
        case Accepted():
            return "accepted"
        case Refused(text, _):
            return f"refused: {text}"
        case Gone():
            return "not needed: already gone"
        case Unknown():
            return "answer lost: outcome unknown"
        case NotTried(text):
            return f"not tried: {text}" if text else "not tried"
