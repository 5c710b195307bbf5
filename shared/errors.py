"""Errors of what lies outside the core, arranged by what the caller does next.

::

    OutsideError
    ├── Passing          try again later; nothing happened
    │   └── Throttled    ... but not before ``retry_after``
    ├── AnswerLost       it may have taken effect: look before repeating it
    └── Final            repeating it is no use
        ├── Denied       a right is missing; the text names it
        ├── NotFound     the resource does not exist
        └── Rejected     the service does not accept the request

    StorageError         storage failed: repeat later, with what is stored then
    LeaseHeldError       another instance works on this pool: come back shortly
    LeaseLostError       this instance no longer holds the pool's lease: stop, write nothing
    UnreadableError      this version of the app cannot read a record
    RecordTooLargeError  a record is too large for storage; nothing was written
    ChangedError         somebody else changed the record meanwhile: read it again
    RequestRefusedError  a caller's request cannot be carried out; holds every fault
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.core.values.texts import count


class OutsideError(Exception):
    """Azure, or the network in between, did not do what was asked."""


class PassingError(OutsideError):
    """Not now: nothing happened, and a later try may succeed."""


class ThrottledError(PassingError):
    """Too many requests. ``retry_after`` is the time to wait before the next one."""

    def __init__(self, text: str, retry_after: timedelta) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class AnswerLostError(OutsideError):
    """No answer, or one that leaves open whether the request took effect."""


class FinalError(OutsideError):
    """Refused, and repeating the same request is no use."""


class DeniedError(FinalError):
    """The app's identity lacks a right."""


class NotFoundError(FinalError):
    """The resource of the request does not exist."""


class RejectedError(FinalError):
    """The service does not accept the request."""


class StorageError(Exception):
    """Storage failed or did not answer. A write may or may not have taken effect."""


class LeaseHeldError(Exception):
    """Another instance holds the pool's lease."""


class LeaseLostError(Exception):
    """The lease ran out, and another instance may have acquired it."""


class UnreadableError(Exception):
    """A stored record that cannot be read: broken, or written by a newer version."""


class RecordTooLargeError(Exception):
    """A record is larger than storage allows. Its size is checked before it is sent: nothing was
    written."""


class ChangedError(Exception):
    """A record is no longer as it was read, so it was not replaced."""


MOST_FAULTS = 100
"""At most this many faults of one request are listed; for the rest, only their number. A body of 1
MB may have 60,000."""


class RefusalKind(StrEnum):
    """Why a request is refused. The API gives each kind an HTTP status."""

    INVALID = "invalid"
    NOT_FOUND = "notFound"
    CONFLICT = "conflict"
    DENIED = "denied"
    UNAVAILABLE = "unavailable"
    CHANGED = "changed"
    UNCONDITIONAL = "unconditional"
    TOO_LARGE = "tooLarge"
    TOO_MANY = "tooMany"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request. ``target`` is the field's path, ``text`` says what is wrong with it."""

    code: str
    target: str
    text: str


class RequestRefusedError(Exception):
    """A request that is not carried out; nothing was changed. ``faults``: everything that is wrong
    with the request, if the request is at fault. ``target``: the field or header concerned.
    ``retry_after``: when the same request may succeed, None if that is not known."""

    def __init__(
        self,
        kind: RefusalKind,
        code: str,
        text: str,
        faults: tuple[Fault, ...] = (),
        target: str = "",
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(text)
        self.kind = kind
        self.code = code
        self.text = text
        self.faults = faults
        self.target = target
        self.retry_after = retry_after

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the first ``MOST_FAULTS`` faults and the number of the rest; without faults,
        the error's text."""
        texts = tuple(fault.text for fault in self.faults[:MOST_FAULTS])
        more = len(self.faults) - len(texts)
        return (*texts, *([f"and {more} more faults"] if more else ())) or (self.text,)

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.kind in (RefusalKind.UNAVAILABLE, RefusalKind.CHANGED, RefusalKind.TOO_MANY)


def invalid(faults: tuple[Fault, ...]) -> RequestRefusedError:
    """A refusal for a request with these faults. A single fault becomes the message."""
    if len(faults) == 1:
        [fault] = faults
        return RequestRefusedError(
            RefusalKind.INVALID, fault.code, fault.text, faults, fault.target
        )
    text = f"the request has {len(faults)} faults"
    return RequestRefusedError(RefusalKind.INVALID, "InvalidRequest", text, faults)


ANY = "*"
"""In a conditional request, matches any version."""


def require_version(what: str, on: str, version: str) -> None:
    """Raises RequestRefusedError unless ``on``, the version that a request names, is ``version`` or
    ANY. ``what`` is the noun for the message, such as ``drain``."""
    if on not in (ANY, version):
        raise condition_not_met(what)


def unavailable(code: str, text: str, wait: timedelta) -> RequestRefusedError:
    """A refusal for now: the same request may succeed after ``wait``."""
    return RequestRefusedError(RefusalKind.UNAVAILABLE, code, text, retry_after=wait)


def busy(code: str, text: str) -> RequestRefusedError:
    """A refusal because concurrent requests won each time."""
    return unavailable(code, text, timedelta(seconds=5))


def too_many(what: str, there: int, most: int) -> RequestRefusedError:
    """A refusal for a caller who has ``there`` open ``what`` already (a noun in the singular), of
    ``most`` that each caller may have."""
    text = f"you have {count(there, what)} open, and {most} is the limit of each caller"
    wait = timedelta(minutes=1)
    return RequestRefusedError(RefusalKind.TOO_MANY, "TooManyOpen", text, retry_after=wait)


def condition_not_met(what: str) -> RequestRefusedError:
    """A refusal because the ``what`` is no longer at the version that a conditional request names."""
    text = f"the {what} was changed since you read it: read it again, and decide again"
    return RequestRefusedError(RefusalKind.CHANGED, "ConditionNotMet", text, target="If-Match")


STORE_ERRORS = (StorageError, LeaseLostError, LeaseHeldError, ChangedError)
"""Errors that any call of the store may raise in ordinary operation. The work is repeated later,
with what is stored then."""
