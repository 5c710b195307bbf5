"""Counts of a drain's hosts, for overviews and reports.

The tally is written with the drain's progress whenever hosts are written, so nobody needs to read
the hosts' records to tell how far a drain is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.host.host import HostRecord, Wait
from shared.core.host.phases import OUT, Phase
from shared.core.values.texts import cut

MOST = 20
"""At most this many hosts are listed by name in each list."""
_MOST_WAITS = 10
_LONGEST = 300
"""Characters of a text."""
_BAD = (Phase.FAILED, Phase.CANCELED, Phase.SKIPPED)
"""Phases of hosts that ended without success, the worst first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reason to wait that ``hosts`` hosts have in common. ``text`` and ``since``: of the host
    that has waited longest."""

    code: str
    text: str
    since: datetime
    hosts: int


@dataclass(frozen=True, slots=True)
class Named:
    """A host by name, with a text about it."""

    name: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """``needing``: how many hosts need attention; ``attention``: the first of them.
    ``unsuccessful``: the first hosts that ended without success, failed ones first.
    ``sessions``: on hosts that are out, as far as known."""

    phases: Mapping[Phase, int] = field(default_factory=dict)
    sessions: int = 0
    waits: tuple[Waiting, ...] = ()
    needing: int = 0
    attention: tuple[Named, ...] = ()
    unsuccessful: tuple[Named, ...] = ()

    @property
    def hosts(self) -> int:
        """How many hosts the drain has."""
        return sum(self.phases.values())

    def of(self, *phases: Phase) -> int:
        """How many hosts are in one of these phases."""
        return sum(self.phases.get(phase, 0) for phase in phases)

    @property
    def bad(self) -> int:
        """How many hosts ended without success."""
        return self.of(*_BAD)


def tally_of(hosts: Iterable[HostRecord]) -> Tally:
    """The tally of all hosts of a drain. It is made at each save, so hosts that all wait for the
    same, or are done, are counted on a short path."""
    phases = Counter[Phase]()
    sessions = needing = queued = done = 0
    waits: dict[str, Waiting] = {}
    line: Wait | None = None
    attention: list[Named] = []
    bad: dict[Phase, list[Named]] = {phase: [] for phase in _BAD}
    for host in hosts:
        phase, wait, ending = host.phase, host.wait, host.ending
        if wait is line is not None and phase is Phase.QUEUED and not (ending or host.overdue):
            queued += 1
            continue
        if phase is Phase.DONE and (ending is None or not ending.attention):
            done += 1
            continue
        phases[phase] += 1
        if phase in OUT:
            sessions += len(host.sessions) if host.sessions_count is None else host.sessions_count
        if wait is not None and not host.ended:
            if phase is Phase.QUEUED and line is None:
                line = wait
            _wait(waits, wait, 1)
        if text := host.attention:
            needing += 1
            if needing <= MOST:
                attention.append(Named(host.name, cut(text, _LONGEST)))
        named = bad.get(phase)
        if named is not None and len(named) < MOST and ending is not None:
            named.append(Named(host.name, cut(ending.text, _LONGEST), ending.code))
    phases[Phase.QUEUED] += queued
    phases[Phase.DONE] += done
    if line is not None:
        _wait(waits, line, queued)
    most_first = sorted(waits.values(), key=lambda wait: (-wait.hosts, wait.code))
    return Tally(
        {phase: phases[phase] for phase in Phase if phases[phase]},
        sessions,
        tuple(most_first[:_MOST_WAITS]),
        needing,
        tuple(attention),
        tuple(each for phase in _BAD for each in bad[phase])[:MOST],
    )


def _wait(found: dict[str, Waiting], wait: Wait, hosts: int) -> None:
    known = found.get(wait.code)
    so_far = 0 if known is None else known.hosts
    if known is None or wait.since < known.since:
        found[wait.code] = Waiting(wait.code, cut(wait.text, _LONGEST), wait.since, so_far + hosts)
    else:
        found[wait.code] = Waiting(known.code, known.text, known.since, so_far + hosts)
