"""What was recorded and not yet sent: plain values, which cost little to make. OpenTelemetry's own are
made of them where they are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.ports.measures import Metric

MOST = 4_000
"""Records that wait to be sent, of each kind. Beyond that the oldest go."""

type Attributes = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Span:
    """Times are nanoseconds since 1970. ``failed``: the type of the error that ended it; its text may
    hold anything."""

    trace: str
    id: str
    parent: str
    name: str
    began: int
    ended: int
    attributes: Attributes = field(default_factory=dict)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """``trace`` and ``span``: of the step in which it was written, if in one. ``level``: as in ``logging``."""

    at: int
    level: int
    level_name: str
    logger: str
    text: str
    attributes: Attributes
    trace: str = ""
    span: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Of one series: a counter's growth, a gauge's value, or a histogram's values."""

    metric: Metric
    attributes: Mapping[str, str]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    spans: tuple[Span, ...] = ()
    logs: tuple[LogLine, ...] = ()
    points: tuple[Point, ...] = ()

    def __len__(self) -> int:
        return len(self.spans) + len(self.logs) + len(self.points)

    def __add__(self, other: "Batch") -> "Batch":
        return Batch(self.spans + other.spans, self.logs + other.logs, self.points + other.points)

    @property
    def latest(self) -> "Batch":
        """No more than may wait."""
        return Batch(self.spans[-MOST:], self.logs[-MOST:], self.points[-MOST:])
