"""A night up to its middle, and its tables: ``python -m tests.support.night.middle > tests/simulation/records/schemaN.json``
at the last commit of a schema, before it is raised. ``test_upgraded`` goes on from there with the version that is."""

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

from local.sim.estate.people import Manner, Person
from shared.core.drain.subscriptions import Events
from shared.core.events.records import EventKey, EventOutcome, EventRecord
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, Policy
from shared.core.schedules.runs import run_key
from shared.core.schedules.schedules import Run, RunState
from shared.engine.drains import subscribing
from tests.support.night.night import Night
from tests.support.night.nightly import scheduled


async def middle() -> tuple[Night, str]:
    """Two hosts done, three draining, one of them drained by a person before; one queued. And a record of each other kind."""
    night = Night(hosts=6)
    night.pool.exclusion_tag = "ExcludeFromScaling"
    night.host("host-5").allow_new_session = False
    for number in range(6):
        person = Person(
            f"user{number}@contoso.example", Manner.LEAVES if number < 2 else Manner.STUBBORN
        )
        night.world.sign_in(night.pool, night.host(f"host-{number}"), person)
    drain = await night.start(Policy(maintenance=Restart(), max_unavailable=Amount(3)))
    wanted = {Phase.DONE, Phase.DRAINING, Phase.QUEUED}
    while {host.phase for host in (await night.drain(drain.id)).hosts} != wanted:
        await night.pass_time()
    outside, at = night.process.outside, night.clock.at
    order = Order("anna", at)
    await subscribing.subscribe(
        outside, drain.id, "https://hooks.example/x", Events.END, False, order
    )
    await scheduled(night)
    run = Run("nightly", at, RunState.ENDED, "3 hosts done, 0 not", report={"schedule": "nightly"})
    await outside.runs.insert(run_key("nightly", at), run)
    key = EventKey("Microsoft.X", "1", "/s")
    await outside.inbox.first(EventRecord(key, at, EventOutcome.WAITING, "waits"))
    return night, drain.id


def written(value: Any) -> Any:
    return {"$at": value.isoformat()} if isinstance(value, datetime) else value


async def main() -> None:
    night, drain = await middle()
    tables = [
        [
            [partition, key, {name: written(value) for name, value in row.values.items()}]
            for (partition, key), row in sorted(table.everything().items())
        ]
        for table in night.tables
    ]
    world = {
        host.name: {
            "allow": host.allow_new_session,
            "tags": host.vm.tags,
            "sessions": {id_: session.person.upn for id_, session in host.sessions.items()},
        }
        for host in night.pool.hosts.values()
    }
    dump = {"at": night.clock.at.isoformat(), "drain": drain, "world": world, "tables": tables}
    json.dump(dump, sys.stdout, indent=1)


if __name__ == "__main__":
    asyncio.run(main())
