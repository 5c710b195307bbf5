"""The phases of a host and the moves between them. Nothing else sets a phase."""

from enum import StrEnum


class Phase(StrEnum):
    """How far one host is in its drain."""

    QUEUED = "queued"
    DRAINING = "draining"
    EMPTY = "empty"
    MAINTAINING = "maintaining"
    VERIFYING = "verifying"
    RESTORING = "restoring"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELED = "canceled"


MOVES: dict[Phase, frozenset[Phase]] = {
    Phase.QUEUED: frozenset({Phase.DRAINING, Phase.SKIPPED, Phase.CANCELED}),
    Phase.DRAINING: frozenset({Phase.EMPTY, Phase.RESTORING, Phase.SKIPPED}),
    Phase.EMPTY: frozenset({Phase.DRAINING, Phase.MAINTAINING, Phase.RESTORING, Phase.SKIPPED}),
    Phase.MAINTAINING: frozenset({Phase.EMPTY, Phase.VERIFYING, Phase.RESTORING, Phase.SKIPPED}),
    Phase.VERIFYING: frozenset({Phase.RESTORING, Phase.FAILED, Phase.SKIPPED}),
    Phase.RESTORING: frozenset(
        {Phase.DONE, Phase.FAILED, Phase.CANCELED, Phase.SKIPPED, Phase.QUEUED}
    ),
    Phase.DONE: frozenset(),
    Phase.SKIPPED: frozenset(),
    Phase.FAILED: frozenset(),
    Phase.CANCELED: frozenset(),
}
"""The phases that may follow each phase.

EMPTY to DRAINING: a user signed in before the maintenance began. MAINTAINING to EMPTY: the
maintenance turned out never to have begun. VERIFYING to FAILED: the host is not healthy, and the
policy keeps it in drain mode. RESTORING to QUEUED: the window has ended, and the host goes on in
the next one.
"""

TERMINAL = frozenset(phase for phase, onward in MOVES.items() if not onward)
"""Phases in which a host has ended."""
OUT = frozenset(MOVES) - TERMINAL - {Phase.QUEUED}
"""Phases in which the drain keeps new sessions off the host, or may do so."""


class IllegalMoveError(RuntimeError):
    """A move that the table does not contain. This is a fault of the code, never of a user."""


def check_move(start: Phase, end: Phase) -> None:
    """Raises IllegalMoveError unless the table contains the move."""
    if end not in MOVES[start]:
        raise IllegalMoveError(f"a host cannot go from {start} to {end}")
