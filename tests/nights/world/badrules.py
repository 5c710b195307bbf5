"""Makes rules of the app raise unforeseen errors, for a while or from some time on, like a fault in
a rule that only some nights bring out."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.nights.script import BadRule, lasts
from tests.nights.world.faults import PlantedError

RULES: dict[str, tuple[str, str]] = {
    "who fits": ("shared.core.flow.flow", "room"),
    "who is next": ("shared.core.flow.flow", "in_order"),
    "what holds": ("shared.core.flow.flow", "blocked"),
    "who is gone": ("shared.core.flow.flow", "why_gone"),
    "what was read": ("shared.core.flow.flow", "read"),
    "sessions": ("shared.core.flow.flow", "track"),
    "by when": ("shared.core.flow.flow", "note_restore_by"),
    "drain mode": ("shared.core.flow.hostphases", "keep_drained"),
    "leaving": ("shared.core.flow.hostphases", "leaving"),
    "restoring": ("shared.core.flow.hostphases", "restoring"),
    "health": ("shared.core.observation.health", "faults"),
    "the tag": ("shared.core.restore.exclusiontag", "claimed"),
    "undoing the tag": ("shared.core.restore.exclusiontag", "undo"),
    "messages": ("shared.core.users.leaving", "due_messages"),
    "stopping again": ("shared.core.restore.restore", "stop_again"),
    "what is needed": ("shared.engine.step.observe", "needs_of"),
    "deciding": ("shared.engine.step.step", "decide"),
    "whom to follow": ("shared.engine.callbacks.publishing", "_follow"),
    "whom to tell": ("shared.engine.step.step", "send_for"),
    "who is in need": ("shared.engine.step.acting", "newly_in_need"),
    "what is left": ("shared.engine.step.poolwork", "_others"),
    "recovery": ("shared.engine.step.step", "recover"),
    "outcomes": ("shared.engine.step.acting", "apply"),
}
"""The rules by name: the module and the name under which each is looked up."""
LIFTED = frozenset({"outcomes"})
"""Without it nothing of a step can be stored, so this fault is always mended after some time."""


@contextmanager
def bad_rules(parts: tuple[BadRule, ...], time: Callable[[], float]) -> Iterator[None]:
    """Make these rules fail, each in its time."""
    were: list[tuple[Any, str, Any]] = []
    try:
        for part in parts:
            module, name = RULES[part.rule]
            home = importlib.import_module(module)
            were.append((home, name, getattr(home, name)))
            setattr(home, name, _failing(getattr(home, name), part, time))
        yield
    finally:
        for home, name, was in reversed(were):
            setattr(home, name, was)


def _failing(rule: Callable[..., Any], part: BadRule, time: Callable[[], float]) -> Any:
    def failing(*words: Any, **named: Any) -> Any:
        if lasts(part, time()):
            raise PlantedError("a rule fails as nobody foresaw")
        return rule(*words, **named)

    return failing
