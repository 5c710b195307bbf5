"""Event rules: what to do for each kind of event. The first rule that fits a signal and a pool
holds."""

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
    """What to do with a maintenance run that needs more hosts at once than the policy's limits let
    out."""

    CANCEL_RUN = "cancelRun"
    DRAIN_ANYWAY = "drainAnyway"
    DRAIN_WHAT_FITS = "drainWhatFits"


@dataclass(frozen=True, slots=True)
class Rule:
    """``pools``: names or resource ids, with ``*``; empty: every pool. ``only``: patterns for the
    signal's facts, by fact: each fact must fit one of its patterns."""

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
        """``machine``: the one of the signal's machines in question. Facts of one machine need not
        hold for another."""
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
"""The one rule that holds without being configured, after all others: a VM that is about to be lost
is drained, and held until the platform reports that it is available again."""


def rule_for(
    rules: Iterable[Rule], signal: Signal, pool: HostPoolId, machine: str = ""
) -> Rule | None:
    """The first rule that fits; None if no rule does, so that nothing is done."""
    every = (*rules, PREDICTED_LOSS)
    return next((rule for rule in every if rule.fits(signal, pool, machine)), None)


def _alike(pattern: str, *values: str) -> bool:
    return any(fnmatchcase(value.lower(), pattern.lower()) for value in values)
