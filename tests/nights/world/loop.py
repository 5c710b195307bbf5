"""An event loop with virtual time: it runs what is ready, then jumps to what is due next.

With the same callbacks it does the same in the same order, so a night depends on its seed alone. It
has no sockets, threads or signals: code that asks for one fails.
"""

import asyncio
import heapq
import itertools
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any


class Due:
    """A callback that waits for its turn. It runs in the context that it was given (each task
    brings its own), else in that of the loop's caller: a copy for each callback would cost a fifth
    of a night, and no callback without a context sets anything."""

    __slots__ = ("args", "callback", "context", "off")

    def __init__(
        self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> None:
        self.callback = callback
        self.args = args
        self.context = context
        self.off = False

    def run(self) -> None:
        if self.context is None:
            self.callback(*self.args)
        else:
            self.context.run(self.callback, *self.args)

    def cancel(self) -> None:
        self.off = True

    def cancelled(self) -> bool:
        return self.off


class VirtualLoop(asyncio.AbstractEventLoop):
    """The loop. Its time is in seconds since it was made."""

    def __init__(self) -> None:
        self._time = 0.0
        self._ready: deque[Due] = deque()
        self._later: list[tuple[float, int, Due]] = []
        self._order = itertools.count()
        self.tasks: set[asyncio.Task[Any]] = set()
        self.surprises: list[BaseException] = []
        """The errors of tasks that nobody awaited."""

    def time(self) -> float:
        return self._time

    def tick(self) -> float:
        """The time, never the same twice, as on a real machine."""
        self._time += 1e-6
        return self._time

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_soon[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> Any:
        handle = Due(callback, args, context)
        self._ready.append(handle)
        return handle

    def call_later[*Ts](
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> Any:
        return self.call_at(self._time + delay, callback, *args, context=context)

    def call_at[*Ts](
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> Any:
        handle = Due(callback, args, context)
        heapq.heappush(self._later, (when, next(self._order), handle))
        return handle

    def create_future(self) -> "asyncio.Future[Any]":
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, **more: Any
    ) -> "asyncio.Task[Any]":
        task = asyncio.Task(coro, loop=self, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if (error := context.get("exception")) is not None:
            self.surprises.append(error)

    async def sleep(self, seconds: float) -> None:
        future = self.create_future()
        self.call_later(seconds, _wake, future)
        await future

    def run_until(self, done: Callable[[], bool], at_most: float) -> bool:
        """Run until ``done`` returns true, which is asked each time before time passes. False:
        ``at_most`` came first, or nothing is left to do."""
        ready, later = self._ready, self._later
        events._set_running_loop(self)
        try:
            while True:
                while ready:
                    due = ready.popleft()
                    if due.off:
                        continue
                    try:
                        due.run()
                    except Exception as error:  # noqa: BLE001 - as asyncio's own loop: gone on
                        self.surprises.append(error)
                if done():
                    return True
                if not later or later[0][0] > at_most:
                    return False
                when, _, due = heapq.heappop(later)
                self._time = max(self._time, when)
                ready.append(due)
        finally:
            events._set_running_loop(None)


def _wake(future: "asyncio.Future[Any]") -> None:
    if not future.done():
        future.set_result(None)
