"""Blocks until the policy's own conditions hold."""

from datetime import datetime

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    for number, condition in enumerate(control.policy.conditions):
        reply = seen.replies.get(number)
        if reply is None:
            return Held(f"'{condition.kind}' to be asked after")
        if reply.trouble:
            return Held(f"'{condition.kind}' to be known: {reply.trouble}")
        if text := condition.why(reply):
            return Held(text)
    return None
