"""What the next look must ask after, beyond the list of hosts. What nobody needs isn't read."""

from dataclasses import dataclass

from shared.core.maintenance import KINDS
from shared.core.model import Drain
from shared.core.phases import OUT, Phase


@dataclass(frozen=True, slots=True)
class LookNeeds:
    """``operations`` and ``machines``: host key to operation address, and to VM id."""

    sessions: bool
    operations: dict[str, str]
    machines: dict[str, str]


def needs_of(drain: Drain) -> LookNeeds:
    """Sessions while a host waits to be empty; operations and VMs while one is maintained."""
    kind = KINDS[drain.control.policy.maintenance.kind]
    asked = {h.key: kind.needs(h) for h in drain.hosts if h.phase in OUT}
    return LookNeeds(
        sessions=any(h.phase in (Phase.DRAINING, Phase.EMPTY) for h in drain.hosts),
        operations={key: n.operation for key, n in asked.items() if n.operation is not None},
        machines={key: n.machine for key, n in asked.items() if n.machine is not None},
    )
