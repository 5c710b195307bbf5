"""A table in Azure or in an emulator, through azure-data-tables.

The requests for rows and transactions are written here (``query``, ``batch``) and sent through the
SDK's pipeline. The pipeline signs, retries and reports errors; the SDK's own row objects would cost
more than the rows.
"""

import json
import uuid
from collections.abc import Sequence
from urllib.parse import quote

from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.data.tables.aio import TableClient, TableServiceClient

from shared.adapters.faults import stored
from shared.adapters.storage.tables import batch, query
from shared.adapters.storage.tables.table import Op, Row, TableConflictError, Values
from shared.errors import StorageError

_NOT_FOUND = 404
_MOST = 1000
"""How many rows the service returns at a time."""


class AzureTable:
    """A table in Azure or in an emulator. It is created when it is first used."""

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
        table = await self._table()
        address = query.address(f"{_place(table)}/{self._name}", partition, key)
        request = HttpRequest("GET", address, headers=query.headers(table.api_version))
        response = await self._send(table, request)
        if response.status_code == _NOT_FOUND:
            return None
        response.raise_for_status()
        return query.row(_json(response))

    @stored()
    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        table = await self._table()
        asked = {"$filter": query.condition(partition, first, last, where or {})}
        asked |= {"$top": str(most)} if 0 < most < _MOST else {}
        found: list[Row] = []
        while True:
            request = HttpRequest(
                "GET",
                f"{_place(table)}/{self._name}()",
                headers=query.headers(table.api_version),
                params={name: quote(value, safe="") for name, value in asked.items()},
            )
            response = await self._send(table, request)
            response.raise_for_status()
            found += query.rows(_json(response))
            names = [name for name in query.CONTINUED if response.headers.get(query.HEADER + name)]
            if not names or 0 < most <= len(found):
                return found[:most] if most else found
            asked |= {name: response.headers[query.HEADER + name] for name in names}

    @stored()
    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        table, boundary = await self._table(), uuid.uuid4().hex
        place = _place(table)
        request = HttpRequest(
            "POST",
            f"{place}/$batch",
            headers=batch.headers(table.api_version, boundary),
            content=batch.body(f"{place}/{self._name}", partition, ops, boundary),
        )
        response = await self._send(table, request)
        if response.status_code in batch.CONFLICTS:
            raise TableConflictError(f"{response.status_code} {response.reason}")
        response.raise_for_status()
        return batch.etags(response.text("utf-8"), len(ops))

    async def _send(self, table: TableClient, request: HttpRequest) -> AsyncHttpResponse:
        """Send a request through the SDK's own pipeline, which signs it and retries what may be
        retried."""
        sent = table._client.send_request(request, stream=True)  # noqa: SLF001
        response: AsyncHttpResponse = await sent
        await response.read()
        return response


def _place(table: TableClient) -> str:
    return table.url.partition("?")[0].rstrip("/")


def _json(response: AsyncHttpResponse) -> object:
    try:
        return json.loads(response.text("utf-8"))
    except ValueError as error:
        raise StorageError("an answer of Table Storage that is no JSON") from error
