"""Signals, sorted: which are out of date, and which ask for one drain together.

Many events at once, one for each host of a pool, become one drain. Events that arrive while that
drain runs add to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.drain.cause import Cause
from shared.core.drain.model import Drain
from shared.core.events.rules import Does, OverTheFloor, Rule, rule_for
from shared.core.events.signals import RunTold, Signal
from shared.core.host.phases import Phase
from shared.core.maintenance.updaterun import UpdateRun, UsersRemain
from shared.core.policy.policy import Amount, AtDeadline, Message, Policy
from shared.core.values import uniques
from shared.core.values.hostnames import host_key
from shared.core.values.hostpool import HostPoolId

TOGETHER = timedelta(minutes=15)
"""Signals share a drain if their times (``by``) fall into the same interval of this length. The
earliest time holds."""
AT_LEAST = timedelta(minutes=1)
"""The time that users get if the event arrives when their time is over."""
_EMPTY = (Phase.EMPTY, Phase.MAINTAINING, Phase.VERIFYING)


@dataclass(frozen=True, slots=True)
class Serving:
    """A machine that is a session host. ``machine``: its key, as an event named it."""

    pool: HostPoolId
    host: str
    machine: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hosts of one pool that go out together, and the signals that ask for it."""

    rule: Rule
    pool: HostPoolId
    hosts: tuple[str, ...]
    signals: tuple[Signal, ...]

    @property
    def run(self) -> RunTold | None:
        """The maintenance run for which the hosts go out; None if there is none."""
        return self.signals[0].run

    @property
    def about(self) -> str:
        """The id of that run; empty if there is none."""
        return self.run.id if self.run is not None else ""

    @property
    def by(self) -> datetime | None:
        """Until when users have time; None if no source said."""
        return min((n.by for n in self.signals if n.by is not None), default=None)

    @property
    def cause(self) -> Cause:
        """The cause of the drain that the group asks for."""
        return Cause(self.rule.name, str(self.rule.on), self.about, self.by)

    @property
    def reason(self) -> str:
        """The reason for that drain, in words: of the first signal, with how many others there are."""
        first = self.signals[0].reason
        others = len({n.reason for n in self.signals}) - 1
        return first if not others else f"{first} (and {others} more)"

    @property
    def unique(self) -> str:
        """The same for the same events, if they are handled again after a crash."""
        first = min(self.signals, key=lambda n: (n.at, n.key.digest))
        return uniques.of_event(first.key.digest, self.rule.name, first.part)


def stale(signal: Signal, now: datetime, over_at: datetime | None) -> str:
    """Why a signal is out of date; empty if it is not. ``over_at``: when its matter was over, or
    its machine available again; None if that is not known."""
    if over_at is not None and over_at >= signal.happened_at:
        return f"what it is about was over at {over_at:%Y-%m-%d %H:%M:%S}Z"
    if signal.stale_at is not None and now >= signal.stale_at:
        return f"too old: it made sense until {signal.stale_at:%Y-%m-%d %H:%M}Z"
    return ""


def groups(
    found: Iterable[tuple[Signal, Iterable[Serving]]], rules: Iterable[Rule]
) -> tuple[tuple[Group, ...], Mapping[str, list[str]]]:
    """The drains that the signals ask for. Also, by the digest of the signal's key, what is not
    done and why."""
    known = tuple(rules)
    sorted_: dict[tuple[object, ...], Group] = {}
    notes: dict[str, list[str]] = {}
    for signal, hosts in found:
        for here in hosts:
            rule = rule_for(known, signal, here.pool, here.machine)
            if rule is None or rule.does is Does.NOTHING:
                why = f"rule '{rule.name}' says so" if rule else "no rule fits it"
                text = f"nothing is done in host pool '{here.pool.name}': {why}"
                noted = notes.setdefault(signal.key.digest, [])
                if text not in noted:
                    noted.append(text)
                continue
            alone = Group(rule, here.pool, (), (signal,))
            key = (here.pool.key, *kin(alone.cause))
            sorted_[key] = _with(sorted_.get(key, alone), here.host, signal)
    return tuple(sorted_.values()), notes


