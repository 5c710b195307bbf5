"""Draws what goes wrong only if several things come together, which chance alone would hardly ever
bring about."""

from random import Random
from typing import Any

from local.sim.estate.people import Manner
from tests.nights.drawn.chance import some
from tests.nights.script import Ask, Fault, PersonPart, Refusal, Spell
from tests.nights.world.faults import LOST


def nameless(
    r: Random, names: list[str], start: Ask
) -> tuple[tuple[PersonPart, ...], tuple[Spell, ...]]:
    """In a few nights a protected user stays on a host whose listings never have whole user names,
    while everybody is signed out at the deadline."""
    if not some(r, 0.03):
        return (), ()
    host = r.choice(names)
    policy: dict[str, Any] = start.body["policy"]
    policy |= {
        "protectedUsers": r.choice((["VIP*"], ["VIP*@contoso.example"])),
        "protectedUsersThen": r.choice(("wait", "giveUp")),
        "atDeadline": "signOut", "deadline": "PT10M", "messages": [{"title": "first"}],
        "maxUnavailable": "100%",
    }  # fmt: skip
    vip = PersonPart("vip9@contoso.example", str(Manner.STUBBORN), 3000.0, on=host)
    return (vip,), (Spell(r.choice(("no UPN", "no user")), 0.0, None, host),)


def untagged(r: Random, start: Ask) -> tuple[Fault, ...]:
    """In a few nights a request that sets an exclusion tag is lost, and hosts are out for long."""
    if not some(r, 0.05):
        return ()
    start.body["policy"]["maintenance"] = {"kind": "hold", "holdFor": "PT60M"}
    return tuple(Fault(number, "fail", 1.0, "set_tag") for number in range(1, r.choice((2, 4))))


def lost(r: Random, names: list[str]) -> tuple[Refusal, ...]:
    """In a few nights all requests that start the maintenance of a host are lost on the way."""
    if not some(r, 0.03):
        return ()
    host = r.choice(("", r.choice(names)))
    return tuple(Refusal(call, LOST, 0.0, None, host) for call in ("power", "run"))
