"""The hosts of a pool: those that are out, and those that are overdue."""

from typing import Literal

from shared.api.views.page import list_of
from shared.core.drain.model import Maintained
from shared.core.observation.attempts import Attempts
from shared.core.observation.seen import HostSeen
from shared.engine.drains.claims import PoolClaim
from shared.wire.views.words import Time, View, time


class ClaimView(View):
    """A host that is not as it was, or not for sure, and what is known of it."""

    host: str
    """The session host's name."""
    hostPool: str
    """The host pool's resource id."""
    state: Literal["out", "keptDrained", "putBackByWatchdog"]
    """Why it is listed."""
    drain: str
    """The id of the drain that took it out."""
    since: Time | None
    """Since when."""
    restoreBy: Time | None
    """When the watchdog puts it back."""
    allowNewSessionBefore: bool | None
    """Whether it took new sessions before; null if that is not known."""
    note: str | None
    """What a person should know of it."""


ClaimList = list_of("ClaimList", ClaimView, "The hosts that are out.")


def claim_view(found: PoolClaim) -> ClaimView:
    """A host that is not as it was, or not for sure, and what is known of it."""
    claim = found.claim
    state: Literal["out", "keptDrained", "putBackByWatchdog"]
    state = "out" if claim.out else "keptDrained" if claim.kept_drained else "putBackByWatchdog"
    return {
        "host": claim.name,
        "hostPool": found.pool.resource_id,
        "state": state,
        "drain": claim.drain,
        "since": time(claim.restored_at or claim.claimed_at),
        "restoreBy": time(claim.restore_by),
        "allowNewSessionBefore": claim.before,
        "note": claim.note or None,
    }


class OverdueView(View):
    """A host, and when it was last maintained: null if that is not known. `failures` counts those in a
    row since then; a host that is `setAside` is left out by runs that take hosts in turn."""

    host: str
    """The session host's name."""
    status: str
    """What the service says of it now."""
    allowNewSession: bool | None
    """Whether it takes new sessions now; null if the service does not tell."""
    sessions: int
    """How many sessions the service counts on it."""
    maintainedAt: Time | None
    """When it was last maintained."""
    tookSeconds: float | None
    """How long that took."""
    failures: int
    """How often in a row it failed since."""
    lastFailedAt: Time | None
    """When it last failed."""
    lastFailure: str | None
    """Why it last failed."""
    setAside: bool
    """Whether runs that take hosts in turn leave it out."""


OverdueList = list_of("OverdueList", OverdueView, "The hosts that are overdue.")


def overdue_view(
    host: HostSeen, done: Maintained | None, failed: Attempts | None = None
) -> OverdueView:
    took = done.took.total_seconds() if done is not None and done.took is not None else None
    return {
        "host": host.name,
        "status": host.status,
        "allowNewSession": host.allow_new_session,
        "sessions": host.sessions,
        "maintainedAt": time(done.at) if done is not None else None,
        "tookSeconds": took,
        "failures": failed.failures if failed is not None else 0,
        "lastFailedAt": time(failed.last_at) if failed is not None else None,
        "lastFailure": failed.text if failed is not None else None,
        "setAside": failed is not None and failed.set_aside,
    }
