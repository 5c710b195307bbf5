"""Findings about one host pool: whether it can be read, what the app may do there, what autoscale
does, and which hosts are not restored in time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.drain.model import Claim
from shared.core.observation.seen import HostSeen, PlanSeen, PoolSeen
from shared.core.restore.exclusiontag import OURS
from shared.core.start.doctor.findings import Cause, Finding, Severity, Unread, unread
from shared.core.start.permissions import ALWAYS, TABLE, Feature, Scope, actions
from shared.core.start.rights import Permission, missing, role_for
from shared.core.values.hostpool import HostPoolId
from shared.core.values.resources import find
from shared.core.values.texts import count

type Held = tuple[Permission, ...] | Unread
NAMED = 5
"""At most this many hosts or actions are named in a text; the rest is counted."""


@dataclass(frozen=True, slots=True)
class PoolReadings:
    """The readings of one pool. ``held``, ``groups``: the app's permissions on the pool, and on the
    resource groups of its hosts' VMs, by the group's id. ``machine`` None: no host has a VM to
    look at. ``tags`` None: no scaling plan asks for a tag."""

    id: HostPoolId
    pool: PoolSeen | Unread
    hosts: tuple[HostSeen, ...] | Unread
    plans: tuple[PlanSeen, ...] | Unread
    update: str | Unread
    held: Held
    claims: tuple[Claim, ...] | Unread
    groups: Mapping[str, Held] = field(default_factory=dict)
    groups_left: int = 0
    machine: bool | Unread | None = None
    tags: Mapping[str, Mapping[str, str]] | Unread | None = None


def findings(readings: PoolReadings, now: datetime) -> Iterator[Finding]:
    """The findings about the pool. If the pool does not exist, only that and its claims: the rest
    would repeat it."""
    if isinstance(readings.pool, Unread) and readings.pool.cause is Cause.GONE:
        yield unread("the host pool", readings.id.resource_id, readings.pool)
        yield from _claims(readings, now)
        return
    yield from _reached(readings)
    yield from _rights(readings)
    yield from _autoscale(readings)
    yield from _claims(readings, now)


def _reached(readings: PoolReadings) -> Iterator[Finding]:
    about = readings.id.resource_id
    if isinstance(readings.pool, Unread):
        yield unread("the host pool", about, readings.pool)
    if isinstance(readings.hosts, Unread):
        yield unread("its session hosts", about, readings.hosts)
    elif not isinstance(readings.pool, Unread):
        text = f"it can be read, with {count(len(readings.hosts), 'session host')}"
        yield Finding("PoolReached", Severity.OK, about, text)
    if isinstance(readings.machine, Unread):
        yield unread("the state of a VM", about, readings.machine)
    if isinstance(readings.update, Unread):
        yield _update(about, readings.update)


def _update(about: str, reading: Unread) -> Finding:
    finding = unread("the vendor's own session host update", about, reading)
    if reading.cause is Cause.PASSING:
        return finding
    todo = (
        "Until then no host goes out, unless the policy says duringHostUpdate: ignore. Name versions that the "
        "service takes in UPDATE_STATUS_VERSIONS."
        if reading.cause is Cause.REFUSED
        else "Until then no host goes out, unless the policy says duringHostUpdate: ignore. Give the feature "
        "hostUpdate: permissions.md."
    )
    return Finding(finding.code, finding.severity, about, finding.text, todo)


def _rights(readings: PoolReadings) -> Iterator[Finding]:
    yield from _rights_at(Scope.POOLS, readings.id.resource_id, readings.held)
    for group, held in readings.groups.items():
        yield from _rights_at(Scope.MACHINES, group, held)
    if readings.groups_left:
        text = (
            f"its VMs lie in {readings.groups_left} resource groups more, which were not looked at"
        )
        todo = "A dry run of a drain looks at those of its hosts."
        yield Finding("NotRead", Severity.UNKNOWN, readings.id.resource_id, text, todo)


def _rights_at(scope: Scope, about: str, held: Held) -> Iterator[Finding]:
    if isinstance(held, Unread):
        yield unread(f"what the app may do there, on {scope},", about, held)
        return
    lacks = {lack.action for lack in missing(actions(scope, frozenset(Feature)), {about: held})}
    always = [action for action in actions(scope, ALWAYS) if action in lacks]
    if always:
        text = f"what every drain needs on {scope} is missing: {_some(always)}"
        todo = f"Give the app's identity the custom role of infra/ there, or '{role_for(always[0])}': permissions.md."
        yield Finding("RightMissing", Severity.ERROR, about, text, todo)
    optional = [f for f in Feature if f not in ALWAYS and any(actions(scope, frozenset({f})))]
    off = [f for f in optional if not lacks.isdisjoint(actions(scope, frozenset({f})))]
    for feature in (f for f in off if _is_begun(scope, f, lacks)):
        wanting = [a for a in actions(scope, frozenset({feature})) if a in lacks]
        text = f"of {feature} ({feature.meaning}) there is a part, on {scope}, and it lacks {_some(wanting)}"
        todo = f"Give all actions of {feature}, or none: permissions.md."
        yield Finding("RightsInPart", Severity.WARNING, about, text, todo)
    if not always:
        without = f"; off: {', '.join(off)}" if off else ""
        text = f"on {scope} the app may do what every drain needs{without}"
        yield Finding("RightsHeld", Severity.OK, about, text)


def _is_begun(scope: Scope, feature: Feature, lacks: set[str]) -> bool:
    """Whether the app holds an action that only this feature needs. Then somebody meant to enable
    the feature."""
    own = (r.action for r in TABLE if r.scope is scope and r.features == (feature,))
    return any(action not in lacks for action in own)


def _autoscale(readings: PoolReadings) -> Iterator[Finding]:
    about = readings.id.resource_id
    if isinstance(readings.plans, Unread):
        finding = unread("its scaling plans", about, readings.plans)
        yield Finding(
            finding.code, finding.severity, about, finding.text,
            f"Until then no host goes out. {finding.what_to_do}",
        )  # fmt: skip
        return
    plan = next((plan for plan in readings.plans if plan.enabled), None)
    if plan is None:
        yield Finding("NoAutoscale", Severity.OK, about, "no scaling plan is enabled on it")
        return
    if not plan.exclusion_tag:
        yield Finding(
            "NoExclusionTag", Severity.WARNING, about,
            f"the scaling plan {plan.name} has no exclusion tag: autoscale may open hosts that are being drained",
            "Give the plan an exclusion tag.",
        )  # fmt: skip
        return
    yield from _tags(readings, plan)


def _tags(readings: PoolReadings, plan: PlanSeen) -> Iterator[Finding]:
    about, tags = readings.id.resource_id, readings.tags
    tag_actions = tuple(actions(Scope.MACHINES, frozenset({Feature.SCALING_PLANS})))
    for group, held in readings.groups.items():
        if not isinstance(held, Unread) and (lacks := missing(tag_actions, {group: held})):
            text = (
                f"autoscale looks after pool {readings.id.name}, and the app may not set its exclusion tag: "
                f"{_some([lack.action for lack in lacks])} is missing"
            )
            todo = "Give the feature scalingPlans there: permissions.md."
            yield Finding("RightMissing", Severity.ERROR, group, text, todo)
    if isinstance(tags, Unread):
        yield unread("the tags of its VMs", about, tags)
        return
    if isinstance(readings.hosts, Unread) or isinstance(readings.claims, Unread) or tags is None:
        text = "which of its VMs carry the exclusion tag cannot be told without its hosts and their claims"
        yield Finding(
            "NotRead", Severity.UNKNOWN, about, text, "Mend what could not be read first."
        )
        return
    claimed = {claim.host for claim in readings.claims}
    with_tag = {
        host.key: (host.name, value)
        for host in readings.hosts
        if host.vm_id is not None
        and (value := find(tags.get(host.vm_id, {}), plan.exclusion_tag)) is not None
    }
    left = [
        name for key, (name, value) in with_tag.items()
        if value.startswith(OURS) and key not in claimed
    ]  # fmt: skip
    if left:
        text = f"the exclusion tag {plan.exclusion_tag} that a drain set was left on {_some(left)}: autoscale ignores them"
        todo = f"Remove the tag {plan.exclusion_tag} from their VMs."
        yield Finding("ExclusionTagLeft", Severity.WARNING, about, text, todo)
    others = sum(not value.startswith(OURS) for _, value in with_tag.values())
    text = f"the scaling plan {plan.name} has the exclusion tag {plan.exclusion_tag}"
    text += f"; somebody else set it on {count(others, 'VM')}" if others else ""
    yield Finding("Autoscale", Severity.OK, about, text)


def _claims(readings: PoolReadings, now: datetime) -> Iterator[Finding]:
    about = readings.id.resource_id
    if isinstance(readings.claims, Unread):
        yield unread("which of its hosts are out", about, readings.claims)
        return
    strange = [claim.name for claim in readings.claims if claim.unreadable]
    if strange:
        text = f"the claims of {_some(strange)} are of a newer version, or broken"
        todo = "Publish the version that wrote them. To put the hosts back by hand: runbook.md."
        yield Finding("ClaimUnreadable", Severity.ERROR, about, text, todo)
    late = [
        claim.name for claim in readings.claims
        if claim.out and claim.restore_by is not None and claim.restore_by < now
    ]  # fmt: skip
    if late:
        text = f"should have been back by now: {_some(late)}"
        todo = "runbook.md, 'A drain is stuck'."
        yield Finding("HostsNotBack", Severity.ERROR, about, text, todo)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
