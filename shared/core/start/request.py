"""A request for a drain that is well-formed: what it asks for, before any look at the estate."""

from dataclasses import dataclass

from shared.core.drain.cause import Cause
from shared.core.policy.policy import Policy
from shared.core.start.selection import Selection
from shared.core.values.hostpool import HostPoolId


@dataclass(frozen=True, slots=True)
class Start:
    pool: HostPoolId
    selection: Selection
    reason: str
    policy: Policy
    allow_personal: bool
    unique: str
    """The caller's idempotency key, or something that is never twice."""
    digest: str
    address: str = ""
    """Where the request came to, up to ``/api/``."""
    cause: Cause | None = None
    """The events that asked for it, if events did."""
    caller: str = ""
    """Tells who asked for it from others; empty: no caller did, or it is not known who."""
