"""The people of an estate: what they do when they are told that their desktop goes away."""

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """What somebody does ``after`` a while, counted from a message (or, for WORKS, from the
    sign-in)."""

    LEAVES = "leaves"
    MOVES = "moves"
    """Signs out, and at once in again: to another host, if drain mode does its work."""
    DISCONNECTS = "disconnects"
    STUBBORN = "stubborn"
    WORKS = "works"


@dataclass(frozen=True, slots=True)
class Person:
    """``after`` and ``arrives`` are seconds of the estate's time; ``on`` a host's short name, or
    None for wherever the load balancer says."""

    upn: str
    manner: Manner = Manner.LEAVES
    after: float = 300.0
    arrives: float = 0.0
    on: str | None = None
    starts_disconnected: bool = False
