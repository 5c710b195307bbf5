"""The vendor's own session host update runs on the pool, or is due: it forbids touching drain
mode meanwhile."""

from datetime import datetime

from shared.core.model import Control
from shared.core.seen import Seen


def why(control: Control, seen: Seen, now: datetime) -> str:
    if seen.facts is None or not seen.facts.host_update:
        return ""
    return f"the pool's own session host update to end ({seen.facts.host_update})"
