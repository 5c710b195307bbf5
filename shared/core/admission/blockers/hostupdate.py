"""Blocks while the vendor's own session host update runs on the pool or is scheduled: it forbids
changing drain mode meanwhile."""

from datetime import datetime

from shared.core.admission.blockers.held import Held
from shared.core.drain.model import Control
from shared.core.observation.seen import Seen
from shared.core.policy.policy import HostUpdate


def why(control: Control, seen: Seen, now: datetime) -> Held | None:
    if seen.facts is None or control.policy.during_host_update is HostUpdate.IGNORE:
        return None
    if (lack := seen.facts.update_lack) is not None:
        return Held(f"whether the pool's own session host update runs to be known: {lack.text}")
    if not seen.facts.host_update:
        return None
    return Held(f"the pool's own session host update to end ({seen.facts.host_update})")
