"""Findings, the readings that failed, and the severity of all findings together."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """It works, but something is worse than necessary."""
    ERROR = "error"
    """Drains fail, or hosts may stay out, until somebody repairs it."""
    UNKNOWN = "unknown"
    """It could not be read, which is not ok."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``about``: a setting, a table or a resource id. ``what_to_do`` is empty if nothing need be
    done."""

    code: str
    severity: Severity
    about: str
    text: str
    what_to_do: str = ""


class Cause(StrEnum):
    """Why something could not be read."""

    DENIED = "a right is missing"
    GONE = "it is not there"
    REFUSED = "the service does not take the question"
    PASSING = "not now"


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands for a reading that failed."""

    cause: Cause
    text: str


_WORST_FIRST = (Severity.ERROR, Severity.UNKNOWN, Severity.WARNING, Severity.OK)


def worst(findings: Iterable[Finding]) -> Severity:
    """The severity of an installation as a whole. Unknown counts as worse than a warning."""
    found = (finding.severity for finding in findings)
    return min(found, key=_WORST_FIRST.index, default=Severity.OK)


def by_weight(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, the worst first; those of equal severity stay in their order."""
    return tuple(sorted(findings, key=lambda finding: _WORST_FIRST.index(finding.severity)))


def unread(what: str, about: str, reading: Unread, denied: str = "") -> Finding:
    """The finding that ``what`` could not be read. ``denied``: what to do if a right is missing;
    empty: the usual advice."""
    text = f"{what} could not be read: {reading.text}"
    match reading.cause:
        case Cause.DENIED:
            todo = (
                denied
                or "Give the app's identity the right that the text names: see permissions.md."
            )
            return Finding("RightMissing", Severity.ERROR, about, text, todo)
        case Cause.GONE:
            todo = "If it was deleted or moved, take it out of HOST_POOLS, schedules and rules."
            return Finding("NotThere", Severity.ERROR, about, text, todo)
        case Cause.REFUSED:
            todo = (
                "If the text speaks of an api-version, the service has retired the one that this version "
                "of the app asks by: publish a newer version of the app."
            )
            return Finding("RequestRefused", Severity.ERROR, about, text, todo)
        case Cause.PASSING:
            todo = "Ask again. If it stays so, look at the network and at Azure's status."
            return Finding("NotRead", Severity.UNKNOWN, about, text, todo)
