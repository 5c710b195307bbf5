"""One bad thing spoils nothing but itself: no loop of the engine that waits for the outside is bare."""

import ast
from pathlib import Path

import pytest

from shared.engine.world.each import each

ENGINE = Path(__file__).parents[3] / "shared" / "engine"

LEFT_BARE = {
    "campaigning.order": "tries again, of the same campaign",
    "orders._order": "tries again, of the same drain",
    "lanes._changed": "tries again, of the same lane",
    "subscribing.unsubscribe": "tries again, of the same subscription",
    "scheduling._consider": "all moments of one schedule are recorded before it counts as considered",
    "drains.recorded": "one event's drains: what cannot be read must hold that event",
    "triage": "events: one signal is seen to with what all others say",
    "handling": "events: what holds one is decided there",
    "endings": "events",
    "each.each": "the helper itself",
    "claims.out": "claims",
    "directory._read": "one reading of the estate, whole or not at all",
    "watchdog": "the watchdog's own isolation",
    "preview": "an answer about events, whole or refused",
    "step": "one drain's hosts, of which all belong to one record",
}
"""Functions, or whole modules, by name; each with why its loops go no further after an error."""


def bare_loops() -> list[str]:
    found = []
    for path in sorted(ENGINE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            for node in _own(function):
                loops = isinstance(node, ast.For | ast.AsyncFor | ast.comprehension)
                several = isinstance(node, ast.ListComp | ast.DictComp | ast.SetComp)
                waits = any(isinstance(inner, ast.Await) for inner in _body(node))
                if (loops or several) and waits:
                    found.append(f"{path.stem}.{function.name}")
    return found


def _own(function: ast.AST) -> list[ast.AST]:
    """What is in it, without the functions that it defines."""
    found: list[ast.AST] = []
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found += [child, *_own(child)]
    return found


def _body(node: ast.AST) -> list[ast.AST]:
    """What is done once an item: what is looped over is read once."""
    match node:
        case ast.For() | ast.AsyncFor():
            return [inner for line in node.body for inner in (line, *_own(line))]
        case ast.ListComp() | ast.SetComp():
            return [node.elt, *_own(node.elt)]
        case ast.DictComp():
            return [node.value, *_own(node.value)]
    return []


def test_no_loop_of_the_engine_that_waits_for_the_outside_is_bare() -> None:
    allowed = LEFT_BARE.keys()
    bare = [
        name for name in bare_loops() if name not in allowed and name.split(".")[0] not in allowed
    ]
    assert bare == [], "use shared.engine.world.each, or say in LEFT_BARE why not"


async def test_what_goes_wrong_with_one_is_told_and_the_next_has_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    async def do(item: int) -> None:
        done.append(10 // item)

    for at_once in (1, 3):
        done.clear()
        [(item, error)] = await each("number", [5, 0, 2], do, at_once=at_once)
        assert (item, type(error)) == (0, ZeroDivisionError)
        assert sorted(done) == [2, 5]
        assert "number 0 failed" in caplog.text
