"""The scaling plan's exclusion tag: set while a drain has a host out, and removed afterwards.

The vendor's autoscale overwrites drain mode, whoever turned it on. Its documentation says to set
the plan's exclusion tag on the VM meanwhile. The tag's name counts, not its value. So a tag that
was there before is left alone, before and after.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.drain.model import Control
from shared.core.host.actions import SetTag
from shared.core.host.host import HostRecord, TagRecord
from shared.core.observation.seen import Part, PoolFacts, Seen
from shared.core.values.resources import find

OURS = "avd-drain "
"""Our values begin with this. Operators see who set the tag, and the app sees whether it is its
own."""


def value_of(control_id: str) -> str:
    """Our tag's value for this drain."""
    return f"{OURS}{control_id}"


def wanted(facts: PoolFacts) -> str:
    """The name of the tag that keeps autoscale away; empty if no scaling plan asks for one."""
    return facts.plan.exclusion_tag if facts.plan is not None else ""


def claimed(
    control: Control, host: HostRecord, seen: Seen
) -> tuple[HostRecord, tuple[SetTag, ...]]:
    """The host with the state of its tag before, and the action that sets our tag, if it is to be
    set."""
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
    again = tag.unsure and host.key in seen.tags  # setting it twice does no harm
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
    """``done``: whether the tag is as it was before. If not, ``actions`` are to be taken, or an
    answer is awaited."""

    host: HostRecord
    done: bool
    actions: tuple[SetTag, ...] = ()


def undo(host: HostRecord, seen: Seen) -> Undoing:
    """Remove our tag. What somebody else has made of it meanwhile stays."""
    tag = host.tag
    if tag is None or not tag.asked or host.vm_id is None:
        return Undoing(host, True)
    if host.key not in seen.tags:
        lack = seen.lack(Part.TAGS, host.key)
        return undo_unseen(host, tag, seen.hosts_began_at) if lack else Undoing(host, False)
    here = find(seen.tags[host.key], tag.name)
    if here is None:
        return Undoing(host, True)
    if not here.startswith(OURS):
        note = f"somebody set it to '{here}' meanwhile: left alone"
        return Undoing(replace(host, tag=replace(tag, note=note)), True)
    return _removing(host, host.vm_id, tag.name, here)


def undo_unseen(host: HostRecord, tag: TagRecord, now: datetime) -> Undoing:
    """Remove our tag without reading the tags. The service removes it only if it still has our
    value, so its answer is the proof. A write of ours that may still take effect is waited for."""
    if host.vm_id is None or not tag.asked:
        return Undoing(host, True)
    late = host.late_until
    if tag.taken_off_at is not None and (late is None or tag.taken_off_at >= late or now < late):
        return Undoing(host, late is None or tag.taken_off_at >= late)
    return _removing(host, host.vm_id, tag.name, tag.value or OURS)


def _removing(host: HostRecord, vm_id: str, name: str, value: str) -> Undoing:
    action = SetTag(host.key, vm_id, name, value, on=False, why="put back as it was")
    return Undoing(host, False, (action,))
