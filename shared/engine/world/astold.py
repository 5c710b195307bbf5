"""What is only told keeps nothing from being done."""

import logging
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)


def as_told[T](tell: Callable[[], Iterable[T]]) -> tuple[T, ...]:
    """What a rule tells; nothing, and a line in the log, where it fails as nobody foresaw."""
    try:
        return tuple(tell())
    except Exception:
        log.exception("what was done could not be told")
        return ()
