"""How a drain stands, in a few figures: written beside the time of its next look, so that whoever reads
all of these can tell how many hosts of each pool are out without reading the drains."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.drain.summary.tally import tally_of
from shared.core.host.phases import OUT, Phase


@dataclass(frozen=True, slots=True)
class Standing:
    """``overdue``: hosts that were out longer than planned when it was written; ``overdue_from``: when the
    next one will be. ``sessions``: of hosts that are out, as far as they are known."""

    phases: Mapping[Phase, int] = field(default_factory=dict)
    sessions: int = 0
    attention: int = 0
    overdue: int = 0
    overdue_from: datetime | None = None

    def overdue_at(self, now: datetime) -> int:
        """At least so many: a drain whose steps fail writes nothing."""
        return self.overdue + (self.overdue_from is not None and now > self.overdue_from)


def standing_of(drain: Drain) -> Standing:
    tally = tally_of(drain.hosts)
    out = [host for host in drain.hosts if host.phase in OUT]
    ahead = [host.restore_by for host in out if not host.overdue and host.restore_by is not None]
    return Standing(
        tally.phases,
        tally.sessions,
        tally.needing,
        sum(bool(host.overdue) for host in out),
        min(ahead, default=None),
    )


@dataclass(frozen=True, slots=True)
class Levels:
    """Of all open drains: hosts by pool and phase, and the other figures by pool."""

    hosts: Mapping[tuple[str, ...], float]
    sessions: Mapping[tuple[str, ...], float]
    attention: Mapping[tuple[str, ...], float]
    overdue: Mapping[tuple[str, ...], float]


def levels_of(standing: Iterable[tuple[str, Standing]], now: datetime) -> Levels:
    """``standing``: of each drain, with its pool's key."""
    hosts, sessions = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    attention, overdue = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for pool, each in standing:
        for phase, number in each.phases.items():
            hosts[pool, str(phase)] += number
        sessions[pool,] += each.sessions
        attention[pool,] += each.attention
        overdue[pool,] += each.overdue_at(now)
    return Levels(hosts, sessions, attention, overdue)
