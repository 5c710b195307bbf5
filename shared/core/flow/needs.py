"""What the next look must ask after, beyond the list of hosts. What nobody needs isn't read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.admission.blockers import blocked_anyway
from shared.core.admission.capacity import may_fit
from shared.core.drain.additions import with_added
from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.maintenance import vmjob
from shared.core.maintenance.kind import Needs
from shared.core.observation.health import is_usable
from shared.core.observation.seen import HostSeen, PoolFacts, Seen
from shared.core.policy.policy import Ordering, Policy
from shared.core.restore import exclusiontag


@dataclass(frozen=True, slots=True)
class LookNeeds:
    """Host key to operation address, and to VM id."""

    sessions: bool
    operations: dict[str, str]
    machines: dict[str, str]
    tags: dict[str, str]
    scripts: dict[str, tuple[str, str]]
    """Host key to VM id and the run's name there."""
    run: str = ""
    """The maintenance run whose state matters."""


def may_go(drain: Drain, seen: Seen, now: datetime) -> bool:
    """Whether a host could be taken out, as far as is known once the pool's hosts are listed."""
    if blocked_anyway(drain.control, now) is not None:
        return False
    return may_fit(drain.control.policy, with_added(drain), seen)


def needs_facts(drain: Drain) -> bool:
    """The pool itself, also when no host may go: its maintenance may begin, or it is not known yet
    whether autoscale must be kept away from it."""
    return any(
        host.phase is Phase.EMPTY
        or (host.phase in OUT and host.tag is None and host.kept_drained is None)
        for host in drain.hosts
    )


def needs_maintained(policy: Policy) -> bool:
    """When hosts were last maintained, and how long that took, if one may go: the order of those
    that wait depends on it, or whether they could be back before a window ends."""
    return policy.order is Ordering.LONGEST_SINCE_MAINTENANCE or policy.window is not None


def needs_of(
    drain: Drain, listed: Mapping[str, HostSeen], facts: PoolFacts | None, *, going: bool
) -> LookNeeds:
    """Sessions while a host waits to be empty, or one may go and a floor counts them; VMs and
    operations while one is maintained; tags when one is claimed or put back."""
    kind = drain.control.policy.maintenance
    out = [host for host in drain.hosts if host.phase in OUT]
    asked: list[tuple[str, Needs]] = [(h.key, kind.needs(h)) for h in out]
    asked += [(h.key, Needs(machine=h.vm_id)) for h in out if _power_matters(h, listed.get(h.key))]
    stopping = [h for h in out if h.phase is Phase.RESTORING and h.started]
    asked += [(h.key, vmjob.needs(h, h.stopping)) for h in stopping]
    return LookNeeds(
        sessions=any(h.phase in (Phase.DRAINING, Phase.EMPTY) for h in drain.hosts)
        or any(h.stopping is None or not h.stopping.over for h in stopping)
        or (going and _floor_counts_sessions(drain.control.policy)),
        operations={key: n.operation for key, n in asked if n.operation is not None},
        machines={key: n.machine for key, n in asked if n.machine is not None},
        scripts={key: n.script for key, n in asked if n.script is not None},
        run="" if all(h.ended for h in drain.hosts) else kind.watched_run(),
        tags={h.key: h.vm_id for h in out if h.vm_id is not None and _tags_matter(h, facts)},
    )


def _floor_counts_sessions(policy: Policy) -> bool:
    """Hosts tell a number of sessions too, but it lags: a floor is not built on that."""
    return policy.minimum_capacity is not None or policy.scaling_plan_floor


def _power_matters(host: HostRecord, here: HostSeen | None) -> bool:
    """A host that is not well may be stopped: then nobody is on it, whatever is listed."""
    waits = host.phase in (Phase.DRAINING, Phase.EMPTY)
    return waits and here is not None and not is_usable(here)


def _tags_matter(host: HostRecord, facts: PoolFacts | None) -> bool:
    if host.phase is Phase.RESTORING:
        return host.tag is not None and host.tag.asked
    if host.tag is not None and host.tag.unsure:
        return True
    unknown = host.tag is None and host.kept_drained is None
    return unknown and facts is not None and bool(exclusiontag.wanted(facts))
