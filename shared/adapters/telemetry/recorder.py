"""Records what happens, as a few plain values each time. Nothing is sent here.

So telemetry costs a step next to nothing, and what happens before OpenTelemetry is loaded is
recorded as well.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from shared.adapters.telemetry.batch import MOST, Attributes, Batch, LogLine, Span
from shared.adapters.telemetry.series import Series
from shared.core.values.drainid import pool_key_of
from shared.core.values.traceparent import TraceParent, of_drain, read
from shared.ports.measures import SPAN_ATTRIBUTES, Metric, SpanName
from shared.ports.telemetry import CALLER

MOST_PARTS = 50
"""The most spans below one step: a step of thousands of hosts saves often."""


@dataclass(slots=True)
class Frame:
    """A step that is being taken."""

    drain: str
    began: int
    id: str
    parent: TraceParent | None = None
    """The parent of the step's span. None until it is known that the step has something to do."""
    attributes: dict[str, str | int] = field(default_factory=dict)
    parts: list[Span] = field(default_factory=list)
    left_out: int = 0

    def begin(self, trace: str, number: int, due: datetime | None) -> None:
        self.parent = of_drain(self.drain, trace)
        when = due.isoformat() if due is not None else ""
        about = (self.drain, pool_key_of(self.drain), number, when)
        self.attributes = dict(zip(SPAN_ATTRIBUTES, about, strict=True))

    @property
    def trace(self) -> str:
        return self.parent.trace_id if self.parent is not None else ""


_FRAME: ContextVar[Frame | None] = ContextVar("step", default=None)


class Recorder:
    """The recording half of ``shared.ports.Telemetry``."""

    def __init__(
        self, clock: Callable[[], int] = time.time_ns, series: Series | None = None
    ) -> None:
        self._clock = clock
        self._spans: deque[Span] = deque(maxlen=MOST)
        self._logs: deque[LogLine] = deque(maxlen=MOST)
        self.series = series or Series()

    def new_trace(self) -> str:
        caller = read(CALLER.get())
        return (caller or TraceParent(secrets.token_hex(16), secrets.token_hex(8))).text

    @contextmanager
    def step(self, drain: str) -> Iterator[Frame]:
        frame = Frame(drain, self._clock(), secrets.token_hex(8))
        token = _FRAME.set(frame)
        failed = ""
        try:
            yield frame
        except BaseException as error:
            failed = type(error).__name__
            raise
        finally:
            _FRAME.reset(token)
            self._end(frame, failed)

    def _end(self, frame: Frame, failed: str) -> None:
        if frame.parent is None:
            return
        attributes: Attributes = frame.attributes
        if frame.left_out:
            attributes = {**attributes, "parts.left_out": frame.left_out}
        self._spans.extend(frame.parts)
        self._spans.append(
            Span(
                frame.trace, frame.id, frame.parent.span_id, str(SpanName.STEP), frame.began,
                self._clock(), attributes, failed,
            )
        )  # fmt: skip

    @contextmanager
    def part(self, name: SpanName) -> Iterator[None]:
        frame, began, failed = _FRAME.get(), self._clock(), ""
        try:
            yield
        except BaseException as error:
            failed = type(error).__name__
            raise
        finally:
            if frame is not None and frame.parent is not None:
                self._part(frame, name, began, failed)

    def _part(self, frame: Frame, name: SpanName, began: int, failed: str) -> None:
        if len(frame.parts) >= MOST_PARTS:
            frame.left_out += 1
            return
        id_ = secrets.token_hex(8)
        frame.parts.append(
            Span(frame.trace, id_, frame.id, str(name), began, self._clock(), failed=failed)
        )

    def count(self, metric: Metric, **attributes: str) -> None:
        self.series.add(metric, 1, attributes)

    def record(self, metric: Metric, value: float, **attributes: str) -> None:
        self.series.add(metric, value, attributes)

    def levels(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None:
        self.series.levels(metric, values)

    def log(self, make: Callable[[str, str], LogLine]) -> None:
        """Record a log line. ``make`` gets the trace and the span that the line belongs to: of the
        current step, or of the caller whose request is being handled; else empty texts."""
        frame = _FRAME.get()
        if frame is not None and frame.trace:
            self._logs.append(make(frame.trace, frame.id))
            return
        caller = read(CALLER.get())
        self._logs.append(make(caller.trace_id, caller.span_id) if caller else make("", ""))

    def take(self, *, all_: bool = False) -> Batch:
        """What is to be sent now. ``all_``: also metrics whose time has not come."""
        return Batch(_emptied(self._spans), _emptied(self._logs), self.series.take(all_=all_))


def _emptied[T](records: deque[T]) -> tuple[T, ...]:
    """Take all records. Others may add to them meanwhile."""
    found: list[T] = []
    for _ in range(len(records)):
        try:
            found.append(records.popleft())
        except IndexError:
            break
    return tuple(found)
