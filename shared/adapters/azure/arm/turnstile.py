"""A line in front of a token bucket: one at a time asks it, and who is in a hurry goes first.

So hundreds may wait without each of them asking again and again; and what puts a host back never stands
behind what takes others out.
"""

import asyncio
from heapq import heappop, heappush
from itertools import count


class Turnstile:
    """Of one bucket. Whoever entered must leave."""

    def __init__(self) -> None:
        self._busy = False
        self._line: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @property
    def length(self) -> int:
        return len(self._line)

    async def enter(self, *, hurry: bool) -> None:
        """Wait until it is one's turn: those in a hurry first, then as they came."""
        if not self._busy:
            self._busy = True
            return
        turn = asyncio.get_running_loop().create_future()
        heappush(self._line, (not hurry, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # it was one's turn just now
            raise

    def leave(self) -> None:
        while self._line:
            _, _, turn = heappop(self._line)
            if not turn.done():  # else it was given up
                turn.set_result(None)
                return
        self._busy = False
