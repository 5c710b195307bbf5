"""Draws hosts and people."""

from collections.abc import Callable
from random import Random
from typing import Any

from local.sim.estate.people import Manner
from tests.nights.drawn.chance import LONGEST_SIGN_IN, TROUBLE_UNTIL, some
from tests.nights.script import (
    HostPart,
    PersonPart,
)


def hosts(r: Random) -> tuple[HostPart, ...]:
    return tuple(
        HostPart(
            name=f"h{n}",
            drained=some(r, 0.12),
            power=r.choice(("deallocated", "stopped", "hibernated")) if some(r, 0.1) else "running",
            tagged=some(r, 0.1),
            quirks=_quirks(r),
        )
        for n in range(r.choice((1, 1, 2, 2, 3, 3, 4, 5)))
    )


def _quirks(r: Random) -> dict[str, Any] | None:
    makers: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("restart_takes", lambda: r.uniform(20, 300)),
        ("boot_takes", lambda: r.uniform(20, 300)),
        ("never_comes_back", lambda: True),
        ("restart_fails", lambda: True),
        ("session_count_lag", lambda: r.uniform(10, 120)),
        ("sign_out_takes", lambda: r.uniform(1, 200)),
        ("upgrading_for", lambda: r.uniform(60, 900)),
        ("flips_drain_after", lambda: r.uniform(1, 300)),
        ("ghost_sessions", lambda: True),
        ("messages_fail", lambda: True),
        ("script_takes", lambda: r.uniform(10, 900)),
        ("script_fails", lambda: True),
    )
    found = {name: make() for name, make in makers if some(r, 0.08)}
    return found or None


def people(r: Random, names: list[str]) -> tuple[PersonPart, ...]:
    people = []
    for n in range(r.choice((0, 1, 2, 3, 4, 6))):
        settled = some(r, 0.5)
        people.append(
            PersonPart(
                upn=f"{r.choice(('user', 'user', 'user', 'vip'))}{n}@contoso.example",
                manner=str(r.choice(list(Manner))),
                after=r.uniform(10, 3000),
                arrives=0.0 if settled else r.uniform(1, TROUBLE_UNTIL),
                takes=0.0 if settled else r.uniform(0, LONGEST_SIGN_IN),
                on=r.choice(names) if settled else None,
                disconnected=settled and some(r, 0.2),
            )
        )
    return tuple(people)
