"""How much is measured: quick to see that it runs, usual, or all of it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import IntEnum

from bench.table import Row


class Size(IntEnum):
    QUICK = 0
    USUAL = 1
    FULL = 2

    def pick[T](self, quick: T, usual: T, full: T | None = None) -> T:
        return (quick, usual, usual if full is None else full)[self]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are measured together. ``run`` gives each as it is had. One that is ``extra`` is measured
    only if it is asked for, or with all."""

    name: str
    about: str
    run: Callable[[Size], AsyncIterator[Row]]
    extra: bool = False
    waits: bool = False
    """It waits nearly all the while, so it runs beside the others, and its rows come last."""
