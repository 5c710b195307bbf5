"""The people of an estate: what they do when a message tells them that their desktop will go
away."""

from dataclasses import dataclass
from enum import StrEnum


class Manner(StrEnum):
    """What a person does ``after`` some time, counted from a message (for WORKS, from the
    sign-in)."""

    LEAVES = "leaves"
    MOVES = "moves"
    """Signs out, and in again at once: on another host, if drain mode works."""
    DISCONNECTS = "disconnects"
    STUBBORN = "stubborn"
    WORKS = "works"


@dataclass(frozen=True, slots=True)
class Person:
    """A person. ``after`` and ``arrives`` are in the estate's seconds. ``on``: a host's short name;
    None: the load balancer chooses."""

    upn: str
    manner: Manner = Manner.LEAVES
    after: float = 300.0
    arrives: float = 0.0
    on: str | None = None
    starts_disconnected: bool = False
