"""Reads the workflows of ``logic_apps/``: which actions there are, and what each call would send.
No expression is evaluated: the test says what each one stands for."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "logic_apps"
SCHEMA = json.loads(Path(__file__).with_name("workflow.schema.json").read_text(encoding="utf-8"))
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
_EMBEDDED = re.compile(r"@\{([^}]*)\}")


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def actions(level: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All actions with their names, outer before inner."""
    for name, action in level.items():
        yield name, action
        yield from actions(action.get("actions", {}))
        yield from actions(action.get("else", {}).get("actions", {}))


def of(name: str) -> dict[str, dict[str, Any]]:
    return dict(actions(load(name)["definition"]["actions"]))


def expressions(value: Any) -> Iterator[str]:
    """Every expression in a part of a definition, without its ``@``."""
    if isinstance(value, str):
        if value.startswith("@") and not value.startswith("@{"):
            yield value[1:]
        yield from _EMBEDDED.findall(value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from expressions(part)
    elif isinstance(value, list):
        for part in value:
            yield from expressions(part)


def filled(value: Any, known: Mapping[str, Any]) -> Any:
    """A part of a definition with its expressions replaced by their values in ``known``. Raises
    KeyError for one that is not there."""
    if isinstance(value, str):
        if value.startswith("@") and not value.startswith("@{"):
            return known[value[1:]]
        return _EMBEDDED.sub(lambda found: str(known[found[1]]), value)
    if isinstance(value, dict):
        return {key: filled(part, known) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, known) for part in value]
    return value


def holds(expression: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether a condition holds, with its expressions replaced by their values in ``known``."""
    [(name, parts)] = expression.items()
    match name:
        case "and":
            return all(holds(part, known) for part in parts)
        case "or":
            return any(holds(part, known) for part in parts)
        case "not":
            return not holds(parts, known)
        case "equals":
            one, other = filled(parts, known)
            return bool(one == other)
        case "greater":
            one, other = filled(parts, known)
            return bool(one > other)
    raise ValueError(name)
