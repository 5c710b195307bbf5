"""A drain's hosts, counted: what a reader is told of all of them in a few lines, however many they are.

It is written with the drain's progress, by whoever writes its hosts, so that nobody has to read their
records to tell how far a drain is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.host.host import HostRecord, Wait
from shared.core.host.phases import OUT, Phase
from shared.core.values.texts import cut

MOST = 20
"""Hosts that are named one by one, of each kind."""
_MOST_WAITS = 10
_LONGEST = 300
"""Characters of a text."""
_BAD = (Phase.FAILED, Phase.CANCELED, Phase.SKIPPED)
"""The phases of hosts that ended otherwise than done, the worst first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What some hosts wait for: the words of the one that waits longest, and since when it does."""

    code: str
    text: str
    since: datetime
    hosts: int


@dataclass(frozen=True, slots=True)
class Named:
    """A host, and what is to be said of it."""

    name: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """``needing``: so many hosts a person should look at; ``attention`` are the first of them.
    ``unsuccessful``: the first of those that ended otherwise than done, the failed ones before the
    others. ``sessions``: of the hosts that are out, as far as they are known."""

    phases: Mapping[Phase, int] = field(default_factory=dict)
    sessions: int = 0
    waits: tuple[Waiting, ...] = ()
    needing: int = 0
    attention: tuple[Named, ...] = ()
    unsuccessful: tuple[Named, ...] = ()

    @property
    def hosts(self) -> int:
        return sum(self.phases.values())

    def of(self, *phases: Phase) -> int:
        """How many hosts are in one of these phases."""
        return sum(self.phases.get(phase, 0) for phase in phases)

    @property
    def bad(self) -> int:
        """How many hosts ended otherwise than done."""
        return self.of(*_BAD)


def tally_of(hosts: Iterable[HostRecord]) -> Tally:
    """The tally of all hosts of a drain. Most of a large one wait for the same, or are done: they are
    counted in passing, for this is done with each of its saves."""
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
