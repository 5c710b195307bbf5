"""How many more hosts may be taken out of a pool now. If there are several limits, the strictest
holds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.core.admission import batches
from shared.core.admission.scalingplan import hosts_needed, phase_at
from shared.core.drain.availability import Point
from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from shared.core.observation.health import is_usable
from shared.core.observation.seen import UNLIMITED, PoolFacts, Seen
from shared.core.policy.policy import MinimumCapacity, Policy
from shared.core.values.texts import count

IN_THIS_DRAIN = "in this drain"


@dataclass(slots=True)
class Limit:
    """One reason why only ``free`` more hosts may go out. ``spares``: hosts that are out already do
    not count against it. Not ``known``: what it depends on was not read, so no host may go."""

    name: str
    free: int
    text: str
    spares: bool = True
    known: bool = True


@dataclass(slots=True)
class Room:
    """The hosts that are out, by key with the reason, and how many more may go out."""

    out: dict[str, str]
    limits: list[Limit]
    batch: int | None = None
    """The batch that the next host belongs to; None without batches."""

    def fits(self, key: str) -> bool:
        """Whether every limit lets this host go out."""
        return all(limit.free > 0 or (limit.spares and key in self.out) for limit in self.limits)

    def take(self, key: str) -> None:
        """Count this host as taken out by this drain."""
        for limit in self.limits:
            if not (limit.spares and key in self.out):
                limit.free -= 1
        self.out[key] = IN_THIS_DRAIN

    @property
    def free(self) -> int:
        """How many of the hosts that are available now may go out, whatever their batch."""
        return max(0, min(limit.free for limit in self.limits if limit.spares))

    @property
    def text(self) -> str:
        """What the strictest limit says."""
        return min(self.limits, key=lambda limit: limit.free).text


def standing(
    policy: Policy, hosts: Iterable[HostRecord], seen: Seen, now: datetime
) -> tuple[Point, str]:
    """How the pool stands against the floor of the policy, as one look saw it; and the strictest
    limit, which the floor comes from, or why the floor is not known."""
    space = room(policy, hosts, seen, now)
    total = _size(space.out, seen)
    available = total - len(space.out)
    limits = [limit for limit in space.limits if limit.spares]
    if lacking := next((limit for limit in limits if not limit.known), None):
        return Point(now, available, total, None), lacking.text
    strictest = min(limits, key=lambda limit: limit.free)
    return Point(now, available, total, max(0, available - strictest.free)), strictest.text


def room(policy: Policy, hosts: Iterable[HostRecord], seen: Seen, now: datetime) -> Room:
    """The room that the policy leaves. A host counts as out for whatever reason it cannot take
    users: this drain, another drain, drain mode that a person turned on, or bad health."""
    known = tuple(hosts)
    out = _out(known, seen)
    total = _size(out, seen)
    available = total - len(out)
    limits = _of_hosts(policy, out, total)
    if policy.minimum_capacity is not None:
        limits.append(_capacity(policy.minimum_capacity, available, seen))
    if policy.scaling_plan_floor and (limit := _plan(available, total, seen, now)) is not None:
        limits.append(limit)
    batch = batches.current(policy, known)
    if batch is not None:
        limits.append(Limit("batches", batch.free, batch.text, spares=False))
    return Room(out, limits, batch.number if batch is not None else None)


def may_fit(policy: Policy, hosts: Iterable[HostRecord], seen: Seen) -> bool:
    """Whether a queued host could go out, judged by the list of hosts alone. Further readings can
    only hold it back. A host that is being restored does not count as out, because it may be
    finished with that."""
    known = tuple(hosts)
    out = _out(tuple(host for host in known if host.phase is not Phase.RESTORING), seen)
    space = Room(out, _of_hosts(policy, out, _size(out, seen)))
    return any(host.phase is Phase.QUEUED and space.fits(host.key) for host in known)


def _of_hosts(policy: Policy, out: dict[str, str], total: int) -> list[Limit]:
    """The limits that count hosts."""
    limits = [_unavailable(policy, out, total)]
    if policy.minimum_available is not None:
        available, least = total - len(out), policy.minimum_available.at_least_of(total)
        text = f"{available} of {count(total, 'host')} available, {least} must stay"
        limits.append(Limit("minimumAvailable", available - least, text))
    return limits


def _out(hosts: tuple[HostRecord, ...], seen: Seen) -> dict[str, str]:
    """The hosts that cannot take users, by key, each with the reason. A host that a drain has out is out, whether
    it is listed or not."""
    out = {host: f"in drain {drain}" for host, drain in seen.out_for_others.items()}
    out |= {host.key: IN_THIS_DRAIN for host in hosts if host.phase in OUT}
    for host in seen.hosts.values():
        if host.key in out:
            continue
        if not host.allow_new_session:
            closed = host.allow_new_session is False
            out[host.key] = "drained by someone else" if closed else "not known to take sessions"
        elif not is_usable(host):
            out[host.key] = f"with status {host.status}"
    return out


def _size(out: dict[str, str], seen: Seen) -> int:
    """How many hosts the pool has: those that are listed, and those that are out."""
    return len(seen.hosts.keys() | out.keys())


def _unavailable(policy: Policy, out: dict[str, str], hosts: int) -> Limit:
    """The limit ``maxUnavailable``. Its text: ``2 of 2 hosts are out: 1 in this drain, 1 drained by
    someone else``; or, if more are out than this policy allows, ``3 hosts are out, 2 may be:
    ...``."""
    most = policy.max_unavailable.of(hosts)
    reasons = sorted(Counter(out.values()).items())
    parts = ", ".join(f"{number} {reason}" for reason, number in reasons)
    verb = "is" if len(out) == 1 else "are"
    text = f"{len(out)} of {count(most, 'host')} {verb} out"
    if len(out) > most:
        text = f"{len(out)} hosts are out, {most} may be"
    text += f": {parts}" if parts else ""
    return Limit("maxUnavailable", most - len(out), text)


def _sessions(seen: Seen) -> int:
    if seen.sessions is not None and seen.sessions_on is None:
        return sum(len(found) for found in seen.sessions.values())
    return sum(host.sessions for host in seen.hosts.values())


def _limit(facts: PoolFacts | None) -> int:
    return facts.pool.max_session_limit if facts is not None else 0


def _capacity(wanted: MinimumCapacity, available: int, seen: Seen) -> Limit:
    """The limit on room for sessions: the pool's session limit times its available hosts, compared
    with the current sessions plus the head room. If the pool's facts are not known, no host goes
    out."""
    limit, sessions = _limit(seen.facts), _sessions(seen)
    least = max(wanted.sessions, -(-sessions * (100 + wanted.head_room_percent) // 100))
    have = available * limit
    text = (
        f"room for {count(have, 'session')} on {count(available, 'available host')}, "
        f"{least} must stay ({sessions} exist)"
    )
    free = (have - least) // limit if limit else 0
    return Limit("minimumCapacity", free, text, known=limit > 0)


def _plan(available: int, total: int, seen: Seen, now: datetime) -> Limit | None:
    if seen.facts is None:
        return Limit("scalingPlanFloor", 0, "the scaling plan is not known yet", known=False)
    plan = seen.facts.plan
    if plan is not None and plan.phases is None:
        text = f"the schedules of scaling plan '{plan.name}' cannot be read"
        return Limit("scalingPlanFloor", 0, text, known=False)
    phase = phase_at(plan, now) if plan is not None else None
    if plan is None or phase is None:
        return None
    limit = _limit(seen.facts)
    sessions = _sessions(seen) if limit < UNLIMITED else 0
    least = hosts_needed(phase, total, sessions, limit)
    text = (
        f"{count(available, 'host')} available, {least} must stay: the {phase.name} of scaling "
        f"plan '{plan.name}'"
    )
    return Limit("scalingPlanFloor", available - least, text)
