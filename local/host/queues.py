"""Queue triggers: take messages, hide them while a function works on them, delete them when it
succeeded.

As in the real host, a message whose function failed is visible again after ``visibilityTimeout``,
and is moved to ``<queue>-poison`` after ``maxDequeueCount`` tries. A message whose host died is
visible again when the time for which it was hidden is over: ten minutes, as there.
"""

import asyncio
import logging
from base64 import b64decode
from typing import Any

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure_functions_runtime.bindings.datumdef import Datum

from local.host.config import QueueOptions
from local.host.functions import Function
from local.host.outputs import Outputs, put
from local.host.pause import pause

log = logging.getLogger("host.queues")

_HIDDEN = 600
_SHORTEST_POLL = 0.1


class QueueTrigger:
    """Polls one queue for one function until it is stopped."""

    def __init__(self, function: Function, options: QueueOptions, outputs: Outputs) -> None:
        self._function = function
        self._options = options
        self._outputs = outputs
        trigger = function.trigger
        connection = trigger.get("connection", "")
        self._queue = outputs.client(trigger["queueName"], connection)
        self._poison = outputs.client(trigger["queueName"] + "-poison", connection)
        self._working: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Take messages and work on them until ``stop`` is set; then finish what has begun, and
        take nothing more."""
        delay = _SHORTEST_POLL
        while not stop.is_set():
            if len(self._working) > self._options.new_batch_threshold:
                await asyncio.wait(self._working, return_when=asyncio.FIRST_COMPLETED)
                continue
            taken = await self._take(self._options.batch_size - len(self._working))
            for message in taken:
                task = asyncio.create_task(self._work(message))
                self._working.add(task)
                task.add_done_callback(self._working.discard)
            delay = _SHORTEST_POLL if taken else min(delay * 2, self._longest)
            if not taken:
                await pause(stop, delay)
        if self._working:
            await asyncio.wait(self._working)

    @property
    def _longest(self) -> float:
        return max(_SHORTEST_POLL, self._options.max_polling_interval)

    async def _take(self, room: int) -> list[QueueMessage]:
        try:
            pages = self._queue.receive_messages(
                messages_per_page=min(32, room), visibility_timeout=_HIDDEN, max_messages=room
            )
            return [message async for message in pages]
        except ResourceNotFoundError:
            return []
        except AzureError as error:
            log.warning("queue %s: %s", self._queue.queue_name, type(error).__name__)
            return []

    async def _work(self, message: QueueMessage) -> None:
        try:
            text = self._text(message)
            if text is not None and await self._invoke(message, text):
                await self._queue.delete_message(message)
                return
            tries = message.dequeue_count or 1
            if text is not None and tries < self._options.max_dequeue_count:
                again = int(self._options.visibility_timeout)
                # By its id, not as a message object: that would write, and encode, its text again.
                await self._queue.update_message(
                    message.id, message.pop_receipt, visibility_timeout=again
                )
                return
            name = self._queue.queue_name
            log.error("message %s of queue %s is poison after %d tries", message.id, name, tries)
            await put(self._poison, text if text is not None else str(message.content))
            await self._queue.delete_message(message)
        except AzureError as error:
            log.warning("message %s: %s", message.id, type(error).__name__)

    async def _invoke(self, message: QueueMessage, text: str) -> bool:
        value, metadata = Datum(text, "string"), _metadata(message)
        return (await self._outputs.invoke(self._function, value, metadata)).ok

    def _text(self, message: QueueMessage) -> str | None:
        """The message's text. None: it is not encoded as host.json says."""
        content = str(message.content)
        if not self._options.base64:
            return content
        try:
            return b64decode(content, validate=True).decode()
        except ValueError:
            return None


def _metadata(message: QueueMessage) -> dict[str, Datum]:
    def text(value: Any) -> Datum:
        return Datum(value if isinstance(value, str) else str(value), "string")

    times = {
        "InsertionTime": message.inserted_on,
        "ExpirationTime": message.expires_on,
        "NextVisibleTime": message.next_visible_on,
    }
    return {
        "Id": text(message.id),
        "DequeueCount": Datum(message.dequeue_count or 1, "int"),
        "PopReceipt": text(message.pop_receipt),
        **{k: Datum(f'"{v.isoformat()}"', "json") for k, v in times.items() if v is not None},
    }
