"""Drains night after night in virtual time: the real engine, rules and store; what was forecast, and when it
truly ended."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bench.forecast.estates import Estate, nights, people, quirks
from shared.core.drain.expected import Expected
from shared.core.drain.model import Drain
from shared.core.forecast.forecast import of_host
from shared.core.forecast.stages import Ahead
from shared.core.host.phases import OUT, Phase
from shared.core.host.status import ENDED
from shared.core.users.deadlines import due_at
from tests.support.night.night import Night

FIRST = date(2026, 9, 28)
"""A Monday; the clocks are put back in the fourth week."""
MOST = timedelta(hours=40)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said at a time of one thing, and what the simple reckoning would have said."""

    at: datetime
    expected: Expected
    simple: datetime


@dataclass(slots=True)
class Course:
    """One drain, or one host: what was said of it, and when it truly ended."""

    estate: str
    night: int
    began: datetime
    ended: datetime
    said: list[Said] = field(default_factory=list)
    last: timedelta | None = None
    """How long the pool's last drain took."""


@dataclass(slots=True)
class Lived:
    drains: list[Course] = field(default_factory=list)
    hosts: list[Course] = field(default_factory=list)


async def live(estate: Estate, number: int, seed: int) -> Lived:
    """So many drains of an estate, one after the other."""
    chance = random.Random(f"{estate.name} {seed}")  # noqa: S311
    night, lived = Night(hosts=estate.hosts), Lived()
    took = timedelta(0)
    for count, at in enumerate(nights(estate, FIRST, number)):
        took = await _one(estate, night, count, at, chance, took, lived)
    return lived


async def _one(
    estate: Estate,
    night: Night,
    number: int,
    at: datetime,
    chance: random.Random,
    took: timedelta,
    lived: Lived,
) -> timedelta:
    """One drain; how long its hosts' maintenance took, at the longest."""
    night.jump(at)
    for host in night.pool.hosts.values():
        for session in list(host.sessions.values()):
            night.world.end(host, session, "gone home")
        host.quirks = quirks(estate, chance)
        for person in people(estate, chance, at, number):
            night.world.sign_in(night.pool, host, person)
    drain = await night.start(estate.policy, unique=f"night {number}")
    began = night.clock.at
    before = lived.drains[-1] if lived.drains else None
    course = Course(estate.name, number, began, began)
    course.last = before.ended - before.began if before is not None else None
    hosts: dict[str, Course] = {}
    turn = 0
    while drain.progress.status not in ENDED and night.clock.at < began + MOST:
        await night.pass_time()
        drain = await night.drain(drain.id)
        if drain.progress.step_number == turn:
            continue
        turn = drain.progress.step_number
        await _note(night, drain, estate, took, course, hosts)
    ends = {host.key: host.since for host in drain.hosts if host.ended}
    course.ended = drain.progress.ended_at or night.clock.at
    lived.drains.append(course)
    for key, each in hosts.items():
        each.ended = ends.get(key, course.ended)
        lived.hosts.append(each)
    lasted = [
        h.since - h.maintenance.begun_at
        for h in drain.hosts
        if h.phase is Phase.DONE and h.maintenance.begun_at is not None
    ]
    return max(lasted, default=took)


async def _note(
    night: Night,
    drain: Drain,
    estate: Estate,
    took: timedelta,
    course: Course,
    hosts: dict[str, Course],
) -> None:
    now = night.clock.at
    known = drain.forecast
    if known is not None and drain.progress.status not in ENDED:
        course.said.append(Said(now, known.whole.as_of(now), _simple(drain, estate, took, now)))
    past = await night.process.outside.store.past(drain.control.pool.key)
    if past is None:
        return
    for host in drain.hosts:
        if host.phase not in OUT or host.out_at is None:
            continue
        each = hosts.setdefault(
            host.key, Course(estate.name, course.night, host.out_at, host.out_at)
        )
        if not each.said or now - each.said[-1].at >= timedelta(minutes=5):
            expected = of_host(Ahead(drain.control, past, now), host, known)
            due = due_at(drain.control, host, now) or now
            begun = host.maintenance.begun_at
            simple = (begun or max(due, now)) + took
            if expected is not None:
                each.said.append(Said(now, expected, max(simple, now)))


def _simple(drain: Drain, estate: Estate, took: timedelta, now: datetime) -> datetime:
    """The deadline plus what it took last time: of those that are out, and then of each round of those that
    wait."""
    policy = estate.policy
    out = [host for host in drain.hosts if host.phase in OUT]
    waits = sum(host.phase is Phase.QUEUED for host in drain.hosts)
    ends = [
        (h.maintenance.begun_at or max(due_at(drain.control, h, now) or now, now)) + took
        for h in out
    ]
    width = policy.max_unavailable.of(len(drain.hosts))
    if policy.batches:
        width = min(width, policy.batches[-1].of(len(drain.hosts)))
    rounds = -(-waits // width)
    return max(max(ends, default=now), now) + rounds * (policy.deadline + took)
