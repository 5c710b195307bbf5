"""What the app tells of itself while it works. Nothing of it may fail, or hold anybody up."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from shared.ports.measures import Metric, SpanName

ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed
"""What is worked on just now, by the names of ``LOG_ATTRIBUTES``: log records are told it."""


CALLER: ContextVar[str] = ContextVar("traceparent", default="")
"""The ``traceparent`` header of the request that is being answered; whatever its sender wrote there."""


@contextmanager
def about(**what: str) -> Iterator[None]:
    """Log records from here on are about this as well: ``drain``, ``host`` or ``pool``."""
    token = ABOUT.set({**ABOUT.get(), **what})
    try:
        yield
    finally:
        ABOUT.reset(token)


class StepSpan(Protocol):
    """One step of a drain while it is taken."""

    def begin(self, trace: str, number: int, due: datetime | None) -> None:
        """There is something to do: without this, nothing is told of the step. ``trace``: what is stored
        with the drain; ``due``: when the step was due."""
        ...


class Telemetry(Protocol):
    """No call raises, or waits, except ``flush``. Amounts are in the metric's unit, ``attributes`` those
    that it names."""

    def new_trace(self) -> str:
        """What is to be stored with a drain that begins: a W3C ``traceparent``, the caller's own where
        there is one. Empty where nothing is told."""
        ...

    def step(self, drain: str) -> AbstractContextManager[StepSpan]:
        """A span ``drain.step``."""
        ...

    def part(self, name: SpanName) -> AbstractContextManager[None]:
        """A span below that of the step that is being taken; outside of one, nothing."""
        ...

    def count(self, metric: Metric, **attributes: str) -> None:
        """One more of a counter."""
        ...

    def record(self, metric: Metric, value: float, **attributes: str) -> None:
        """A value of a histogram, or a gauge's value now."""
        ...

    def levels(self, metric: Metric, values: Mapping[tuple[str, ...], float]) -> None:
        """All that there is of a gauge now, by its attributes in their order. Series that were told
        before and are not there any more are told to be 0, once."""
        ...

    def send(self) -> None:
        """Begin to send what was recorded."""
        ...

    async def flush(self) -> None:
        """Send what was recorded, and wait for that for a moment, but no longer."""
        ...


class _Untold:
    def begin(self, trace: str, number: int, due: datetime | None) -> None: ...


class Silent:
    """Keeps the protocol ``Telemetry`` where nothing is told."""

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
