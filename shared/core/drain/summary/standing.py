"""A drain's standing: a few numbers that are stored beside the time of its next look. One query of
these gives the numbers of all pools without reading the drains."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.drain.summary.tally import tally_of
from shared.core.host.phases import OUT, Phase


@dataclass(frozen=True, slots=True)
class Standing:
    """``overdue``: hosts that were out longer than planned when it was written. ``overdue_from``:
    when the next host will be; None if none is expected. ``sessions``: on hosts that are out, as
    far as known. ``attention``: hosts that need it."""

    phases: Mapping[Phase, int] = field(default_factory=dict)
    sessions: int = 0
    attention: int = 0
    overdue: int = 0
    overdue_from: datetime | None = None

    def overdue_at(self, now: datetime) -> int:
        """At least how many hosts are overdue now. A drain whose steps fail does not update its
        standing."""
        return self.overdue + (self.overdue_from is not None and now > self.overdue_from)


def standing_of(drain: Drain) -> Standing:
    """The standing of a drain that was read as a whole."""
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
    """The current values of gauges over all open drains: hosts by pool key and phase, the others by
    pool key."""

    hosts: Mapping[tuple[str, ...], float]
    sessions: Mapping[tuple[str, ...], float]
    attention: Mapping[tuple[str, ...], float]
    overdue: Mapping[tuple[str, ...], float]


def levels_of(standing: Iterable[tuple[str, Standing]], now: datetime) -> Levels:
    """``standing``: pairs of pool key and standing, one for each drain."""
    hosts, sessions = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    attention, overdue = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for pool, each in standing:
        for phase, number in each.phases.items():
            hosts[pool, str(phase)] += number
        sessions[pool,] += each.sessions
        attention[pool,] += each.attention
        overdue[pool,] += each.overdue_at(now)
    return Levels(hosts, sessions, attention, overdue)
