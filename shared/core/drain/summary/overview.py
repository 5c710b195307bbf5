"""A drain without the records of its hosts: small, whatever their number and however many orders it
got."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.core.drain.availability import Availability
from shared.core.drain.cause import Cause
from shared.core.drain.expected import Forecast
from shared.core.drain.model import Control, Drain, Progress
from shared.core.drain.summary.tally import Tally, tally_of
from shared.core.host.orders import Order, Pause
from shared.core.host.status import ENDED
from shared.core.values.hostpool import HostPoolId

MOST_EXTENSIONS = 10
"""At most this many extensions are shown, the latest ones; the history has all."""


@dataclass(frozen=True, slots=True)
class Extended:
    """Users of ``hosts`` hosts (0: of all) were given more time."""

    asked: Order
    by: timedelta
    hosts: int = 0


@dataclass(frozen=True, slots=True)
class PolicyInShort:
    """The fields of a policy that operators ask for first."""

    maintenance: str
    """The kind of maintenance."""
    max_unavailable: str
    deadline: timedelta
    deadline_at: datetime | None
    at_deadline: str


@dataclass(frozen=True, slots=True)
class Overview:
    """``version`` is the version of the control, for conditional orders. If it is not known, it is
    empty and ``policy`` is None."""

    id: str
    pool: HostPoolId
    reason: str
    asked: Order
    policy: PolicyInShort | None
    progress: Progress
    tally: Tally
    request_digest: str = ""
    selection: str = ""
    zone: str = "UTC"
    cause: Cause | None = None
    paused: Pause | None = None
    cancel: Order | None = None
    release_all: Order | None = None
    extensions: tuple[Extended, ...] = ()
    """The latest extensions, oldest first."""
    extensions_given: int = 0
    pauses_given: int = 0
    version: str = field(default="", compare=False)
    forecast: Forecast | None = None
    """The latest forecast; None for a drain that has ended."""
    availability: Availability | None = None
    """How the pool stood at its looks; also None in the list of drains that have ended."""


def overview_of(drain: Drain) -> Overview:
    """The overview of a drain that was read as a whole."""
    tally = tally_of(drain.hosts)
    found = overview(drain.control, drain.progress, tally, drain.version, drain.forecast)
    return replace(found, availability=drain.availability)


def overview(
    control: Control,
    progress: Progress,
    tally: Tally,
    version: str = "",
    forecast: Forecast | None = None,
) -> Overview:
    """The overview, from its parts. ``version``: of the control, empty if not known."""
    policy = control.policy
    return Overview(
        control.id,
        control.pool,
        control.reason,
        control.asked,
        PolicyInShort(
            policy.maintenance.kind,
            str(policy.max_unavailable),
            policy.deadline,
            policy.deadline_at,
            str(policy.at_deadline),
        ),
        progress,
        tally,
        control.request_digest,
        control.selection,
        control.zone,
        control.cause,
        control.paused,
        control.cancel,
        control.release_all,
        tuple(Extended(e.asked, e.by, len(e.hosts)) for e in control.extensions[-MOST_EXTENSIONS:]),
        len(control.extensions),
        len(control.pauses),
        version,
        None if progress.status in ENDED else forecast,
    )
