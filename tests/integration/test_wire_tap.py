"""The bench's wire tap passes everything on, and counts it."""

from pathlib import Path

from azure.data.tables.aio import TableServiceClient

from bench.harness.counting import Meter
from local.parts import Parts, running


async def test_what_goes_through_the_tap_is_counted_by_kind(tmp_path: Path) -> None:
    async with running(Parts(tmp_path)) as parts:
        await parts.start_azurite()
        meter = await Meter.start(parts, parts.ports.table)
        through = meter.through(parts.storage)
        async with TableServiceClient.from_connection_string(through) as service:
            table = await service.create_table("things")
            before = await meter.counts()
            rows = [{"PartitionKey": "p", "RowKey": str(n), "text": "x" * 5000} for n in range(7)]
            await table.submit_transaction([("create", row) for row in rows])
            await table.delete_entity("p", "0")
            found = [row["RowKey"] async for row in table.list_entities()]
            counts = (await meter.counts()).since(before)
            await table.close()
    assert found == [str(n) for n in range(1, 7)]
    assert (counts.requests, counts.reads, counts.writes) == (3, 1, 2)
    assert (counts.rows, counts.deletes) == (8, 1)
    assert counts.sent > 7 * 5000
    assert counts.came > 6 * 5000
