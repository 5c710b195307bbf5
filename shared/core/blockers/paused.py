"""The drain is paused."""

from datetime import datetime

from shared.core.model import Control
from shared.core.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> str:
    pause = control.paused
    if pause is None:
        return ""
    said = f": {pause.asked.why}" if pause.asked.why else ""
    return f"the drain to be resumed; {pause.asked.by} paused it{said}"
