"""A host goes back whatever became of the row that tells whose it is."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage.pool import rows
from shared.adapters.storage.tables.table import Op, Row
from shared.core.host.status import ENDED
from shared.core.values.drainid import drain_id
from shared.engine.timers.watchdog import watch
from tests.simulation.failures.test_watchdog import TAG, held_night
from tests.support.night.night import Night
from tests.support.night.promises import as_it_was_before


def claim_that_is_out(night: Night) -> Row:
    table, pool = night.tables[0], night.pool_id.key
    [row] = [row for row in table.peek(pool, "claim|", "claim|~") if row.values.get("out")]
    return row


def naming(row: Row, drain: str) -> dict[str, Any]:
    data = {**json.loads(row.values["data"]), "drain": drain}
    return {**row.values, "drain": drain, "data": json.dumps(data)}


async def until_over(night: Night, drain: str) -> None:
    """Let the night pass, with the watchdog, until the drain has ended and an hour longer."""
    end = None
    for number in range(6000):
        await night.pass_time()
        if number % 10 == 0:
            await watch(night.process.outside)
        if end is None and (await night.drain(drain)).progress.status in ENDED:
            end = night.clock.at + timedelta(hours=1)
        if end is not None and night.clock.at > end:
            return
    raise AssertionError("it never ended")


SPOILT: list[dict[str, Any]] = [{}, {"data": None}, {"data": "{", "drain": None}, {"schema": None}]


@pytest.mark.parametrize("spoilt", SPOILT)
async def test_a_host_whose_claim_cannot_be_read_is_put_back_by_its_drain(
    spoilt: dict[str, Any],
) -> None:
    """It was taken for another drain's, and left in drain mode for ever."""
    night, before, drain = await held_night()
    row = claim_that_is_out(night)
    night.tables[0].put(row.partition, Op("upsert", row.key, spoilt and {**row.values, **spoilt}))
    await until_over(night, drain)
    as_it_was_before(night, before)


async def test_a_host_whose_claim_names_no_drain_is_put_back_by_its_drain() -> None:
    night, before, drain = await held_night()
    row = claim_that_is_out(night)
    night.tables[0].put(row.partition, Op("upsert", row.key, naming(row, "nobody")))
    await until_over(night, drain)
    as_it_was_before(night, before)


async def test_the_claim_of_another_drain_stays_where_a_drain_lets_its_host_go() -> None:
    """Else the watchdog would know nothing of the host, and any drain could have it beside the other."""
    night, before, drain = await held_night()
    row = claim_that_is_out(night)
    other = drain_id(night.pool_id.key, "other")
    night.tables[0].put(row.partition, Op("upsert", row.key, naming(row, other)))
    night.start_process()  # of another instance, which remembers no claims
    key = row.key.removeprefix("claim|")
    for _ in range(200):
        await night.pass_time()
        [host] = [host for host in (await night.drain(drain)).hosts if host.key == key]
        if host.ended:
            break
    assert host.attention == f"it belongs to drain {other} now"
    known = night.tables[0].peek(row.partition, rows.claim_key(key), rows.claim_key(key) + "~")
    assert [each.values["drain"] for each in known] == [other]
    await until_over(night, drain)  # the watchdog knows of it, and that there is no such drain
    as_it_was_before(night, before)
    assert TAG not in night.host("host-0").vm.tags
