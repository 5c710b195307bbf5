"""What may happen to a call in a night: the process ends during it, or it is refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


class Crash(BaseException):
    """The process is gone. Nothing of it runs any more, no ``except`` and no ``finally``."""


@dataclass(slots=True)
class Killer:
    """Ends a process at its N-th call to the outside, before or after the call has its effect."""

    at_call: int = 0
    after_effect: bool = False
    calls: int = 0
    dead: bool = False

    async def around[T](self, call: Callable[[], Awaitable[T]]) -> T:
        if self.dead:
            raise Crash
        self.calls += 1
        strikes = self.calls == self.at_call
        if strikes and not self.after_effect:
            self.dead = True
            raise Crash
        came = await call()
        if strikes:
            self.dead = True
            raise Crash
        return came


@dataclass(frozen=True, slots=True)
class Refusal:
    """Calls of one name fail as long as this is in force, for one host or for all."""

    name: str
    error: Exception
    host: str = ""

    def meets(self, name: str, words: tuple[Any, ...]) -> bool:
        about = " ".join(str(word) for word in words).lower()
        return name == self.name and (not self.host or self.host in about)


class Through:
    """Passes every call of an object through a killer and the refusals in force."""

    def __init__(self, inner: object, killer: Killer, refusals: list[Refusal]) -> None:
        self._inner = inner
        self._killer = killer
        self._refusals = refusals

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def call(*words: Any, **named: Any) -> Any:
            for refusal in self._refusals:
                if refusal.meets(name, words):
                    raise refusal.error
            return await self._killer.around(lambda: method(*words, **named))

        return call
