"""What the next look must read besides the list of hosts. What no rule needs is not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.admission.blockers import blocked_anyway
from shared.core.admission.capacity import may_fit
from shared.core.drain.additions import with_added
from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.maintenance.work import vmjob, work_of
from shared.core.maintenance.work.work import Needs
from shared.core.observation.health import is_usable
from shared.core.observation.seen import HostSeen, PoolFacts, Seen
from shared.core.policy.policy import Ordering, Policy
from shared.core.restore import exclusiontag


@dataclass(frozen=True, slots=True)
class LookNeeds:
    """What to read. Mappings are by host key. ``operations``: addresses. ``machines``, ``tags``: VM
    ids."""

    sessions: bool
    sessions_on: frozenset[str] | None
    """The hosts whose sessions matter, by key; None: those of all."""
    operations: dict[str, str]
    machines: dict[str, str]
    tags: dict[str, str]
    scripts: dict[str, tuple[str, str]]
    """The VM's id and the name of the script's run."""
    run: str = ""
    """The id of the maintenance run to read; empty if there is none."""


def may_go(drain: Drain, seen: Seen, now: datetime) -> bool:
    """Whether a host could be taken out, judged by the list of the pool's hosts."""
    if blocked_anyway(drain.control, now) is not None:
        return False
    return may_fit(drain.control.policy, with_added(drain), seen)


def needs_facts(drain: Drain) -> bool:
    """Whether the pool itself must be read even if no host may go out: a maintenance may begin, or
    it is not known yet whether autoscale must be kept away from a host."""
    return any(
        host.phase is Phase.EMPTY
        or (host.phase in OUT and host.tag is None and host.kept_drained is None)
        for host in drain.hosts
    )


def needs_maintained(policy: Policy) -> bool:
    """Whether it must be read when hosts were last maintained and how long that took, if a host may
    go out. The order may depend on it, or whether a host could be back before its window ends."""
    return policy.order is Ordering.LONGEST_SINCE_MAINTENANCE or policy.window is not None


def needs_of(
    drain: Drain, listed: Mapping[str, HostSeen], facts: PoolFacts | None, *, going: bool
) -> LookNeeds:
    """The readings for this look: sessions while a host waits to be empty, or while one may go out
    and a floor counts sessions; VMs and operations while a host is being maintained; tags while
    one is claimed or restored. ``going``: see ``may_go``."""
    work = work_of(drain.control.policy.maintenance)
    out = [host for host in drain.hosts if host.phase in OUT]
    asked: list[tuple[str, Needs]] = [(h.key, work.needs(h)) for h in out]
    asked += [(h.key, Needs(machine=h.vm_id)) for h in out if _power_matters(h, listed.get(h.key))]
    stopping = [h for h in out if h.phase is Phase.RESTORING and h.started]
    asked += [(h.key, vmjob.needs(h, h.stopping)) for h in stopping]
    occupied = frozenset(h.key for h in out if h.phase in (Phase.DRAINING, Phase.EMPTY))
    occupied |= {h.key for h in stopping if h.stopping is None or not h.stopping.over}
    whole = going and _floor_counts_sessions(drain.control.policy)
    return LookNeeds(
        sessions=bool(occupied) or whole,
        sessions_on=None if whole else occupied,
        operations={key: n.operation for key, n in asked if n.operation is not None},
        machines={key: n.machine for key, n in asked if n.machine is not None},
        scripts={key: n.script for key, n in asked if n.script is not None},
        run="" if all(h.ended for h in drain.hosts) else work.watched_run(),
        tags={h.key: h.vm_id for h in out if h.vm_id is not None and _tags_matter(h, facts)},
    )


def _floor_counts_sessions(policy: Policy) -> bool:
    """The hosts' own session counts lag, so a floor is not computed from them."""
    return policy.minimum_capacity is not None or policy.scaling_plan_floor


def _power_matters(host: HostRecord, here: HostSeen | None) -> bool:
    """A host that is not usable may be stopped. Then it has no users, whatever is listed."""
    waits = host.phase in (Phase.DRAINING, Phase.EMPTY)
    return waits and here is not None and not is_usable(here)


def _tags_matter(host: HostRecord, facts: PoolFacts | None) -> bool:
    if host.phase is Phase.RESTORING:
        return host.tag is not None and host.tag.asked
    if host.tag is not None and host.tag.unsure:
        return True
    unknown = host.tag is None and host.kept_drained is None
    return unknown and facts is not None and bool(exclusiontag.wanted(facts))
