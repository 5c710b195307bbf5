"""Implements ``shared.ports.Telemetry``: records, and hands what was recorded to the senders."""

import asyncio
import atexit
import contextlib
import threading
import time
from collections.abc import Callable, Sequence

from shared.adapters.telemetry.recorder import Recorder
from shared.adapters.telemetry.sender import Sender

WAIT = 1.0
"""How many seconds the end of a function waits at most for its records to be sent."""
AT_THE_END = 1.0
"""How many seconds the end of the app waits at most."""


class SentTelemetry(Recorder):
    """Telemetry that is sent. ``senders``: one per destination."""

    def __init__(self, senders: Sequence[Sender]) -> None:
        super().__init__()
        self._senders = senders
        self._slow: set[Sender] = set()
        """The senders that did not finish in time when they were last waited for."""

    def send(self) -> None:
        self._put(lambda _: lambda: None)

    async def flush(self) -> None:
        loop = asyncio.get_running_loop()
        waited: dict[Sender, asyncio.Event] = {}

        def done(sender: Sender) -> Callable[[], None]:
            event = asyncio.Event()
            if sender.prompt and sender not in self._slow:
                waited[sender] = event

            def set_event() -> None:
                self._slow.discard(sender)
                with contextlib.suppress(RuntimeError):  # the loop is closed
                    loop.call_soon_threadsafe(event.set)

            return set_event

        self._put(done)
        if not waited:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                await asyncio.gather(*(event.wait() for event in waited.values()))
        self._slow |= {sender for sender, event in waited.items() if not event.is_set()}

    def close(self) -> None:
        """Called at the end of the process: sends what is left, if that finishes in time."""
        left: list[threading.Event] = []

        def done(_: Sender) -> Callable[[], None]:
            left.append(threading.Event())
            return left[-1].set

        self._put(done, all_=True)
        until = time.monotonic() + AT_THE_END
        for event in left:
            event.wait(max(0.0, until - time.monotonic()))

    def close_at_exit(self) -> None:
        atexit.register(self.close)

    def _put(self, done: Callable[[Sender], Callable[[], None]], *, all_: bool = False) -> None:
        batch = self.take(all_=all_)
        if not batch:
            return
        for sender in self._senders:
            with contextlib.suppress(RuntimeError):  # no thread can be started any more
                sender.put(batch, done(sender))
