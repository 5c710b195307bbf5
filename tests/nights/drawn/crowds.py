"""Draws records near every limit: hosts with many people, long names and texts, many orders."""

from dataclasses import replace
from random import Random

from local.sim.estate.people import Manner
from tests.nights.drawn.chance import some
from tests.nights.script import Ask, HostPart, PersonPart

_MOST_ORDERS = 210
"""More orders than a drain accepts."""


def crowd(
    r: Random, hosts: tuple[HostPart, ...]
) -> tuple[tuple[HostPart, ...], tuple[PersonPart, ...]]:
    """In a few nights a great many people with long names are on one host; most of them cannot be
    sent a message."""
    if not some(r, 0.006):
        return hosts, ()
    full = hosts[0]
    name = r.choice(("user", "büro-für-alles"))
    people = tuple(
        PersonPart(
            f"{name}{n}{'x' * r.choice((0, 200))}@contoso.example",
            str(r.choice((Manner.LEAVES, Manner.STUBBORN))), r.uniform(10, 1500), on=full.name,
        )
        for n in range(r.choice((60, 120)))
    )  # fmt: skip
    if some(r, 0.6):
        full = replace(full, quirks={**(full.quirks or {}), "messages_fail": True})
    return (full, *hosts[1:]), people


def many_orders(r: Random, start: Ask) -> tuple[Ask, ...]:
    """In a few nights somebody extends a drain again and again, and then cancels it."""
    if not some(r, 0.004):
        return ()
    every = r.choice((2.0, 10.0))
    more = [
        Ask(start.at + 5 + n * every, "extend", start.drain, {"by": "PT1M", "reason": "more " * 20})
        for n in range(_MOST_ORDERS)
    ]
    last = more[-1].at + r.uniform(1, 60)
    return (*more, Ask(last, "cancel", start.drain, {"reason": "enough"}))


def long_texts(r: Random, start: Ask) -> None:
    """In a few nights the messages are as long as allowed."""
    if some(r, 0.01):
        start.body["policy"]["messages"] = [
            {"title": f"{n} {'t' * 190}", "text": "ü" * 2000, "beforeDeadline": f"PT{n}M"}
            for n in range(10, 0, -1)
        ]
