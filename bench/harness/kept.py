"""What stays in the tables, as the service counts it."""

from typing import Any

from azure.data.tables.aio import TableServiceClient

from bench.harness.stage import Stage


async def kept(st: Stage) -> tuple[int, int]:
    """Rows, and their bytes."""
    rows = size = 0
    async with TableServiceClient.from_connection_string(st.parts.storage) as service:
        async for table in service.list_tables():
            async with service.get_table_client(table.name) as client:
                async for row in client.list_entities():
                    rows, size = rows + 1, size + bytes_of(row)
    return rows, size


def bytes_of(row: dict[str, Any]) -> int:
    """By the vendor's formula: UTF-16 for names and texts, four bytes or eight for what is none.
    https://learn.microsoft.com/archive/blogs/avkashchauhan/how-the-size-of-an-entity-is-caclulated-in-windows-azure-table-storage"""
    keys = 4 + 2 * (len(row["PartitionKey"]) + len(row["RowKey"]))
    values = {name: value for name, value in row.items() if name not in ("PartitionKey", "RowKey")}
    return keys + sum(8 + 2 * len(name) + _value(value) for name, value in values.items())


def _value(value: Any) -> int:
    match value:
        case str():
            return 4 + 2 * len(value)
        case bool():
            return 1
    return 8
