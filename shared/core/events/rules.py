"""Event rules: what each kind of event does. The first rule that fits a signal and a pool holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from shared.core.events.signals import Signal, Source, machine_type
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.updaterun import UsersRemain
from shared.core.policy.policy import Amount, Policy
from shared.core.values.hostpool import HostPoolId


class Does(StrEnum):
    DRAIN = "drain"
    NOTHING = "nothing"


class OverTheFloor(StrEnum):
    """What becomes of a run that wants more hosts at once than the policy's floor lets out."""

    CANCEL_RUN = "cancelRun"
    DRAIN_ANYWAY = "drainAnyway"
    DRAIN_WHAT_FITS = "drainWhatFits"


@dataclass(frozen=True, slots=True)
class Rule:
    """``pools`` are names or resource ids, with ``*``; none: every pool. ``only`` holds patterns for
    the signal's facts: each that is named must fit."""

    name: str
    on: Source
    does: Does = Does.DRAIN
    pools: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    allow_personal: bool = False
    users_remain: UsersRemain = UsersRemain.CANCEL_RUN
    over_the_floor: OverTheFloor = OverTheFloor.CANCEL_RUN
    decide_before: timedelta = timedelta(minutes=3)

    def fits(self, signal: Signal, pool: HostPoolId, machine: str = "") -> bool:
        """``machine``: the one of the signal's that is asked about; what is true of one machine need
        not be of the next."""
        if signal.source is not self.on:
            return False
        if self.pools and not any(_alike(p, pool.name, pool.resource_id) for p in self.pools):
            return False
        facts = {**signal.facts, "targetType": machine_type(machine)} if machine else signal.facts
        return all(
            any(_alike(pattern, facts.get(fact, "")) for pattern in patterns)
            for fact, patterns in self.only.items()
        )


PREDICTED_LOSS = Rule(
    name="predicted loss",
    on=Source.PREDICTED_LOSS,
    policy=Policy(
        max_unavailable=Amount(50, percent=True), maintenance=Hold(hold_for=timedelta(1))
    ),
)
"""The one rule that holds without anybody's choice, after all others: a machine that is about to
be lost is drained, and held until the platform says that it is available again."""


def rule_for(
    rules: Iterable[Rule], signal: Signal, pool: HostPoolId, machine: str = ""
) -> Rule | None:
    """The first that fits; None where nothing is to be done because no rule speaks of it."""
    every = (*rules, PREDICTED_LOSS)
    return next((rule for rule in every if rule.fits(signal, pool, machine)), None)


def _alike(pattern: str, *values: str) -> bool:
    return any(fnmatchcase(value.lower(), pattern.lower()) for value in values)
