"""The table: what was measured, what is to be reached, and whether it is."""

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """``limit`` at most, or (``least``) at least."""

    limit: float
    least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit

    @property
    def text(self) -> str:
        return f"{'≥' if self.least else '≤'} {shown(self.limit)}"


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` is what pages and plots know the row by. ``values``: one a run; none: it was not
    measured, and ``note`` says why. ``unit`` is empty for counts and ratios."""

    key: str
    measure: str
    values: tuple[float, ...]
    unit: str = ""
    goal: Goal | None = None
    note: str = ""

    @property
    def median(self) -> float | None:
        return statistics.median(self.values) if self.values else None

    @property
    def figure(self) -> str:
        """The median, and the range where it was measured more than once."""
        if self.median is None:
            return "not measured"
        unit = f" {self.unit}" if self.unit else ""
        if len(self.values) == 1:
            return f"{shown(self.median)}{unit}"
        low, high = shown(min(self.values)), shown(max(self.values))
        return f"{shown(self.median)}{unit} ({low}–{high}, n={len(self.values)})"

    @property
    def verdict(self) -> str:
        if self.goal is None or self.median is None:
            return ""
        return "met" if self.goal.met(self.median) else "NOT MET"


def at_most(limit: float) -> Goal:
    return Goal(limit)


def at_least(limit: float) -> Goal:
    return Goal(limit, least=True)


def shown(value: float) -> str:
    """Three digits that matter; whole numbers whole."""
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def line(row: Row) -> str:
    """A line of the printed table."""
    goal = row.goal.text if row.goal is not None else ""
    text = f"  {row.measure:<78} {row.figure:<28} {goal:<9} {row.verdict:<8}".rstrip()
    return f"{text}\n      {row.note}" if row.note else text


def markdown(rows: Iterable[Row]) -> str:
    """The table as a page shows it."""
    lines = ["| measure | measured | to be reached | |", "| --- | --- | --- | --- |"]
    for row in rows:
        goal = row.goal.text if row.goal is not None else ""
        note = f" <br> {row.note}" if row.note else ""
        lines.append(f"| {row.measure}{note} | {row.figure} | {goal} | {row.verdict} |")
    return "\n".join(lines)


def row_json(row: Row) -> dict[str, Any]:
    return {**asdict(row), "median": row.median, "verdict": row.verdict}


def read_row(raw: dict[str, Any]) -> Row:
    """A row of a run's file. Raises KeyError or TypeError for one of another shape."""
    goal = Goal(**raw["goal"]) if raw["goal"] else None
    return Row(
        raw["key"], raw["measure"], tuple(raw["values"]), raw["unit"], goal, raw.get("note", "")
    )
