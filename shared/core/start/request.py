"""A well-formed request for a drain, before anything is read from Azure."""

from dataclasses import dataclass

from shared.core.drain.cause import Cause
from shared.core.policy.policy import Policy
from shared.core.start.selection import Selection
from shared.core.values.hostpool import HostPoolId


@dataclass(frozen=True, slots=True)
class Start:
    """A request for a drain."""

    pool: HostPoolId
    selection: Selection
    reason: str
    policy: Policy
    allow_personal: bool
    unique: str
    """What makes the request unique, such as the caller's idempotency key (see
    ``values/uniques.py``)."""
    digest: str
    address: str = ""
    """The app's address to which the request was sent, up to ``/api/``."""
    cause: Cause | None = None
    """The events that asked for it; None if no events did."""
    caller: str = ""
    """Identifies the caller; empty if no caller asked for it, or it is not known who."""
