"""Part of a partition, in the order of its keys."""

from shared.adapters.storage.tables import Row, Table

END = "~"
"""Behind every key that this app makes."""


async def page(
    table: Table, partition: str, prefix: str, most: int, token: str | None, where: dict[str, str]
) -> tuple[list[Row], str | None]:
    first = prefix if token is None else f"{prefix}{token} "
    listed = await table.scan(partition, first, prefix + END, most + 1, where)
    if len(listed) <= most:
        return listed, None
    return listed[:most], listed[most - 1].key.removeprefix(prefix)
