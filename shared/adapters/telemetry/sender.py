"""Sends telemetry to one destination, in a thread of its own. Whatever the destination does, it
delays nobody else.

A destination that refuses, hangs or is away is logged once. What it did not accept is sent once
more together with later records, and then dropped. Meanwhile it is tried at growing intervals, and
nobody waits for it.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from shared.adapters.telemetry.batch import Batch

log = logging.getLogger(__name__)

FIRST_PAUSE = 30.0
"""The seconds after a failure before the next try. They double with each failure."""
LONGEST_PAUSE = 600.0


class Exporter(Protocol):
    def send(self, batch: Batch) -> Batch:
        """Send a batch, however long that takes. Returns what was not accepted. May raise
        anything."""
        ...


class Sender:
    """Sends batches to one destination. ``load`` makes the exporter, in the thread, when there is
    something to send: that imports much."""

    def __init__(
        self, name: str, load: Callable[[], Exporter], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._load = load
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting = Batch()
        self._callbacks: list[Callable[[], None]] = []
        self._again = Batch()
        """What was refused once."""
        self._exporter: Exporter | None = None
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._not_before = 0.0
        self.lost = 0

    @property
    def prompt(self) -> bool:
        """Whether the destination accepted the last batch, so that it may be waited for."""
        return self._failures == 0

    def put(self, batch: Batch, done: Callable[[], None]) -> None:
        """Take over a batch. ``done`` is called in another thread, sooner or later, also if nothing
        could be sent."""
        with self._changed:
            whole = self._waiting + batch
            self._waiting = whole.latest
            self.lost += len(whole) - len(self._waiting)
            self._callbacks.append(done)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name=f"telemetry {self._name}", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._callbacks:
                    self._changed.wait()
                callbacks, self._callbacks = self._callbacks, []
                batch = Batch()
                if self._clock() >= self._not_before:
                    batch, self._waiting = self._waiting, Batch()
            if batch:
                self._send(batch)
            for done in callbacks:
                done()

    def _send(self, batch: Batch) -> None:
        again, self._again = self._again, Batch()
        try:
            if self._exporter is None:
                self._exporter = self._load()
            left = self._exporter.send(again + batch)
        except Exception as error:  # noqa: BLE001 - of any kind: it is others' code
            self._failed(batch, len(again), type(error).__name__, error)
            return
        if left:
            fresh = Batch(
                _of(batch.spans, left.spans),
                _of(batch.logs, left.logs),
                _of(batch.points, left.points),
            )
            self._failed(fresh, len(left) - len(fresh), "not taken")
        elif self._failures:
            self._failures, self._not_before = 0, 0.0
            log.warning(
                "telemetry is sent to %s again; %d records were lost", self._name, self.lost
            )
            self.lost = 0

    def _failed(self, again: Batch, lost: int, why: str, error: Exception | None = None) -> None:
        self.lost += lost
        self._again = again
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures)
        self._not_before = self._clock() + pause
        self._failures += 1
        if self._failures == 1:
            log.warning(
                "telemetry cannot be sent to %s, which is tried again: %s",
                self._name,
                why,
                exc_info=error,
            )


def _of[T](fresh: tuple[T, ...], left: tuple[T, ...]) -> tuple[T, ...]:
    """The records in ``left`` that were sent for the first time."""
    ids = {id(each) for each in fresh}
    return tuple(each for each in left if id(each) in ids)
