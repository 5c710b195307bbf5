"""What is only told keeps nothing from being done."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def best_effort(what: str) -> Iterator[None]:
    """Round what only tells ``what``. Where it fails as nobody foresaw, that is a line in the log, and all goes on."""
    try:
        yield
    except Exception:
        log.exception("%s could not be told", what)


def all_or_none[T](tell: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    """What a rule tells; nothing, and a line in the log, where it fails as nobody foresaw."""
    try:
        return tuple(tell())
    except Exception:
        log.exception("what was done could not be told")
        return ()
