"""Turns the app's own log records into telemetry, with what they are about and without secrets."""

import logging
from collections.abc import Callable
from traceback import format_exception

from shared.adapters.telemetry.batch import LogLine
from shared.adapters.telemetry.plain import LONGEST, LONGEST_TRACE
from shared.adapters.telemetry.recorder import Recorder
from shared.core.values.drainid import is_drain_id, pool_key_of
from shared.ports.measures import LOG_ATTRIBUTES
from shared.ports.telemetry import ABOUT

_OURS = "shared"
_LONGEST_VALUE = 200


class Handler(logging.Handler):
    """Records each log record of the app from INFO on. A record that fails is dropped."""

    def __init__(self, recorder: Recorder, clean: Callable[[str, int], str]) -> None:
        super().__init__(logging.INFO)
        self._recorder = recorder
        self._clean = clean

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._recorder.log(lambda trace, span: self._line(record, trace, span))
        except Exception:  # noqa: BLE001 - logging it would call this handler again
            return

    def _line(self, record: logging.LogRecord, trace: str, span: str) -> LogLine:
        about = ABOUT.get()
        given = {name: getattr(record, name, "") or about.get(name, "") for name in LOG_ATTRIBUTES}
        if is_drain_id(str(given["drain"])) and not given["pool"]:
            given["pool"] = pool_key_of(str(given["drain"]))
        attributes: dict[str, str | int] = {
            name: self._clean(str(value), _LONGEST_VALUE) for name, value in given.items() if value
        }
        if record.exc_info and (error := record.exc_info[1]) is not None:
            lines = record.exc_text or "".join(format_exception(error))
            attributes |= {
                "exception.type": type(error).__name__,
                "exception.message": self._clean(str(error), LONGEST),
                "exception.stacktrace": self._clean(lines, 4 * LONGEST_TRACE)[-LONGEST_TRACE:],
            }
        return LogLine(
            int(record.created * 1e9), record.levelno, record.levelname, record.name,
            self._clean(record.getMessage(), LONGEST), attributes, trace, span,
        )  # fmt: skip


def listen(recorder: Recorder, clean: Callable[[str, int], str]) -> Handler:
    """Record the app's log from now on, in this process. A new handler replaces the old one."""
    logger = logging.getLogger(_OURS)
    for handler in [each for each in logger.handlers if isinstance(each, Handler)]:
        logger.removeHandler(handler)
    handler = Handler(recorder, clean)
    logger.addHandler(handler)
    if logger.getEffectiveLevel() > logging.INFO:
        logger.setLevel(logging.INFO)
    return handler
