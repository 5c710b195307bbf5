"""What judges share: the facts, what is stored, tolerances, and the first broken promise."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.core.drain.model import Claim
from shared.core.policy.policy import Amount
from tests.nights.judges.known.facts import Facts
from tests.nights.judges.known.failures import Failures
from tests.nights.judges.known.ledger import Ledger
from tests.nights.script import Script

NEVER = datetime.min.replace(tzinfo=UTC)
SURPRISE = "0 no surprises"
FORGOTTEN = "1 nobody is forgotten"
AS_BEFORE = "2 as it was before"
FLOOR = "3 never below the floor"
EMPTY = "4 empty means empty"
WARNED = "5 warned first"
ONE_OWNER = "6 one owner"
ONCE = "7 once"
ONE_BAD_HOST = "8 one bad host is one bad host"
SAYS_WHY = "9 says why"
FORESEEN = "9 says why: forecasts"


@dataclass(frozen=True, slots=True)
class Broken:
    promise: str
    text: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.promise}: {self.text}"


@dataclass(slots=True)
class Court:
    """``leeway``: the tolerance of times, since the clocks of instances differ. ``step``: the
    longest time between a look and the actions decided in it, which cannot know what happens in
    between. ``effects``: what the app did to hosts: drain, host, action."""

    ledger: Ledger
    leeway: timedelta
    step: timedelta
    session_limit: int = 10
    protected: str = "vip"
    """The prefix of the names of protected users, in policies that protect any."""
    rules: Mapping[str, Any] = field(default_factory=dict)
    """The operator's event rules, by name."""
    calm: bool = False
    """Nothing fails in this night, and nobody interferes: so everything with a time limit must be
    in time."""
    heard: dict[str, datetime] = field(default_factory=dict)
    """When the app accepted the event of a maintenance run, by the run's id in lower case."""
    script: Script | None = None
    """The script of the night. None: the outside went wrong without one."""
    settled_at: datetime = NEVER
    """From then on nothing new goes wrong."""
    failures: Failures = field(default_factory=Failures)
    facts: Facts = field(default_factory=Facts)
    effects: list[tuple[str, str, str]] = field(default_factory=list)
    notified: list[dict[str, Any]] = field(default_factory=list)
    """What the receiver of notifications was sent, line by line."""
    turns: dict[str, int] = field(default_factory=dict)
    """By drain, how many looks it had had when its forecast was last judged."""
    late: timedelta = timedelta(seconds=100)
    """How much later a call whose response was lost may have its effect."""
    _last: dict[str, tuple[datetime, Claim]] = field(default_factory=dict)
    broken: Broken | None = None

    def breaks(self, promise: str, text: str, at: datetime) -> None:
        if self.broken is None:
            self.broken = Broken(promise, text, at)

    def owner(self, host: str, at: datetime) -> Claim | None:
        """The claim of the drain that has the host out; or that had it out so recently that a lost
        call of it could still arrive."""
        claim = self.ledger.claim(host, at)
        if claim is not None and claim.out:
            self._last[host] = at, claim
            return claim
        seen_at, last = self._last.get(host, (at, None))
        return last if at - seen_at <= self.late + self.step + self.leeway else None

    def never_allowed(self, host: str, call: str) -> bool:
        """Whether a write that puts the host back is refused from some time on for ever."""
        script = self.script
        return script is not None and any(
            refusal.until is None
            and refusal.kind != "gone"
            and refusal.meets(call, math.inf, (host,))
            for refusal in script.refusals
        )

    @property
    def never_listed(self) -> bool:
        """Whether the pool's hosts cannot be listed from some time on for ever."""
        script = self.script
        return script is not None and any(
            refusal.call == "hosts" and refusal.until is None for refusal in script.refusals
        )

    def unsettled(self, host: str, since: datetime) -> bool:
        """Whether, since then, something went wrong that keeps anybody from putting the host back:
        its write failed, an instance died, storage failed. Or the night is not settled yet."""
        failed = self.failures.of(("set_allow_new_session", "set_tag"), host, since)
        return (
            since < self.settled_at
            or bool(failed)
            or any(at >= since for at in self.failures.crashes)
            or self.held_up(host)
        )

    def held_up(self, host: str) -> bool:
        """Whether the script delays the app itself more than the judges' tolerances allow for."""
        script = self.script
        return script is not None and (
            any(d.what.startswith(("newer", "lose")) for d in script.disturbances)
            or any(rule.rule in ("outcomes", "recovery") for rule in script.bad_rules)
            or bool(script.hangs_of_the_estate)
        )

    @property
    def undisturbed(self) -> bool:
        """Whether nothing befalls the app itself: no call, no record, no instance and no rule."""
        script = self.script
        return script is not None and not (
            script.faults or script.crashes or script.bad_rules or script.hangs or self.meddled
        )

    @property
    def pool_gone(self) -> bool:
        """Whether the pool was deleted in this night: then nobody has to open its hosts."""
        script = self.script
        return script is not None and any(
            r.call == "set_allow_new_session" and r.kind == "gone" for r in script.refusals
        )

    def spelt(self, what: str, host: str) -> bool:
        """Whether listings show this strangeness of the host at some time of the night."""
        spells = self.script.spells if self.script is not None else ()
        return any(spell.what == what and host.startswith(spell.host) for spell in spells)

    @property
    def meddled(self) -> bool:
        """Whether records are lost or unreadable at some time of the night."""
        script = self.script
        return script is None or any(
            d.what in ("old state", "lose drain") or d.what.startswith("newer")
            for d in script.disturbances
        )

    def attention(self, host: str) -> str:
        """The app's text for a person about the host. Empty: there is none."""
        for drain in self.ledger.drains():
            record = self.ledger.records(drain).get(host)
            if record is not None and record.attention:
                return record.attention
        return ""

    def just_opened(self, host: str, at: datetime) -> bool:
        """Whether somebody else opened the host so recently that the app could not know."""
        opened = self.facts.opened_by_others.get(host)
        return opened is not None and at - opened <= self.step + self.leeway


def share(amount: Amount, total: int) -> float:
    return total * amount.value / 100 if amount.percent else float(amount.value)


def at_most(amount: Amount, total: int) -> int:
    """An amount as a limit: a percentage is rounded down, but never to zero."""
    return max(1, math.floor(share(amount, total))) if amount.percent else amount.value
