"""What a night consists of, as plain data, so that it can be printed, shrunk, kept and repeated.

Times are in seconds since the evening. A ``call`` counts the calls of all instances to the outside.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

AT_MOST = 6 * 24 * 3600.0
"""By then everything must have come to rest: a drain that waits for two nights, then a receiver for
three days."""


@dataclass(frozen=True, slots=True)
class HostPart:
    name: str
    drained: bool = False
    power: str = "running"
    tagged: bool = False
    """Whether an administrator had set the exclusion tag."""
    quirks: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PersonPart:
    """``on`` None: the person signs in where the load balancer chooses, at ``arrives``; the session
    appears ``takes`` seconds later, whatever has happened to the host by then."""

    upn: str
    manner: str
    after: float
    arrives: float = 0.0
    takes: float = 0.0
    on: str | None = None
    disconnected: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to the app. ``what``: ``start`` or an order. ``times``: how many are sent at
    once."""

    at: float
    what: str
    drain: str
    """The idempotency key of the drain that it starts or is about."""
    body: dict[str, Any]
    times: int = 1
    dies: int = 0
    """The instance that takes it dies at its so-manieth call from then on, and nobody asks again. 0:
    it lives."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that a person or a machine does to the estate, or to the app's state."""

    at: float
    what: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """An event that a source publishes, in the terms of ``local.sim.side.emitting``. ``delays``:
    one delivery each, so many seconds after the publication."""

    at: float
    what: str
    hosts: tuple[str, ...]
    told: dict[str, Any]
    delays: tuple[float, ...] = (0.0,)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call. ``kind`` is one of ``faults.KINDS``, or ``BLANK``. With a
    ``name``, ``call`` counts only the calls of that name. ``host``: what a blank listing lacks, the
    sessions of that host or (empty) of all."""

    call: int
    kind: str
    seconds: float = 0.0
    name: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Calls that fail from some time on until a time (None: for ever), for one host or (empty) for
    all. ``kind`` is one of ``faults.REFUSALS``, or ``LOST``. ``longer``: by how many characters the
    error's text is lengthened."""

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
    """Something that is so until a time (None: for ever). ``what`` is one of ``foreign.FOREIGN``, a
    strange reading, or of ``foreign.STATES``, a state of the estate."""

    what: str
    since: float
    until: float | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class Hang:
    """A stranger that accepts calls of that name and does not respond for a time."""

    call: str
    seconds: float
    since: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class BadRule:
    """A rule of the app that raises an unforeseen error. ``rule`` is one of ``badrules.RULES``."""

    rule: str
    since: float
    until: float | None = None


def lasts(part: Refusal | Spell | Hang | BadRule, at: float) -> bool:
    return part.since <= at and (part.until is None or at < part.until)


@dataclass(frozen=True, slots=True)
class Crash:
    """An instance dies at a call, before or after the call has its effect. Its other pending calls
    arrive or do not (``ghosts``). A new instance starts ``back_after`` seconds later."""

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
    """What events do, as the setting EVENT_RULES."""
    disturbances: tuple[Disturbance, ...] = ()
    faults: tuple[Fault, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    spells: tuple[Spell, ...] = ()
    hangs: tuple[Hang, ...] = ()
    bad_rules: tuple[BadRule, ...] = ()
    crashes: tuple[Crash, ...] = ()
    jumps: tuple[Jump, ...] = ()
    skews: tuple[float, ...] = (0.0,)
    """One per instance of the app: by how many seconds its clock is ahead."""
    exclusion_tag: str = ""
    autoscale: float = 0.0
    sneaks: tuple[float, ...] = ()
    """Each time the app sets drain mode on a host, somebody is in the middle of signing in there:
    the session appears so many seconds later."""
    trouble_until: float = 5400.0
    """No disturbance happens later: then everything must come to rest."""
    tells: bool = False
    """Whether the operator wants to be notified of everything: then there is a receiver."""
    answer_after: float | None = 600.0
    """How long the webhook takes to reply. None: it never replies."""

    @property
    def settles_at(self) -> float:
        """When nothing new goes wrong any more, except what is refused from call to call."""
        troubles = (self.faults, self.crashes, self.jumps, self.disturbances, self.spells,
                    self.hangs, self.bad_rules, self.published)  # fmt: skip
        troubled = any(troubles) or any(ask.dies for ask in self.asks)
        return self.trouble_until if troubled else 0.0

    @property
    def refusals_of_the_estate(self) -> tuple[Refusal, ...]:
        """The refusals, except those of the receiver of notifications."""
        return tuple(each for each in self.refusals if each.call != "notify")

    @property
    def hangs_of_the_estate(self) -> tuple[Hang, ...]:
        return tuple(each for each in self.hangs if each.call != "notify")


_ADAPTER = TypeAdapter(Script)


def save(script: Script, path: Path) -> None:
    path.write_bytes(_ADAPTER.dump_json(script, indent=1, exclude_defaults=True) + b"\n")


def load(path: Path) -> Script:
    return _ADAPTER.validate_json(path.read_bytes())
