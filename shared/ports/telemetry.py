"""What the app reports about its own work: spans, metrics and the attributes of log records.

No call may fail or delay the work.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from shared.ports.measures import Metric, SpanName

ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed
"""Attributes of the current work, by the names of ``LOG_ATTRIBUTES``. Each log record gets them."""


CALLER: ContextVar[str] = ContextVar("traceparent", default="")
"""The ``traceparent`` header of the request that is being handled, unchecked; empty if there is
none."""


@contextmanager
def about(**what: str) -> Iterator[None]:
    """Add attributes (``drain``, ``host`` or ``pool``) to the log records written inside the
    context."""
    token = ABOUT.set({**ABOUT.get(), **what})
    try:
        yield
    finally:
        ABOUT.reset(token)


class StepSpan(Protocol):
    """The span of a drain's step, while the step is taken."""

    def begin(self, trace: str, number: int, due: datetime | None) -> None:
        """Declare that the step has work to do. Without this call no span is recorded. ``trace`` is
        the stored ``traceparent`` of the drain, ``number`` the step's number, ``due`` when the
        step was due (None: not known)."""
        ...


class Telemetry(Protocol):
    """No call raises, and only ``flush`` waits. Values are in the metric's unit; pass the
    attributes that the metric names."""

    def new_trace(self) -> str:
        """A W3C ``traceparent`` to store with a new drain: the caller's own if there is one. Empty
        if telemetry is off."""
        ...

    def step(self, drain: str) -> AbstractContextManager[StepSpan]:
        """A ``drain.step`` span around the step of this drain."""
        ...

    def part(self, name: SpanName) -> AbstractContextManager[None]:
        """A child span of the current step. Outside a step nothing is recorded."""
        ...

    def count(self, metric: Metric, **attributes: str) -> None:
        """Add 1 to a counter."""
        ...

    def record(self, metric: Metric, value: float, **attributes: str) -> None:
        """Record a value of a histogram, or the current value of a gauge."""
        ...

    def levels(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None:
        """Replace all current values of a gauge, by the values of its attributes in their order. A
        series that was reported before and is now missing is reported once more, as 0."""
        ...

    def send(self) -> None:
        """Begin to send what was recorded."""
        ...

    async def flush(self) -> None:
        """Send what was recorded and wait for that, but only for a moment."""
        ...


class _Untold:
    def begin(self, trace: str, number: int, due: datetime | None) -> None: ...


class Silent:
    """A ``Telemetry`` that records nothing."""

    def new_trace(self) -> str:
        return ""

    def step(self, drain: str) -> AbstractContextManager[StepSpan]:
        return nullcontext(_Untold())

    def part(self, name: SpanName) -> AbstractContextManager[None]:
        return nullcontext()

    def count(self, metric: Metric, **attributes: str) -> None: ...

    def record(self, metric: Metric, value: float, **attributes: str) -> None: ...

    def levels(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None: ...

    def send(self) -> None: ...

    async def flush(self) -> None: ...


SILENT = Silent()
