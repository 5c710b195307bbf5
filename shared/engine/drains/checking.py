"""Checks a request for a drain against its pool, and makes the drain that it asks for. Only reads."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.drain.model import Claim, Control, Drain, Progress
from shared.core.host.orders import Order
from shared.core.observation.seen import UNLIMITED, HostSeen, PoolFacts, PoolType
from shared.core.policy.policy import HostUpdate, Policy
from shared.core.start.filters import Excluded, Known, select
from shared.core.start.request import Start
from shared.core.users.messages import for_pool
from shared.core.values.drainid import drain_id
from shared.core.values.resources import parts_of_vm
from shared.engine.step.poolfacts import kept_drained_of, name_faults, read_pool, to_queue
from shared.engine.world.outside import Outside
from shared.errors import (
    Fault,
    OutsideError,
    RefusalKind,
    RequestRefusedError,
    invalid,
    unavailable,
)
from shared.wire.start import policy_faults


@dataclass(frozen=True, slots=True)
class Checked:
    """A request that passed all checks: the drain it would make, and what was read for the
    checks."""

    drain: Drain
    facts: PoolFacts
    listed: tuple[HostSeen, ...]
    excluded: tuple[Excluded, ...]
    claims: tuple[Claim, ...]
    maintained: Mapping[str, datetime]


async def check(outside: Outside, asked: Start, by: str, now: datetime) -> Checked:
    """Check a request against the estate, and return the drain it would make. Raises
    RequestRefusedError."""
    (facts, listed), claims, last, attempts = await asyncio.gather(
        read_pool(outside, asked.pool),
        outside.store.claims(asked.pool.key),
        outside.store.maintained(asked.pool.key),
        outside.store.attempts(asked.pool.key),
    )
    maintained = {host: done.at for host, done in last.items()}
    known = Known(await _tags(outside, asked, listed), maintained, attempts, now)
    chosen, excluded, wrong = select(asked.selection, listed, known, asked.pool)
    faults = [*policy_faults(asked.policy, outside.options.allowed), *_pool_faults(asked, facts)]
    if asked.policy.deadline_at is not None and asked.policy.deadline_at <= now:
        text = "'deadlineAt' is in the past"
        faults.append(Fault("InvalidValue", "policy.deadlineAt", text))
    faults += name_faults(wrong)
    if not chosen and not faults:
        text = f"the selection ({asked.selection}) leaves no host of pool '{asked.pool.name}'"
        faults.append(Fault("EmptySelection", "hosts", text))
    if faults:
        raise invalid(tuple(faults))
    if faults := _machine_faults(asked, chosen):
        raise invalid(tuple(faults))
    if facts.host_update and asked.policy.during_host_update is HostUpdate.REFUSE:
        text = (
            f"the pool's own session host update is {facts.host_update}, and forbids touching "
            "drain mode meanwhile; say 'duringHostUpdate': 'wait' to wait for its end"
        )
        raise RequestRefusedError(
            RefusalKind.CONFLICT, "HostUpdateRunning", text, target="hostPool"
        )
    order = Order(by, now, asked.reason)
    kept_drained = kept_drained_of(claims)
    hosts = tuple(to_queue(host, order, kept_drained.get(host.key)) for host in chosen)
    new_id = drain_id(asked.pool.key, asked.unique)
    control = Control(
        new_id, asked.pool, asked.reason, order, for_pool(asked.policy, facts.pool.type), asked.digest,
        str(asked.selection), zone_of(asked.policy, facts),
        outside.options.address or asked.address, secrets.token_urlsafe(32), asked.cause,
        caller=asked.caller, user_names=outside.options.user_names, trace=outside.telemetry.new_trace(), pooled=facts.pool.type is PoolType.POOLED,
    )  # fmt: skip
    drain = Drain(control, Progress(look_at=now), hosts)
    return Checked(drain, facts, listed, excluded, claims, maintained)


def zone_of(policy: Policy, facts: PoolFacts) -> str:
    """The time zone in which users are told times: of the policy, the scaling plan, or the host
    pool's own agent updates; else UTC."""
    plan = facts.plan.zone if facts.plan is not None else ""
    return policy.time_zone or plan or facts.pool.zone or "UTC"


async def _tags(
    outside: Outside, asked: Start, listed: tuple[HostSeen, ...]
) -> Mapping[str, Mapping[str, str]]:
    if not asked.selection.needs_tags:
        return {}
    vms = {host.key: host.vm_id for host in listed if host.vm_id is not None}
    try:
        found = await outside.machines.tags_of(set(vms.values()))
    except OutsideError as error:
        text = f"the tags of the pool's VMs cannot be read: {error}"
        raise unavailable("TagsUnavailable", text, timedelta(seconds=30)) from error
    return {key: found[vm_id] for key, vm_id in vms.items() if vm_id in found}


def _machine_faults(asked: Start, chosen: Iterable[HostSeen]) -> list[Fault]:
    """Faults for chosen hosts on which this kind of maintenance is not possible."""
    if not asked.policy.maintenance.works_on_vm:
        return []
    kind = asked.policy.maintenance.kind
    return [
        Fault(
            "NoVirtualMachine",
            "hosts",
            f"'{host.name}' runs on no VM of Microsoft.Compute, so '{kind}' is not possible on it",
        )
        for host in chosen
        if host.vm_id is not None and parts_of_vm(host.vm_id) is None
    ]


def _pool_faults(asked: Start, facts: PoolFacts) -> list[Fault]:
    """Faults that the pool itself gives reason for."""
    faults: list[Fault] = []
    pool = facts.pool
    if pool.type is not PoolType.POOLED and not asked.allow_personal:
        text = (
            f"host pool '{pool.name}' is of type {pool.type}: the users of a drained host have "
            "nowhere else to go; say 'allowPersonal': true if that is meant"
        )
        faults.append(Fault("PersonalHostPool", "allowPersonal", text))
    if asked.policy.minimum_capacity is not None and pool.max_session_limit >= UNLIMITED:
        text = f"host pool '{pool.name}' has no session limit, so its capacity cannot be counted"
        faults.append(Fault("NoSessionLimit", "policy.minimumCapacity", text))
    return faults
