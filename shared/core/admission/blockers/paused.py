"""Blocks while the drain is paused."""

from datetime import datetime

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    return anyway(control, now)


def anyway(control: Control, now: datetime) -> Held | None:
    pause = control.paused
    if pause is None:
        return None
    said = f": {pause.asked.why}" if pause.asked.why else ""
    return Held(f"the drain to be resumed; {pause.asked.by} paused it{said}")
