"""Canary and batches: how many hosts may go out before those of the current batch have ended.

The next batch begins when all hosts of the current one have ended. Its size is the next in the
policy's list. After a failure the next batch is one host alone, and the list begins again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.core.host.host import HostRecord
from shared.core.policy.policy import Policy
from shared.core.values.texts import count

_ALONE = -1
"""The step before the first of the list: one host alone."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The current batch, numbered from 0, and how many more hosts may join it."""

    number: int
    size: int
    free: int
    text: str


def current(policy: Policy, hosts: Iterable[HostRecord]) -> Batch | None:
    """The current batch; None if the policy has none."""
    if not policy.batches and not policy.canary:
        return None
    known = tuple(hosts)
    step = _ALONE if policy.canary else 0
    number = 0
    while True:
        members = [host for host in known if host.batch == number]
        size = size_of(policy, step, len(known))
        failed = any(host.failed for host in members)
        running = [host for host in members if not host.ended]
        if len(members) < size and not failed:
            return Batch(number, size, size - len(members), _text(size, len(members)))
        if running:
            text = f"{_text(size, len(members))}, {len(running)} of them not back yet"
            return Batch(number, size, 0, text)
        step = _ALONE if failed else step + 1
        number += 1


def size_of(policy: Policy, step: int, total: int) -> int:
    """The size of a batch of a drain of ``total`` hosts. ``step``: its place in the policy's list,
    from 0, of which the last one holds for all further batches."""
    if step == _ALONE:
        return 1
    last = len(policy.batches) - 1
    return policy.batches[min(step, last)].of(total) if policy.batches else max(1, total)


def _text(size: int, taken: int) -> str:
    return f"{taken} of {count(size, 'host')} of this batch went out"
