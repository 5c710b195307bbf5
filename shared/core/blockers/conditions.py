"""The policy's own conditions for the next host."""

from datetime import datetime

from shared.core.model import Control
from shared.core.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> str:
    for number, condition in enumerate(control.policy.conditions):
        reply = seen.replies.get(number)
        if reply is None:
            return f"'{condition.kind}' to be asked after"
        if reply.trouble:
            return f"'{condition.kind}' to be known: {reply.trouble}"
        if text := condition.why(reply):
            return text
    return ""
