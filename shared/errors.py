"""What can go wrong outside the core, by what to do next.

::

    OutsideError
    ├── Passing          try again later; nothing happened
    │   └── Throttled    ... and not before ``retry_after``
    ├── AnswerLost       it may have happened: look before doing it again
    └── Final            asking again is no use
        ├── Denied       a right is missing; the text names it
        ├── NotFound     what it was about is not there
        └── Rejected     the service does not accept this

    StorageError         storage did not do what it was asked: again later, with what is stored
    LeaseHeldError       another instance works on this pool: come back shortly
    LeaseLostError       this instance no longer owns the pool: drop everything, write nothing
    UnreadableError      a record that this version of the app cannot read
    RecordTooLargeError  a record that storage would not take; nothing was written
    ChangedError         somebody else changed it meanwhile: read again
    RequestRefusedError  a caller asked for what can't be done; says all that is wrong
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.core.values.texts import count


class OutsideError(Exception):
    """Azure, or the way to it, did not do what it was asked."""


class PassingError(OutsideError):
    """Not now: nothing happened, and trying again later may succeed."""


class ThrottledError(PassingError):
    """Refused for asking too often."""

    def __init__(self, text: str, retry_after: timedelta) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class AnswerLostError(OutsideError):
    """No answer, or one that leaves open whether it happened."""


class FinalError(OutsideError):
    """No, and asking again in the same way is no use."""


class DeniedError(FinalError):
    """The app's identity lacks a right."""


class NotFoundError(FinalError):
    """The thing asked about does not exist."""


class RejectedError(FinalError):
    """The service does not accept the request."""


class StorageError(Exception):
    """Storage failed, or did not answer: what was to be written may or may not have been."""


class LeaseHeldError(Exception):
    """Another instance works on this pool."""


class LeaseLostError(Exception):
    """The lease ran out and somebody else may have taken it."""


class UnreadableError(Exception):
    """A stored record that cannot be read: broken, or written by a newer version."""


class RecordTooLargeError(Exception):
    """A record that is larger than storage takes. Measured before it is sent: nothing was written."""


class ChangedError(Exception):
    """What was to be replaced is not what was read any more."""


MOST_FAULTS = 100
"""So many of a request are told; of the others, how many there are. A body of 1 MB may have 60,000."""


class RefusalKind(StrEnum):
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
    """One thing that is wrong with a request: which field, and what."""

    code: str
    target: str
    text: str


class RequestRefusedError(Exception):
    """A request that is not carried out. Nothing was touched."""

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
        """The first faults, and how many more there are; or what is said without any."""
        texts = tuple(fault.text for fault in self.faults[:MOST_FAULTS])
        more = len(self.faults) - len(texts)
        return (*texts, *([f"and {more} more faults"] if more else ())) or (self.text,)

    @property
    def passing(self) -> bool:
        """Whether the same request may be carried out later."""
        return self.kind in (RefusalKind.UNAVAILABLE, RefusalKind.CHANGED, RefusalKind.TOO_MANY)


def invalid(faults: tuple[Fault, ...]) -> RequestRefusedError:
    """A request that asks for what can't be; with one fault, that fault is the message."""
    if len(faults) == 1:
        [fault] = faults
        return RequestRefusedError(
            RefusalKind.INVALID, fault.code, fault.text, faults, fault.target
        )
    text = f"the request has {len(faults)} faults"
    return RequestRefusedError(RefusalKind.INVALID, "InvalidRequest", text, faults)


ANY = "*"
"""In place of the version that a request is made conditional on: whatever it is."""


def require_version(what: str, on: str, version: str) -> None:
    """Raises RequestRefusedError if the ``what`` is not at the version that a request names."""
    if on not in (ANY, version):
        raise condition_not_met(what)


def busy(code: str, text: str) -> RequestRefusedError:
    """Others were quicker each time: the same again may succeed in a moment."""
    wait = timedelta(seconds=5)
    return RequestRefusedError(RefusalKind.UNAVAILABLE, code, text, retry_after=wait)


def too_many(what: str, there: int, most: int) -> RequestRefusedError:
    """A caller has so many ``what`` already, and ``most`` is the limit of each caller."""
    text = f"you have {count(there, what)} open, and {most} is the limit of each caller"
    wait = timedelta(minutes=1)
    return RequestRefusedError(RefusalKind.TOO_MANY, "TooManyOpen", text, retry_after=wait)


def condition_not_met(what: str) -> RequestRefusedError:
    """The ``what`` is not at the version that a request was made conditional on."""
    text = f"the {what} was changed since you read it: read it again, and decide again"
    return RequestRefusedError(RefusalKind.CHANGED, "ConditionNotMet", text, target="If-Match")


STORE_ERRORS = (StorageError, LeaseLostError, LeaseHeldError, ChangedError)
"""What may become of any use of the store: it is done again later, with what is stored by then."""
