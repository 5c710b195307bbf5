"""The scaling plan's exclusion tag: set while we work on a host, exactly undone after.

The vendor's autoscale overwrites drain mode, whoever set it; its documentation says to set the
plan's exclusion tag on the VM meanwhile. The tag counts by its name, whatever its value. So one
that is there already is left alone, before and after.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.drain.model import Control
from shared.core.host.actions import SetTag
from shared.core.host.host import HostRecord, TagRecord
from shared.core.observation.seen import Part, PoolFacts, Seen
from shared.core.values.resources import find

OURS = "avd-drain "
"""Our values begin with this: an operator sees who set the tag, and we whether it is ours."""


def value_of(control_id: str) -> str:
    return f"{OURS}{control_id}"


def wanted(facts: PoolFacts) -> str:
    """The name of the tag that keeps autoscale away, empty if nothing asks for one."""
    return facts.plan.exclusion_tag if facts.plan is not None else ""


def claimed(
    control: Control, host: HostRecord, seen: Seen
) -> tuple[HostRecord, tuple[SetTag, ...]]:
    """The host with what its tag was before, and the action that sets ours, if one is to be."""
    if host.kept_drained is not None and host.kept_drained.tag is not None and host.tag is None:
        return replace(host, tag=host.kept_drained.tag), ()
    tag = host.tag
    if tag is None:
        if seen.facts is None or seen.facts.plans_lack is not None:
            return host, ()
        name = wanted(seen.facts)
        if not name:
            return replace(host, tag=TagRecord("")), ()
        if host.key not in seen.tags:
            return host, ()
        before = find(seen.tags[host.key], name)
        tag = TagRecord(name, present=before is not None, before=before or "")
        host = replace(host, tag=tag)
    if tag.unsure and host.key in seen.tags:
        there = find(seen.tags[host.key], tag.name) is not None
        late = host.late_until is not None and seen.hosts_began_at < host.late_until
        if there or not late:
            tag = replace(tag, unsure=False, asked=tag.asked and there)
            host = replace(host, tag=tag)
    again = tag.unsure and host.key in seen.tags  # to set it twice is to set it once
    if (
        host.vm_id is None
        or not tag.name
        or tag.present
        or tag.trouble
        or (tag.asked and not again)
    ):
        return host, ()
    vm_id, why = host.vm_id, "so that autoscale leaves it alone"
    value = value_of(control.id)
    host = replace(host, tag=replace(tag, value=value))
    return host, (SetTag(host.key, vm_id, tag.name, value, on=True, why=why),)


@dataclass(frozen=True, slots=True)
class Undoing:
    """Whether the tag is as it was; if not, what to do and what is waited for."""

    host: HostRecord
    done: bool
    actions: tuple[SetTag, ...] = ()


def undo(host: HostRecord, seen: Seen) -> Undoing:
    """Take our tag away; leave alone what somebody else has made of it meanwhile."""
    tag = host.tag
    if tag is None or not tag.asked or host.vm_id is None:
        return Undoing(host, True)
    if host.key not in seen.tags:
        lack = seen.lack(Part.TAGS, host.key)
        return undo_unseen(host, tag, seen.hosts_began_at) if lack else Undoing(host, False)
    return _undo(host, tag, find(seen.tags[host.key], tag.name))


def undo_unseen(host: HostRecord, tag: TagRecord, now: datetime) -> Undoing:
    """Without a look at the tags: the service removes one only if it still has our value, so its answer
    is the proof. A write of ours that may still be on its way is waited for."""
    if host.vm_id is None or not tag.asked:
        return Undoing(host, True)
    late = host.late_until
    if tag.taken_off_at is not None and (late is None or tag.taken_off_at >= late or now < late):
        return Undoing(host, late is None or tag.taken_off_at >= late)
    why = "put back as it was"
    action = SetTag(host.key, host.vm_id, tag.name, tag.value or OURS, on=False, why=why)
    return Undoing(host, False, (action,))


def _undo(host: HostRecord, tag: TagRecord, here: str | None) -> Undoing:
    if here is None:
        return Undoing(host, True)
    if not here.startswith(OURS):
        note = f"somebody set it to '{here}' meanwhile: left alone"
        return Undoing(replace(host, tag=replace(tag, note=note)), True)
    why = "put back as it was"
    action = SetTag(host.key, host.vm_id or "", tag.name, here, on=False, why=why)
    return Undoing(host, False, (action,))
