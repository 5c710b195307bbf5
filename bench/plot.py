"""A plot as SVG, written by hand: lines over a number of hosts, both scales logarithmic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 200, 40, 50
_COLORS = ("#0b6bcb", "#c0392b", "#7f8c8d", "#2e8b57", "#8e44ad")


@dataclass(frozen=True, slots=True)
class Line:
    """``points``: hosts and value. ``dashed``: counted up, not measured."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


def svg(title: str, y_name: str, lines: Sequence[Line]) -> str:
    """Raises ValueError if there is nothing to draw."""
    points = [point for line in lines for point in line.points]
    if not points:
        raise ValueError(f"nothing to draw of {title!r}")
    x_scale = _Scale.over([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    y_scale = _Scale.over([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_LEFT, 22, title, size=15),
        _text(14, _TOP - 8, y_name),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 12, "hosts", anchor="middle"),
    ]
    for value in x_scale.ticks():
        x = x_scale.at(value)
        parts.append(_rule(x, _TOP, x, _HEIGHT - _BOTTOM))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 16, f"{value:,.0f}", anchor="middle"))
    for value in y_scale.ticks():
        y = y_scale.at(value)
        parts.append(_rule(_LEFT, y, _WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 6, y + 4, f"{value:,g}", anchor="end"))
    for number, line in enumerate(lines):
        parts += _drawn(line, _COLORS[number % len(_COLORS)], x_scale, y_scale)
        y = _TOP + 14 + 20 * number
        color = _COLORS[number % len(_COLORS)]
        parts.append(_text(_WIDTH - _RIGHT + 14, y, line.name, color=color))
    return "\n".join([*parts, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> "_Scale":
        logs = [math.log10(max(value, 1e-6)) for value in values]
        low = math.floor(min(logs) + 1e-9)
        return cls(low, max(low + 1, math.ceil(max(logs) - 1e-9)), start, end)

    def at(self, value: float) -> float:
        part = (math.log10(max(value, 1e-6)) - self.low) / max(1.0, self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        return [10.0**n for n in range(int(self.low), int(self.high) + 1)]


def _drawn(line: Line, color: str, x_scale: _Scale, y_scale: _Scale) -> list[str]:
    places = [(x_scale.at(x), y_scale.at(y)) for x, y in sorted(line.points)]
    path = " ".join(f"{x},{y}" for x, y in places)
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    dots = [f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in places]
    return [
        f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>',
        *([] if line.dashed else dots),
    ]


def _rule(x: float, y: float, x2: float, y2: float) -> str:
    return f'<line x1="{x}" y1="{y}" x2="{x2}" y2="{y2}" stroke="#ddd"/>'


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, color: str = "#222"
) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{color}">'
        f"{escape(text)}</text>"
    )
