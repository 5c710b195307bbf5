"""When the hosts of a drain are expected to be back."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.core.drain.expected import Expected
from shared.core.drain.model import Control
from shared.core.forecast.forecast import of_host
from shared.core.forecast.past import Past
from shared.core.forecast.stages import Ahead
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.engine.world.outside import Outside
from shared.engine.world.pasts import last_of, past_of

log = logging.getLogger(__name__)


async def expected_ends(
    outside: Outside, control: Control, hosts: Sequence[HostRecord], now: datetime
) -> Mapping[str, Expected | None]:
    """The expected end of each host, by host key. None: it cannot be told. If all hosts have ended,
    nothing is read."""
    past = known = None
    if any(not host.ended for host in hosts):
        past = await past_of(outside, control.pool.key)
    if any(host.phase is Phase.QUEUED for host in hosts):
        known = await last_of(outside, control.id)
    try:
        ahead = Ahead(control, past or Past(), now)
        return {host.key: of_host(ahead, host, known) for host in hosts}
    except Exception:
        log.exception("drain %s: when its hosts are back cannot be told", control.id)
        return dict.fromkeys(host.key for host in hosts)
