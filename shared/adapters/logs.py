"""Makes the app's log records safe to read: no text in them can pass for another log line.

Names, reasons and error texts come from callers and services. Each becomes one line; a traceback,
whose last line holds such a text, is indented. So a line that begins at the margin is the app's
own.
"""

import logging
import traceback
from typing import Any

from shared.core.values.texts import plain

_OURS = "shared"
_LONGEST_TRACE = 20_000


class _Plain:
    """Makes log records. Records of other libraries stay as they are."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._inner(*args, **kwargs)
        if record.name.partition(".")[0] == _OURS:
            if isinstance(record.args, tuple):
                record.args = tuple(_one_line(value) for value in record.args)
            if record.exc_info and record.exc_info[0] is not None:
                record.exc_text = _indented(record.exc_info)
        return record


def _one_line(value: object) -> object:
    return value if isinstance(value, int | float | None) else plain(str(value))


def _indented(info: Any) -> str:
    """A traceback, each line indented. A formatter uses the text of an exception as it is set
    here."""
    lines = "".join(traceback.format_exception(*info))[-_LONGEST_TRACE:].splitlines()
    return "\n".join(f"    {plain(line)}" for line in lines)


def keep_plain() -> None:
    """Install this for the process. A second call does nothing."""
    made = logging.getLogRecordFactory()
    if not isinstance(made, _Plain):
        logging.setLogRecordFactory(_Plain(made))
