"""Where one host stands: the phases, the moves between them, and nothing else sets a phase."""

from enum import StrEnum


class Phase(StrEnum):
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
"""EMPTY back to DRAINING: somebody got in before the maintenance began. MAINTAINING back to
EMPTY: it turned out that the maintenance never began. VERIFYING to FAILED: it is not well, and the
policy keeps it drained. RESTORING to QUEUED: its window has ended, and it goes on in the next one."""

TERMINAL = frozenset(phase for phase, onward in MOVES.items() if not onward)
OUT = frozenset(MOVES) - TERMINAL - {Phase.QUEUED}
"""Phases in which a host is, or may be, kept from new sessions by its drain."""


class IllegalMoveError(RuntimeError):
    """A move that the table does not know: a fault of this code, never of a user."""


def check_move(start: Phase, end: Phase) -> None:
    """Raise IllegalMoveError unless the table allows the move."""
    if end not in MOVES[start]:
        raise IllegalMoveError(f"a host cannot go from {start} to {end}")
