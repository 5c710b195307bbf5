"""The promises, held to the simulated control plane's own log by the judges of the simulated nights."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage import records
from shared.adapters.storage.pool.hostpages import hosts_of
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Row
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Progress
from shared.core.host.host import HostRecord, Wait
from shared.core.host.status import Status
from shared.core.values.hostnames import host_key
from shared.core.values.hostpool import HostPoolId
from tests.kills.fleet import POOLS, Fleet, pool_id
from tests.nights.judges.known.court import Broken
from tests.nights.judges.known.facts import HostNow
from tests.nights.judges.promises.witness import Witness

LEEWAY = timedelta(seconds=2)
A_STEP = timedelta(seconds=10)
_MARGIN = timedelta(seconds=0.5)
"""Between a record's time and that of the log's line: the clock is read before the call is made."""


class PastLedger:
    """A pool's rows as they are at the end. Whose a host was at a time is told by the records of
    the drains: when each took it out, and when it was done with it."""

    def __init__(self, rows: list[Row], read_at: datetime) -> None:
        self._rows = {row.key: row for row in rows}
        self._read_at = read_at
        self.lost: set[str] = set()
        self._records = {drain: self._read_records(drain) for drain in self.drains()}

    def _read_records(self, drain: str) -> dict[str, HostRecord]:
        prefix = f"drain|{drain}|"
        there = self._rows.get(f"drain|{drain}|queue")
        line = records.read(Wait, there.values) if there is not None else None
        found = {k.removeprefix(prefix): r for k, r in self._rows.items() if k.startswith(prefix)}
        return {host.key: host for host in hosts_of(found, line)}

    def drains(self) -> tuple[str, ...]:
        return tuple(key.split("|")[1] for key in self._rows if key.endswith("|control"))

    def control(self, drain: str) -> Control:
        return records.read(Control, self._rows[f"drain|{drain}|control"].values)

    def status(self, drain: str) -> Status:
        return records.read(Progress, self._rows[f"drain|{drain}|progress"].values).status

    def records(self, drain: str) -> Mapping[str, HostRecord]:
        return self._records[drain]

    def claim(self, host: str, at: datetime) -> Claim | None:
        if at >= self._read_at:
            row = self._rows.get(f"claim|{host}")
            return records.read(Claim, row.values) if row is not None else None
        found = [claim for claim in self._claims(at, _MARGIN) if claim.host == host]
        return max(found, key=lambda claim: claim.claimed_at, default=None)

    def claims(self, at: datetime) -> tuple[Claim, ...]:
        """To the moment: in one step a host may come back and the next go out."""
        return self._claims(at, timedelta(0))

    def _claims(self, at: datetime, margin: timedelta) -> tuple[Claim, ...]:
        return tuple(
            Claim(host.key, host.name, drain, host.out_at, out=True, before=host.before)
            for drain, hosts in self._records.items()
            for host in hosts.values()
            if host.out_at is not None
            and host.out_at <= at + margin
            and (not host.ended or host.since > at - margin)
        )

    def history(self) -> Iterator[tuple[str, Entry]]:
        for key, row in self._rows.items():
            if key.startswith("log|"):
                yield key.split("|")[1], records.read(Entry, row.values)


def hosts_now(world: dict[str, Any], pool: str) -> list[HostNow]:
    """The hosts of a pool, as the control plane's side address tells them."""
    [found] = [each for each in world["pools"] if each["name"] == pool]
    return [
        HostNow(
            host_key(host["name"]),
            host["allowNewSession"],
            host["status"] not in ("Shutdown", "Unavailable"),
            host["power"],
            host["tags"],
            tuple(session["id"] for session in host["sessions"]),
        )
        for host in found["hosts"]
    ]


async def judge(fleet: Fleet, before: dict[str, Any]) -> list[Broken]:
    """What was broken, at most one promise a pool. ``before``: the world at the beginning."""
    client = fleet.client
    world, log = await client.sim("GET", "world"), (await client.sim("GET", "log"))["value"]
    began, now = datetime.fromisoformat(before["now"]), datetime.fromisoformat(world["now"])
    broken = []
    async with TableServiceClient.from_connection_string(fleet.parts.storage) as service:
        table = AzureTable(service, "avddrainpools")
        for pool in POOLS:
            rows = await table.scan(HostPoolId.parse(pool_id(pool)).key, "", "~")
            witness = Witness(PastLedger(rows, now), LEEWAY, A_STEP)
            witness.begin(hosts_now(before, pool), began)
            for line in log:
                if line["at"] > before["now"] and line.get("host", "").startswith(pool):
                    witness.saw(line)
            witness.rested(hosts_now(world, pool), now)
            if witness.broken is not None:
                broken.append(witness.broken)
    return broken
