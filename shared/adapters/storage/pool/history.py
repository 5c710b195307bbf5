"""What was done in a pool: the history of drains, when hosts were last maintained, whose maintenance failed."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from shared.adapters.storage import records
from shared.adapters.storage.tables.table import Row, Tables, page, time_in, under
from shared.core.drain.history.facts import Line
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Maintained
from shared.core.observation.attempts import Attempts, Failure, attempts_of
from shared.core.values.drainid import pool_key_of
from shared.ports import Page

log = logging.getLogger(__name__)


class HistoryRows(Tables):
    """Reads these rows of the table of pools."""

    async def history(self, drain_id: str, most: int, token: str | None) -> Page[Entry]:
        prefix = f"log|{drain_id}|"
        listed, token = await page(self._pools, pool_key_of(drain_id), prefix, most, token, {})
        last = listed[-1].key.removeprefix(prefix) if listed else None
        return Page(tuple(_entries(listed)), token, last)

    async def maintained(self, pool_key: str) -> Mapping[str, Maintained]:
        listed = await self._pools.scan(pool_key, *under("maintained|"))
        return dict(_maintained(listed))

    async def attempts(self, pool_key: str) -> Mapping[str, Attempts]:
        listed = await self._pools.scan(pool_key, *under("attempt|"))
        done = await self.maintained(pool_key) if listed else {}
        return attempts_of(_failures(listed), {host: each.at for host, each in done.items()})


def _entries(listed: Sequence[Row]) -> Iterator[Entry]:
    """Of an entry that this version cannot read, its sentence, which stands beside it."""
    for row in listed:
        try:
            yield records.read(Entry, row.values)
        except records.UNREADABLE as error:
            text = records.why(error)
            log.error("only the sentence of %s %s is read: %s", row.partition, row.key, text)  # noqa: TRY400
            what, host = (row.values.get(name) for name in ("what", "host"))
            if (at := time_in(row, "at")) is not None:
                yield Entry(at, Line(str(what or "?")), str(host or ""))


def _maintained(listed: Sequence[Row]) -> Iterator[tuple[str, Maintained]]:
    """By host key; a row that is broken counts for nothing. Older rows do not tell how long it took."""
    for row in listed:
        key, at, took = row.key.split("|")[1], time_in(row, "at"), row.values.get("took")
        if at is not None:
            lasted = None
            if isinstance(took, int | float):
                with suppress(ValueError, OverflowError):
                    lasted = timedelta(seconds=took)
            yield key, Maintained(str(row.values.get("host", key)), at, lasted)


def _failures(listed: Sequence[Row]) -> Iterator[tuple[str, Failure]]:
    """By host key; what is broken counts for nothing."""
    for row in listed:
        host, at = row.key.split("|")[1], time_in(row, "at")
        if at is not None:
            name, why = str(row.values.get("host", host)), str(row.values.get("why", ""))
            yield host, Failure(name, at, why)