def kin(cause: Cause) -> tuple[object, ...]:
    """The key of a cause: causes with the same key share a drain."""
    by = int(cause.by.timestamp() // TOGETHER.total_seconds()) if cause.by is not None else None
    return (cause.rule, cause.about.lower(), by)


def drain_of(group: Group, drains: Iterable[Drain]) -> Drain | None:
    """The one of ``drains`` with the same cause that may take the group's hosts; None if there is
    none. A drain that has ended a host of the group is not chosen, because it takes no host
    twice."""
    wanted = {host_key(host) for host in group.hosts}
    for drain in drains:
        cause, done = drain.control.cause, {host.key for host in drain.hosts if host.ended}
        kindred = cause is not None and kin(cause) == kin(group.cause)
        if kindred and drain.control.cancel is None and not wanted & done:
            return drain
    return None


def _with(group: Group, host: str, signal: Signal) -> Group:
    hosts = group.hosts if host in group.hosts else (*group.hosts, host)
    signals = group.signals if signal in group.signals else (*group.signals, signal)
    return replace(group, hosts=hosts, signals=signals)


def cancel_by(run: RunTold, lead: timedelta) -> datetime:
    """The last moment at which a run can be cancelled: its own cut-off, but no later than ``lead``
    before its start. (The vendor's page says ten minutes, its sample payload one.)"""
    latest = run.starts_at - lead
    return latest if run.cut_off is None else min(run.cut_off, latest)


def decided_within(group: Group, lead: timedelta) -> tuple[datetime, datetime] | None:
    """The time, from and until, in which it is decided whether the group's run goes on although
    users remain. None: it goes on in any case, or there is no run."""
    run, rule = group.run, group.rule
    if run is None or rule.users_remain is not UsersRemain.CANCEL_RUN:
        return None
    last = cancel_by(run, lead)
    return last - rule.decide_before, last


def not_empty(taken: Mapping[str, Drain | None]) -> str:
    """Which of these hosts are not known to be empty, each with the drain that has it, in words."""
    return "; ".join(
        f"{host} is in drain {drain.id if drain else '?'} and not known to be empty"
        for host, drain in taken.items()
        if not _is_empty(drain, host_key(host))
    )


def _is_empty(drain: Drain | None, host: str) -> bool:
    records = drain.hosts if drain is not None else ()
    return any(record.key == host and record.phase in _EMPTY for record in records)


def policy_for(group: Group, now: datetime, lead: timedelta) -> Policy:
    """The rule's policy, adapted to the time that is left."""
    rule, run = group.rule, group.run
    policy = rule.policy
    if run is not None:
        last = cancel_by(run, lead)
        signs_out = rule.users_remain is UsersRemain.SIGN_OUT
        policy = replace(
            policy,
            at_deadline=AtDeadline.SIGN_OUT if signs_out else AtDeadline.WAIT,
            start_within=max(AT_LEAST, run.starts_at - now),
            maintenance=UpdateRun(
                run=run.id,
                starts_at=run.starts_at,
                ends_at=run.ends_at,
                cancel_by=last,
                users_remain=rule.users_remain,
                decide_before=rule.decide_before,
            ),
        )
        if rule.over_the_floor is OverTheFloor.DRAIN_ANYWAY:
            policy = without_floor(policy)
        return _until(policy, now, last - rule.decide_before, whole=True)
    if group.by is None:
        return policy
    in_time = replace(policy, start_within=max(AT_LEAST, min(policy.start_within, group.by - now)))
    return _until(in_time, now, group.by, whole=False)


def without_floor(policy: Policy) -> Policy:
    """The policy without any limit on how many hosts are out."""
    return replace(
        policy, max_unavailable=Amount(100, percent=True), minimum_available=None,
        minimum_capacity=None, scaling_plan_floor=False, canary=False, batches=(),
    )  # fmt: skip


def _until(policy: Policy, now: datetime, by: datetime, *, whole: bool) -> Policy:
    """The policy with the users' deadline at ``by``. ``whole``: users have all the time until then,
    else at most the policy's deadline. The promised warning is never longer than that, and a
    message that would be due before the beginning is due at it."""
    by = by if by > now else now + AT_LEAST
    deadline = by - now if whole else min(policy.deadline, by - now)
    return replace(
        policy,
        deadline=deadline,
        deadline_at=by,
        warn_at_least=min(policy.warn_at_least, deadline / 2),
        messages=tuple(_in_time(message, deadline) for message in policy.messages),
    )


def _in_time(message: Message, deadline: timedelta) -> Message:
    late = message.before_deadline is not None and message.before_deadline >= deadline
    return replace(message, before_deadline=None) if late else message
