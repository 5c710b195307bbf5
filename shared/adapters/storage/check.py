"""Checks whether the app can use its storage account, by using its own tables and queues."""

import contextlib
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError

from shared.adapters.faults import ours
from shared.adapters.storage.queue import encode
from shared.errors import PassingError
from shared.ports import SeeToEvents

if TYPE_CHECKING:
    from azure.data.tables.aio import TableServiceClient
    from azure.storage.queue.aio import QueueClient

_PARTITION = "doctor"
_HIDDEN = 60
"""The seconds for which the test message is hidden. It is deleted at once. If that fails, it is
visible for one second and asks to handle events that are not there."""


class AzureStorageCheck:
    """Implements ``shared.ports.StorageCheck``. ``queues``: by name, a function that makes a client
    of the queue and a client of its poison queue."""

    def __init__(
        self,
        service: "TableServiceClient",
        tables: tuple[str, ...],
        queues: "Mapping[str, Callable[[], tuple[QueueClient, QueueClient]]]",
    ) -> None:
        self._service = service
        self.tables = tables
        self.queues = tuple(queues)
        self._clients = {name: cache(make) for name, make in queues.items()}

    async def table(self, name: str) -> datetime:
        key = f"check-{uuid.uuid4().hex}"
        async with ours(write=False):
            table = await self._service.create_table_if_not_exists(name)
            await table.create_entity({"PartitionKey": _PARTITION, "RowKey": key})
            try:
                found = await table.get_entity(_PARTITION, key)
            finally:
                await table.delete_entity(_PARTITION, key)
            at = found.metadata["timestamp"]
            if not isinstance(at, datetime):
                raise PassingError("the service told no time")
            return at

    async def queue(self, name: str) -> int:
        queue, poison = self._clients[name]()
        async with ours(write=False):
            try:
                await _try(queue)
            except ResourceNotFoundError:
                with contextlib.suppress(ResourceExistsError):  # somebody else created it first
                    await queue.create_queue()
                await _try(queue)
            with contextlib.suppress(ResourceNotFoundError):  # nothing has been poisoned yet
                return (await poison.get_queue_properties()).approximate_message_count or 0
        return 0


async def _try(queue: "QueueClient") -> None:
    sent = await queue.send_message(
        encode(SeeToEvents()), visibility_timeout=_HIDDEN, time_to_live=_HIDDEN + 1
    )
    await queue.delete_message(sent)
