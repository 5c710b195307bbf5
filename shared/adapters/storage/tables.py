"""Table Storage as the store needs it: one partition at a time, whole changes or none.

A thin layer over azure-data-tables that turns its results and errors into plain ones, so that
``store`` reads as what it stores, and so that a stand-in can take its place.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from azure.core.exceptions import ResourceNotFoundError
from azure.core.rest import HttpRequest
from azure.data.tables.aio import TableClient, TableServiceClient

from shared.adapters.faults import stored
from shared.adapters.storage import batch

TableConflictError = batch.TableConflictError
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Among:
    """In place of one value that a property must have: it has one of these, which are strings."""

    values: tuple[str, ...]


class NotEmpty:
    """In place of one value: any string but the empty one."""


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


class Table(Protocol):
    """One table. Row keys are compared as strings."""

    async def get(self, partition: str, key: str) -> Row | None: ...

    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        """Rows with ``first <= key < last`` in key order, at most ``most`` if it is not 0,
        whose properties equal those of ``where``, which may hold ``Among`` and ``NotEmpty``."""
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
            term, bound = _condition(name, value, f"where{number}")
            query += f" and {term}"
            values |= bound
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
        table, boundary = await self._table(), uuid.uuid4().hex
        place = table.url.partition("?")[0].rstrip("/")
        request = HttpRequest(
            "POST",
            f"{place}/$batch",
            headers=batch.headers(table.api_version, boundary),
            content=batch.body(f"{place}/{self._name}", partition, ops, boundary),
        )
        # the SDK's own pipeline: it signs, and repeats what may be
        response = await table._client.send_request(request, stream=True)  # noqa: SLF001
        await response.read()
        if response.status_code in batch.CONFLICTS:
            raise TableConflictError(f"{response.status_code} {response.reason}")
        response.raise_for_status()
        return batch.etags(response.text("utf-8"), len(ops))


def _condition(name: str, value: Any, bound: str) -> tuple[str, dict[str, Any]]:
    """As a query says it, with the values of its parameters. The SDK knows a parameter only as a word
    between spaces."""
    if isinstance(value, NotEmpty):
        return f"{name} gt @{bound}", {bound: ""}
    if isinstance(value, Among):
        named = {f"{bound}x{n}": each for n, each in enumerate(value.values)}
        return "( " + " or ".join(f"{name} eq @{each}" for each in named) + " )", named
    return f"{name} eq @{bound}", {bound: value}


def _row(entity: Any) -> Row:
    values = {k: v for k, v in entity.items() if k not in ("PartitionKey", "RowKey")}
    return Row(entity["PartitionKey"], entity["RowKey"], values, entity.metadata["etag"])


END = "~"
"""Behind every key that this app makes."""


async def page(
    table: Table, partition: str, prefix: str, most: int, token: str | None, where: Values
) -> tuple[list[Row], str | None]:
    first = prefix if token is None else f"{prefix}{token} "
    listed = await table.scan(partition, first, prefix + END, most + 1, where)
    if len(listed) <= most:
        return listed, None
    return listed[:most], listed[most - 1].key.removeprefix(prefix)
