"""What a forecast costs, beside the decision of the same look: processor time, the least of a few."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from shared.core.drain.model import Control, Drain, Progress
from shared.core.flow.flow import decide
from shared.core.forecast.forecast import forecast
from shared.core.forecast.leaving import Stay, with_stays
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.host.turn import queued
from shared.core.maintenance.restart import Restart
from shared.core.observation.seen import HostSeen, Seen, SessionSeen
from shared.core.policy.policy import Amount, AtDeadline, Policy
from shared.core.values.hostpool import HostPoolId
from shared.core.values.pace import Pace

SIZES = (100, 1000, 10_000)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_POOL = HostPoolId("11111111-2222-3333-4444-555555555555", "rg", "hp-cost")
_POLICY = Policy(
    max_unavailable=Amount(25, percent=True), at_deadline=AtDeadline.SIGN_OUT, maintenance=Restart()
)


@dataclass(frozen=True, slots=True)
class Cost:
    hosts: int
    decision: float
    forecast: float


def costs(tries: int = 7) -> list[Cost]:
    """In seconds, of a drain of which a quarter of the hosts is out, with three users on each."""
    found = []
    for hosts in SIZES:
        drain, seen, past, now = _drain(hosts), _seen(hosts), _past(), NOON + timedelta(minutes=30)
        found.append(Cost(
            hosts,
            _least(tries, partial(decide, drain, seen, now, Pace())),
            _least(tries, partial(forecast, drain, seen, past, now)),
        ))  # fmt: skip
    return found


def _least(tries: int, do: Callable[[], object]) -> float:
    took = []
    for _ in range(tries):
        began = time.process_time()
        do()
        took.append(time.process_time() - began)
    return min(took)


def _drain(number: int) -> Drain:
    control = Control("hp-1", _POOL, "patches", Order("anna", NOON), _POLICY, zone="Europe/Berlin")
    return Drain(control, Progress(), tuple(_host(n, out=n < number // 4) for n in range(number)))


def _host(number: int, *, out: bool) -> HostRecord:
    host = queued(f"h{number}", f"h{number}", NOON, sessions_count=3)
    if not out:
        return host
    at = NOON + timedelta(seconds=number % 300)
    sessions = tuple(
        SessionRecord(str(n), f"u{n}@x.example", NOON, "Active", at, warned_at=at) for n in range(3)
    )
    host = host.moved(Phase.DRAINING, at)
    return replace(host, before=True, out_at=at, effective_at=at, drained_at=at, sessions=sessions)


def _seen(number: int) -> Seen:
    hosts = {
        f"h{n}": HostSeen(
            f"h{n}", f"h{n}", n >= number // 4, "Available", n % 7, NOON, None, None, "Succeeded"
        )
        for n in range(number)
    }
    sessions = {
        f"h{n}": tuple(
            SessionSeen(f"h{n}", str(m), f"u{m}@x.example", "Active", NOON) for m in range(3)
        )
        for n in range(number // 4)
    }
    return Seen(hosts, NOON, NOON, sessions=sessions, sessions_began_at=NOON)


def _past() -> Past:
    past = Past()
    for n in range(60):
        past = past.with_kind("restart", timedelta(minutes=2 + n % 5))
        past = replace(past, back=past.back.with_one(timedelta(minutes=2 + n % 7)))
        past = replace(past, settling=past.settling.with_one(timedelta(seconds=20 + n)))
    began = [NOON - timedelta(days=d, hours=h) for d in range(1, 15) for h in range(8)]
    stays = [
        Stay(at, at + timedelta(minutes=5 + 7 * (n % 40)), ended=True) for n, at in enumerate(began)
    ]
    return replace(past, leaving=with_stays(past.leaving, stays, "Europe/Berlin"))
