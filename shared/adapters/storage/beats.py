"""When each timer last ran, as rows of the table ``index``."""

from collections.abc import Mapping
from datetime import datetime

from shared.adapters.storage import records
from shared.adapters.storage.tables.table import Op, Table, time_in, under

_PARTITION = "timers"


class TableBeats:
    """Implements ``shared.ports.Beats``."""

    def __init__(self, index: Table) -> None:
        self._index = index

    async def ran(self, timer: str, at: datetime) -> None:
        values = {"at": at, "schema": records.SCHEMA}
        await self._index.transact(_PARTITION, [Op("upsert", timer, values)])

    async def all(self) -> Mapping[str, datetime]:
        rows = await self._index.scan(_PARTITION, *under())
        return {row.key: at for row in rows if (at := time_in(row, "at")) is not None}
