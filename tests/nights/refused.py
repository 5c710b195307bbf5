"""Promise 10: what cannot be read, or is refused for good, keeps no host from coming home."""

from datetime import datetime

from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from tests.nights.court import FORGOTTEN, Court

GONE_HOME = 25 * 60.0
"""Seconds from an accepted cancel: what is refused for good is waited for five minutes, and a look may
be four minutes off."""


def gone_home(court: Court, drain: str, now: datetime) -> None:
    """Every host of a drain that was cancelled is back, but one on which work goes on that has a limit
    of its own, or whose VM is put back as it was."""
    for host in court.ledger.records(drain).values():
        if not host.ended and not _at_work(host):
            text = f"{host.key} is still {host.phase}, {int(GONE_HOME / 60)} minutes after a cancel"
            court.breaks(FORGOTTEN, text, now)


def _at_work(host: HostRecord) -> bool:
    if host.phase in (Phase.MAINTAINING, Phase.VERIFYING):
        return True
    return host.phase is Phase.RESTORING and (host.started or host.stopping is not None)
