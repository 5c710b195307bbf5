"""What a night is made of, as plain data: so it can be printed, shrunk, kept and carried out again.

Times are seconds from the evening on; a ``call`` counts all calls of all instances to the outside.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

AT_MOST = 6 * 24 * 3600.0
"""By then everything must have come to rest: a drain that waits for two nights, and then a receiver for three days."""


@dataclass(frozen=True, slots=True)
class HostPart:
    name: str
    drained: bool = False
    power: str = "running"
    tagged: bool = False
    """An administrator had set the exclusion tag."""
    quirks: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PersonPart:
    """``on`` None: wherever the load balancer says, once ``arrives`` has come; then the session
    appears only ``takes`` seconds later, whatever has become of the host by then."""

    upn: str
    manner: str
    after: float
    arrives: float = 0.0
    takes: float = 0.0
    on: str | None = None
    disconnected: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to the app: ``what`` is ``start`` or an order. ``times``: sent so often at once."""

    at: float
    what: str
    drain: str
    """The idempotency key of the drain that it starts, or is about."""
    body: dict[str, Any]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that a person or a machine does to the estate, or to the app's state."""

    at: float
    what: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """An event that a source publishes, as ``local.sim.side.emitting`` has it. Each of ``delays`` is a
    delivery, so long after it was published."""

    at: float
    what: str
    hosts: tuple[str, ...]
    told: dict[str, Any]
    delays: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a call; ``kind`` is one of ``faults.KINDS``. With a ``name``, ``call``
    counts the calls of that name only."""

    call: int
    kind: str
    seconds: float = 0.0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that comes to nothing from some moment on, for one host or (without one) for all, until
    it is lifted (None: never). ``kind`` is one of ``faults.REFUSALS``, or ``LOST``; ``longer``: so many characters
    more than that are said with it."""

    call: str
    kind: str
    since: float
    until: float | None = None
    host: str = ""
    longer: int = 0

    def meets(self, name: str, at: float, words: tuple[Any, ...]) -> bool:
        if name != self.call or not lasts(self, at):
            return False
        return not self.host or any(self.host in str(word).lower() for word in words)


@dataclass(frozen=True, slots=True)
class Spell:
    """What is so for a while (None: from then on). ``what`` is one of ``foreign.FOREIGN``, which is a
    thing that listings don't tell as they should, or of ``foreign.STATES``, in which the estate is."""

    what: str
    since: float
    until: float | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class Hang:
    """A stranger who accepts and says nothing for so long: calls of that name."""

    call: str
    seconds: float
    since: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class BadRule:
    """A rule of the app that raises what nobody foresaw; ``rule`` is one of ``badrules.RULES``."""

    rule: str
    since: float
    until: float | None = None


def lasts(part: Refusal | Spell | Hang | BadRule, at: float) -> bool:
    return part.since <= at and (part.until is None or at < part.until)


@dataclass(frozen=True, slots=True)
class Crash:
    """An instance ends at its call, before or after the call has its effect; what else it had sent
    arrives or does not (``ghosts``). A new one comes ``back_after`` so long."""

    call: int
    after: bool
    back_after: float
    ghosts: bool


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock of an instance jumps."""

    at: float
    instance: int
    by: float


@dataclass(frozen=True, slots=True)
class Script:
    seed: int
    hosts: tuple[HostPart, ...]
    people: tuple[PersonPart, ...] = ()
    asks: tuple[Ask, ...] = ()
    published: tuple[Published, ...] = ()
    rules: str = ""
    """What events do: the setting EVENT_RULES."""
    disturbances: tuple[Disturbance, ...] = ()
    faults: tuple[Fault, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    spells: tuple[Spell, ...] = ()
    hangs: tuple[Hang, ...] = ()
    bad_rules: tuple[BadRule, ...] = ()
    crashes: tuple[Crash, ...] = ()
    jumps: tuple[Jump, ...] = ()
    skews: tuple[float, ...] = (0.0,)
    """One app instance each: by how many seconds its clock is ahead."""
    exclusion_tag: str = ""
    autoscale: float = 0.0
    sneaks: tuple[float, ...] = ()
    """Each time the app closes a host, somebody is half-way through signing in there: so many
    seconds later the session appears."""
    trouble_until: float = 5400.0
    """Nothing is disturbed later: then all must come to rest."""
    tells: bool = False
    """The operator wants to be told of everything: there is a receiver of notifications."""
    answer_after: float | None = 600.0
    """How long the webhook takes; None: it never answers."""

    @property
    def refusals_of_the_estate(self) -> tuple[Refusal, ...]:
        """Without those of who is only told."""
        return tuple(each for each in self.refusals if each.call != "notify")

    @property
    def hangs_of_the_estate(self) -> tuple[Hang, ...]:
        return tuple(each for each in self.hangs if each.call != "notify")


_ADAPTER = TypeAdapter(Script)


def save(script: Script, path: Path) -> None:
    path.write_bytes(_ADAPTER.dump_json(script, indent=1, exclude_defaults=True) + b"\n")


def load(path: Path) -> Script:
    return _ADAPTER.validate_json(path.read_bytes())
