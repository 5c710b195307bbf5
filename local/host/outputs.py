"""Invokes functions, and sends what they returned or set to Storage queues: queue output bindings."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient
from azure_functions_runtime.bindings.datumdef import Datum

from local.host.config import ConfigError, expand
from local.host.functions import Function, Invoked, invoke

log = logging.getLogger("host")


class Outputs:
    def __init__(self, settings: Mapping[str, str], base64: bool) -> None:
        self._settings = settings
        self._base64 = base64
        self._clients: dict[tuple[str, str], QueueClient] = {}

    async def invoke(
        self, function: Function, value: Datum, metadata: dict[str, Datum] | None = None
    ) -> Invoked:
        """Invoke a function with its trigger's value, and send what it puts out. A failure is logged. Raises ConfigError
        for an output binding of another type."""
        invoked = await invoke(function, value, metadata)
        if invoked.ok:
            await self._send(function, invoked)
        else:
            log.error("%s failed: %s", function.name, invoked.error)
        return invoked

    async def _send(self, function: Function, invoked: Invoked) -> None:
        for name, datum in invoked.outputs:
            binding = function.output(name)
            if binding["type"] != "queue":
                raise ConfigError(f"output binding '{binding['type']}' is not in this host")
            for text in _messages(datum):
                client = self.client(binding["queueName"], binding.get("connection", ""))
                await put(client, text)

    def client(self, queue: str, connection: str) -> QueueClient:
        """A client for the queue of a binding. The queue's name may be in percent signs. Raises
        ConfigError if the connection is not set."""
        queue = expand(queue, self._settings)
        name = connection or "AzureWebJobsStorage"
        secret = self._settings.get(name) or self._settings.get(f"AzureWebJobs{name}")
        if not secret:
            raise ConfigError(f"the connection '{name}' is not set")
        if (queue, name) not in self._clients:
            encode = TextBase64EncodePolicy() if self._base64 else None
            self._clients[queue, name] = QueueClient.from_connection_string(
                secret, queue, message_encode_policy=encode
            )
        return self._clients[queue, name]

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()


async def put(client: QueueClient, text: str) -> None:
    """Send a message. Creates the queue if there is none."""
    try:
        await client.send_message(text)
    except ResourceNotFoundError:
        await client.create_queue()
        await client.send_message(text)


def _messages(datum: Any) -> list[str]:
    """The messages of an output: one, or each of a JSON array, as the real host does."""
    value = datum.value.decode() if isinstance(datum.value, bytes) else str(datum.value)
    if datum.type == "json":
        told = json.loads(value)
        if isinstance(told, list):
            return [m if isinstance(m, str) else json.dumps(m) for m in told]
    return [value]
