"""Judges promises 4, 6 and 9 after requests and steps: what the app responds, and what is stored."""

from datetime import datetime

from shared.core.host.host import HostRecord
from shared.core.host.phases import OUT, Phase
from tests.nights.judges.known.court import EMPTY, ONE_OWNER, SAYS_WHY, Court
from tests.nights.judges.known.ledger import TableLedger


def promised(court: Court, ledger: TableLedger, drain: str, now: datetime) -> None:
    """If a caller is told that a drain has its hosts, that must be true."""
    for host, phase, _ in _open(ledger, drain):
        if (owner := ledger.owner(host)) != drain:
            court.breaks(ONE_OWNER, f"{host} ({phase}) is promised to {drain}, owner: {owner}", now)


def stepped(court: Court, ledger: TableLedger, drain: str, now: datetime) -> None:
    """Each host must say why it waits, and no host that is out may belong to another drain."""
    recorded = "control" in ledger.rows(drain)  # otherwise it is just being created
    for host, phase, waits_for in _open(ledger, drain):
        if recorded and not waits_for:
            court.breaks(SAYS_WHY, f"{host} is {phase} and waits for nothing", now)
        if phase in OUT and (owner := ledger.owner(host)) != drain:
            court.breaks(ONE_OWNER, f"{host} is out of {drain}, owner: {owner}", now)
    for record in ledger.records(drain).values():
        _begun(court, record, now)


def _begun(court: Court, host: HostRecord, now: datetime) -> None:
    """A maintenance that has begun, whatever its kind, found nobody who was there for long. Nobody is
    on a VM that does not run."""
    begun_at = host.maintenance.begun_at
    if begun_at is None or host.key in court.facts.down:
        return
    before = begun_at - court.step - court.leeway
    for (key, session), at in court.facts.signed_in.items():
        if key == host.key and at < before:
            text = (
                f"the maintenance of {key} began under session {session}, signed in at {at:%H:%M}"
            )
            court.breaks(EMPTY, text, now)


def _open(ledger: TableLedger, drain: str) -> list[tuple[str, Phase, str]]:
    """The hosts that have not ended: key, phase, and what they wait for."""
    return [
        (key, host.phase, host.wait.text if host.wait is not None else "")
        for key, host in ledger.records(drain).items()
        if not host.ended
    ]
