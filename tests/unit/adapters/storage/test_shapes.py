"""Within one schema, versions of the app go either way: what a record holds is only added to.

``schema4.json`` has the fields and words that records had when the schema was raised last. Raise the schema, and this asks
for the next: ``python -m tests.unit.adapters.storage.test_shapes > tests/unit/adapters/storage/schemaN.json``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.storage import records
from shared.core.notifications.lane import Lane
from shared.core.schedules.campaigns import Campaign
from shared.core.schedules.schedules import Considered, Looked, Run, Schedule

KINDS: dict[str, Any] = {
    **records.KINDS,
    **{kind.__name__: kind for kind in (Campaign, Schedule, Run, Considered, Looked, Lane)},
}
KEPT = Path(__file__).with_name(f"schema{records.SCHEMA}.json")
Shape = dict[str, list[str]]


@cache
def shapes() -> dict[str, Shape]:
    """By record, and by what is in it: its fields (``!``: one without a default), or its words; and of records that are written
    without what is as by default (``=``), that."""
    found: dict[str, Shape] = {}
    for name, kind in KINDS.items():
        schema = records.adapter(kind).json_schema(mode="validation")
        parts = {"": schema, **schema.get("$defs", {})}
        lean = name in records.LEAN
        shaped = {part: shape_of(each, lean=lean) for part, each in sorted(parts.items())}
        found[name] = {part: shape for part, shape in shaped.items() if shape}
    return dict(sorted(found.items()))


def shape_of(schema: dict[str, Any], *, lean: bool) -> list[str]:
    required, fields = set(schema.get("required", ())), schema.get("properties", {})
    found = [f"{field}{'!' if field in required else ''}" for field in fields]
    if lean:
        found += [
            f"{field}={each['default']!r}" for field, each in fields.items() if "default" in each
        ]
    return sorted(found or [str(word) for word in schema.get("enum", ())])


def fault_of(kept: Shape, now: Shape) -> str:
    for part, shape in kept.items():
        there = set(now.get(part, ()))
        named = {each.rstrip("!") for each in there}
        if gone := {each for each in shape if each.rstrip("!") not in named}:
            return f"{part}: the version before looks for {gone}"
        if asked := {each for each in there if each.endswith("!")} - set(shape):
            return f"{part}: records of the version before have none of {asked}"
    return ""


@pytest.mark.parametrize("name", KINDS)
def test_records_are_only_added_to_within_a_schema(name: str) -> None:
    kept: dict[str, Shape] = json.loads(KEPT.read_text(encoding="utf-8"))
    assert fault_of(kept.get(name, {}), shapes()[name]) == ""


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (["host!", "out", "out=False", "added"], ""),
        (["host", "out", "out=False"], ""),
        (["host!", "out=False"], ": the version before looks for {'out'}"),
        (["host!", "out", "out=True"], ": the version before looks for {'out=False'}"),
        (
            ["host!", "out", "out=False", "new!"],
            ": records of the version before have none of {'new!'}",
        ),
        (["host!", "out!", "out=False"], ": records of the version before have none of {'out!'}"),
    ],
)
def test_what_is_taken_away_changed_or_asked_for_is_noticed(now: list[str], fault: str) -> None:
    assert fault_of({"": ["host!", "out", "out=False"]}, {"": now}) == fault


if __name__ == "__main__":
    print(json.dumps(shapes(), indent=1))
