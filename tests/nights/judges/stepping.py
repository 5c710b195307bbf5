"""Promises 6 and 9 between what the app does: what it answers, and what is stored after a step."""

from datetime import datetime

from shared.core.host.phases import OUT, Phase
from tests.nights.judges.court import ONE_OWNER, SAYS_WHY, Court
from tests.nights.judges.ledger import TableLedger


def promised(court: Court, ledger: TableLedger, drain: str, now: datetime) -> None:
    """Whoever is told that a drain has their hosts can rely on it."""
    for host, phase, _ in _open(ledger, drain):
        if (owner := ledger.owner(host)) != drain:
            court.breaks(ONE_OWNER, f"{host} ({phase}) is promised to {drain}, owner: {owner}", now)


def stepped(court: Court, ledger: TableLedger, drain: str, now: datetime) -> None:
    """Each host says why it waits, and no host that is out is another drain's."""
    recorded = "control" in ledger.rows(drain)  # else its creation is under way
    for host, phase, waits_for in _open(ledger, drain):
        if recorded and not waits_for:
            court.breaks(SAYS_WHY, f"{host} is {phase} and waits for nothing", now)
        if phase in OUT and (owner := ledger.owner(host)) != drain:
            court.breaks(ONE_OWNER, f"{host} is out of {drain}, owner: {owner}", now)


def _open(ledger: TableLedger, drain: str) -> list[tuple[str, Phase, str]]:
    """Hosts whose part has not ended: their phase, and what they wait for."""
    return [
        (key, host.phase, host.wait.text if host.wait is not None else "")
        for key, host in ledger.records(drain).items()
        if not host.ended
    ]
