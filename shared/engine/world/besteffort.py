"""Guards for code that only reports something (telemetry, notifications). Its failure must never
stop the work itself."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def best_effort(what: str) -> Iterator[None]:
    """Run the body; if it raises, log the exception and go on. ``what`` names in the log what could
    not be reported."""
    try:
        yield
    except Exception:
        log.exception("%s could not be told", what)


def all_or_none[T](tell: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    """What ``tell`` returns, as a tuple. If it raises, the exception is logged and the tuple is
    empty."""
    with best_effort("what was done"):
        return tuple(tell())
    return ()
