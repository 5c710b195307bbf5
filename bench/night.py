"""What a night costs: the arithmetic, from measured rows and published prices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.table import Row, shown

SIZES = (100, 1000, 10_000)
TIMER_HOURS = 8.0
"""The timers fire all night; the rest of the day they do, too, and find nothing."""
TIMERS_AN_HOUR = 60 + 12 + 60
"""The tick and the schedules each minute, the watchdog every five."""
MEMORY_GB = 2.0
"""``instanceMemoryMB`` of infra, which is billed while anything runs on the instance."""
LEAST_SECONDS = 1.0
"""An execution is billed for at least so long."""


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars, East US, without the free grants."""

    gb_second: float = 0.000026
    million_executions: float = 0.40
    ten_thousand_transactions: float = 0.00036
    gigabyte_month: float = 0.045


@dataclass(frozen=True, slots=True)
class Night:
    """``measured``: of how many hosts the figures are, that were counted up to ``hosts``."""

    hosts: int
    measured: int
    steps: float
    seconds: float
    tables: float
    rows: float
    sent: float
    came: float

    @property
    def executions(self) -> float:
        return self.steps + TIMERS_AN_HOUR * TIMER_HOURS

    @property
    def gb_seconds(self) -> float:
        timers = TIMERS_AN_HOUR * TIMER_HOURS * LEAST_SECONDS
        return (self.steps * max(LEAST_SECONDS, self.seconds) + timers) * MEMORY_GB

    @property
    def transactions(self) -> float:
        """Of tables, and of the queue: a message is put, taken and deleted."""
        return self.tables + 3 * self.steps + TIMERS_AN_HOUR * TIMER_HOURS

    def dollars(self, prices: Prices) -> float:
        return (
            self.gb_seconds * prices.gb_second
            + self.executions / 1e6 * prices.million_executions
            + self.transactions / 10_000 * prices.ten_thousand_transactions
            + self.sent / 1000 * prices.gigabyte_month * 3
        )


def night_of(rows: Mapping[str, Row], hosts: int) -> Night | None:
    """From the night of as many hosts; else counted up, in proportion, from the largest that was
    measured. None if none was."""
    had = [
        each
        for each in SIZES
        if each <= hosts and rows.get(f"night.steps-{each}", _NO).median is not None
    ]
    if not had:
        return None
    base = max(had)
    times = hosts / base

    def of(name: str) -> float:
        return rows[f"night.{name}-{base}"].median or 0.0

    processor = rows.get(f"night.processor-{base}", _NO).median or 0.0
    steps = of("steps")
    return Night(
        hosts, base, steps * times, processor / max(1.0, steps),
        of("tables") * times, of("rows") * times, of("sent") * times, of("came") * times,
    )  # fmt: skip


def night_table(rows: Mapping[str, Row], prices: Prices = Prices()) -> str:
    """The page's table."""
    nights = [night for hosts in SIZES if (night := night_of(rows, hosts)) is not None]
    if not nights:
        return "Not measured yet: `python -m bench --only night`."
    head = [_head(night) for night in nights]
    lines = [f"| a night of | {' | '.join(head)} |", "| --- " * (len(head) + 1) + "|"]
    for name, of in _LINES.items():
        lines.append(f"| {name} | {' | '.join(of(night) for night in nights)} |")
    cost = " | ".join(f"{night.dollars(prices):.3f}" for night in nights)
    lines.append(f"| **US dollars a night** | {cost} |")
    return "\n".join(lines)


def _head(night: Night) -> str:
    counted = "" if night.hosts == night.measured else f", counted up from {night.measured:,}"
    return f"{night.hosts:,} hosts{counted}"


_NO = Row("", "", ())
_LINES: dict[str, Callable[[Night], str]] = {
    "executions: steps": lambda n: f"{n.steps:,.0f}",
    "executions: timers, eight hours": lambda n: f"{TIMERS_AN_HOUR * TIMER_HOURS:,.0f}",
    "GB-s, 2 GB an instance, at most": lambda n: f"{n.gb_seconds:,.0f}",
    "storage transactions": lambda n: f"{n.transactions:,.0f}",
    "rows written": lambda n: f"{n.rows:,.0f}",
    "MB written": lambda n: shown(n.sent),
    "MB read": lambda n: shown(n.came),
}
