"""The status of a drain as a whole, in the words of the Microsoft REST guidelines."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from shared.core.host.phases import TERMINAL, Phase


class Status(StrEnum):
    NOT_STARTED = "NotStarted"
    RUNNING = "Running"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    CANCELED = "Canceled"


ENDED = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELED})


def status_of(phases: Iterable[Phase]) -> Status:
    """The status that follows from the hosts' phases: Running until every host has ended, then the
    worst result."""
    found = frozenset(phases)
    if not found <= TERMINAL:
        return Status.RUNNING
    if Phase.FAILED in found:
        return Status.FAILED
    return Status.CANCELED if Phase.CANCELED in found else Status.SUCCEEDED


_WEIGHT = {
    Phase.QUEUED: 0,
    Phase.DRAINING: 10,
    Phase.EMPTY: 50,
    Phase.MAINTAINING: 60,
    Phase.VERIFYING: 80,
    Phase.RESTORING: 90,
}
"""How far a host in this phase is, roughly, in percent."""


def percent_of(phases: Mapping[Phase, int]) -> int:
    """How far a drain is, in percent, by the number of hosts in each phase. 100 when every host has
    ended, and not before."""
    hosts = sum(phases.values())
    if not any(phases[phase] for phase in phases if phase not in TERMINAL):
        return 100
    far = sum(_WEIGHT.get(phase, 100) * number for phase, number in phases.items())
    return min(99, far // hosts)
