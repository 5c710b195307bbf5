"""Table Storage as the store needs it: one partition at a time, whole changes or none.

A thin layer over azure-data-tables that turns its results and errors into plain ones, so that
``store`` reads as what it stores, and so that a stand-in can take its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.data.tables import UpdateMode
from azure.data.tables.aio import TableClient, TableServiceClient

from shared.adapters.faults import stored

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """An entity as read. ``etag`` names this version of it."""

    partition: str
    key: str
    values: Values
    etag: str


@dataclass(frozen=True, slots=True)
class Op:
    """One change. ``insert`` fails if the row exists, ``replace`` if it is not at ``etag``, and so
    does ``delete`` where it names one."""

    kind: Literal["insert", "upsert", "replace", "delete"]
    key: str
    values: Values = field(default_factory=dict)
    etag: str = ""


class TableConflictError(Exception):
    """A condition of a transaction did not hold; nothing of it was written."""


class Table(Protocol):
    """One table. Row keys are compared as strings."""

    async def get(self, partition: str, key: str) -> Row | None: ...

    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        """Rows with ``first <= key < last`` in key order, at most ``most`` if it is not 0,
        whose properties equal those of ``where``."""
        ...

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        """Carry out at most 100 changes of different rows, or none of them; the rows' new
        ETags in the same order. Raises TableConflictError."""
        ...


class AzureTable:
    """A table in Azure, or in an emulator. It is created when first used."""

    def __init__(self, service: TableServiceClient, name: str) -> None:
        self._service = service
        self._name = name
        self._client: TableClient | None = None

    async def _table(self) -> TableClient:
        if self._client is None:
            self._client = await self._service.create_table_if_not_exists(self._name)
        return self._client

    @stored()
    async def get(self, partition: str, key: str) -> Row | None:
        try:
            return _row(await (await self._table()).get_entity(partition, key))
        except ResourceNotFoundError:
            return None

    @stored()
    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        query = "PartitionKey eq @partition and RowKey ge @first and RowKey lt @last"
        values: dict[str, Any] = {"partition": partition, "first": first, "last": last}
        for number, (name, value) in enumerate((where or {}).items()):
            query += f" and {name} eq @where{number}"
            values[f"where{number}"] = value
        found = []
        paged = (await self._table()).query_entities(
            query, parameters=values, results_per_page=most or None
        )
        async for entity in paged:
            found.append(_row(entity))
            if len(found) == most:
                break
        return found

    @stored()
    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        try:
            results = await (await self._table()).submit_transaction(
                [_operation(partition, op) for op in ops]
            )
        except HttpResponseError as error:
            if error.status_code in (404, 409, 412):
                raise TableConflictError(str(error)) from error
            raise
        return [str(result.get("etag", "")) for result in results]


def _row(entity: Any) -> Row:
    values = {k: v for k, v in entity.items() if k not in ("PartitionKey", "RowKey")}
    return Row(entity["PartitionKey"], entity["RowKey"], values, entity.metadata["etag"])


def _operation(partition: str, op: Op) -> Any:
    entity = {**op.values, "PartitionKey": partition, "RowKey": op.key}
    match op.kind:
        case "insert":
            return ("create", entity)
        case "upsert":
            return ("upsert", entity, {"mode": UpdateMode.REPLACE})
        case "replace":
            return ("update", entity, {"mode": UpdateMode.REPLACE, **_only_at(op.etag)})
        case "delete" if op.etag:
            return ("delete", entity, _only_at(op.etag))
        case "delete":
            return ("delete", entity)


def _only_at(etag: str) -> dict[str, Any]:
    return {"etag": etag, "match_condition": MatchConditions.IfNotModified}


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
