"""Checks the nine promises against what truly happened: each line of the world's own log, as it
happens. It does not ask what the app believes, but it reads what the app has stored.

``hosts``, ``floor`` and ``people`` judge actions, ``rest`` what is left at the end.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from shared.core.values.hostnames import host_key
from tests.nights.judges.known.court import Broken, Court
from tests.nights.judges.known.facts import HostNow
from tests.nights.judges.known.ledger import Ledger
from tests.nights.judges.promises.hosts import HostJudge
from tests.nights.judges.promises.people import JUDGES, cut_off
from tests.nights.judges.promises.rest import rested
from tests.nights.judges.promises.runs import patched
from tests.nights.judges.promises.telling import notified


class Witness:
    """``broken`` is the first promise that was broken. None: all have been kept so far."""

    def __init__(self, ledger: Ledger, leeway: timedelta, step: timedelta) -> None:
        self.court = Court(ledger, leeway, step)
        self._hosts = HostJudge(self.court)
        self._judges = {**JUDGES, **self._hosts.judges(), "patched": patched, "notified": notified}
        self._began = False

    @property
    def broken(self) -> Broken | None:
        return self.court.broken

    def begin(self, hosts: Iterable[HostNow], now: datetime) -> None:
        """Record the estate as it is before the app begins. Earlier lines of the log are
        ignored."""
        self.court.facts.begin(list(hosts), now)
        self._began = True

    def saw(self, line: dict[str, Any]) -> None:
        """Judge a line of the world's log."""
        if not self._began:
            return
        host, at = host_key(line.get("host", "")), datetime.fromisoformat(line["at"])
        judge = self._judges.get(line["what"])
        if judge is not None:
            judge(self.court, host, line, at)
        elif line["what"].startswith("cut off by "):
            cut_off(self.court, host, line, at)
        self.court.facts.note(host, line, at)

    def rested(self, hosts: Iterable[HostNow], now: datetime) -> None:
        """Judge the estate when everything has come to rest."""
        rested(self.court, hosts, self._hosts.started, now)
