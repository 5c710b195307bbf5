"""Estates that are drained night after night: how many hosts, how their users behave, how long hosts take.

Everything that the forecasts are held to is drawn here, and the app is told nothing of it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Quirks
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, Policy

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Estate:
    """``begins``: when its drains begin, local time. ``users``: on each host, on average. ``heed``: the share
    of users who leave when they are told; the others work until they go home, or were disconnected and stay
    (``idle``). ``home``: when those go home, local hour, give or take ``spread`` hours. ``reboot``: seconds."""

    name: str
    about: str
    hosts: int
    users: float
    begins: time
    policy: Policy
    heed: float = 0.4
    idle: float = 0.1
    home: float = 17.5
    spread: float = 1.2
    reboot: float = 150.0
    days: frozenset[int] = field(default_factory=lambda: frozenset(range(5)))


def _policy(**more: Any) -> Policy:
    given: dict[str, Any] = {
        "maintenance": Restart(), "time_zone": "Europe/Berlin", "max_unavailable": Amount(25, True),
        "failure_budget": Amount(100, True), "start_within": timedelta(days=2),
    }  # fmt: skip
    return Policy(**(given | more))


ESTATES = (
    Estate(
        "evening", "20 hosts, restarted at 17:00, users have 2 h and are signed out then", 20, 3.0,
        time(17), _policy(deadline=timedelta(hours=2), at_deadline=AtDeadline.SIGN_OUT),
    ),
    Estate(
        "patient", "12 hosts, restarted at 16:00, whoever works is waited for", 12, 2.0, time(16),
        _policy(deadline=timedelta(hours=1), max_unavailable=Amount(50, True)), idle=0.0,
    ),
    Estate(
        "daytime", "16 hosts, restarted at 10:00 in batches, the deadline is 1 h", 16, 2.5, time(10),
        _policy(
            deadline=timedelta(hours=1), at_deadline=AtDeadline.SIGN_OUT, canary=True,
            batches=(Amount(25, True),), max_unavailable=Amount(50, True),
        ),
    ),
    Estate(
        "night", "40 hosts, restarted at 23:00, few users, slow hosts", 40, 0.3, time(23),
        _policy(deadline=timedelta(hours=1), at_deadline=AtDeadline.SIGN_OUT), reboot=400.0,
    ),
    Estate(
        "gives up", "12 hosts, restarted at 15:00, given up after 3 h", 12, 2.0, time(15),
        _policy(
            deadline=timedelta(hours=3), at_deadline=AtDeadline.GIVE_UP,
            max_unavailable=Amount(50, True),
        ), idle=0.05,
    ),
    Estate(
        "shifts", "10 hosts, drained at 12:00, nothing is done to them, users go home late", 10, 3.0,
        time(12),
        _policy(
            maintenance=NoMaintenance(), deadline=timedelta(hours=8),
            at_deadline=AtDeadline.SIGN_OUT, max_unavailable=Amount(100, True),
        ), home=19.0, spread=2.0,
    ),
)  # fmt: skip


def nights(estate: Estate, first: date, number: int) -> Iterator[datetime]:
    """When its drains begin, in order."""
    day = first
    while number:
        if day.weekday() in estate.days:
            yield datetime.combine(day, estate.begins, BERLIN)
            number -= 1
        day += timedelta(days=1)


def people(estate: Estate, chance: random.Random, at: datetime, night: int) -> Iterator[Person]:
    """Who is on one host when a drain begins. Days differ: in some, people stay longer."""
    day = random.Random(f"{estate.name} {night}").gauss(0.0, 0.4)  # noqa: S311
    for number in range(_poisson(chance, estate.users)):
        upn = f"user{chance.randrange(10**6)}-{number}@contoso.example"
        drawn = chance.random()
        if drawn < estate.heed:
            yield Person(upn, Manner.LEAVES, chance.lognormvariate(6.0, 0.8))
        elif drawn < estate.heed + estate.idle:
            yield Person(upn, Manner.STUBBORN, starts_disconnected=True)
        else:
            hour = at.hour + at.minute / 60
            left = chance.gauss(estate.home + day, estate.spread) - hour
            if left <= 0:  # whoever is still there stays for a while
                left = chance.expovariate(1 / 0.75)
            yield Person(upn, Manner.WORKS, left * 3600)


def quirks(estate: Estate, chance: random.Random) -> Quirks:
    """How long a host takes this time."""
    whole = estate.reboot * chance.lognormvariate(0.0, 0.35)
    return Quirks(restart_takes=0.4 * whole, boot_takes=0.6 * whole)


def _poisson(chance: random.Random, mean: float) -> int:
    number, left = 0, chance.expovariate(1.0)
    while left < mean:
        number, left = number + 1, left + chance.expovariate(1.0)
    return number
