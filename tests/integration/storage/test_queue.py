"""The same contract for the queue in memory and for the emulator: one cannot drift off.

The emulator's clock is the wall's, so the times here are its shortest, and are waited for.
"""

import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pytest
import pytest_asyncio
from azure.core.exceptions import HttpResponseError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from tests.nights.world.queue import MemoryQueue, Message, MessageGoneError
from tests.support.wait import until


class AnyQueue(Protocol):
    """A queue, and letting its time pass."""

    async def send(self, text: str, hidden_for: int = 0) -> None: ...
    async def receive(self, hidden_for: int) -> Any: ...
    async def hide(self, message: Any, hidden_for: int) -> None: ...
    async def delete(self, message: Any) -> None: ...
    async def next(self) -> Any:
        """The next message that can be received, once there is one."""
        ...


@dataclass
class InMemory:
    now: float = 0.0

    def __post_init__(self) -> None:
        self._queue = MemoryQueue(lambda: self.now, lambda at: None)

    async def send(self, text: str, hidden_for: int = 0) -> None:
        self._queue.send(text, hidden_for)

    async def receive(self, hidden_for: int) -> Any:
        return self._queue.receive(hidden_for, lambda number: 0)

    async def hide(self, message: Message, hidden_for: int) -> None:
        self._queue.hide(message, hidden_for)

    async def delete(self, message: Message) -> None:
        self._queue.delete(message)

    async def next(self) -> Any:
        self.now = min(message.visible_at for message in self._queue.messages.values())
        return await self.receive(60)


@dataclass
class InAzurite:
    client: QueueClient

    async def send(self, text: str, hidden_for: int = 0) -> None:
        await self.client.send_message(text, visibility_timeout=hidden_for)

    async def receive(self, hidden_for: int) -> Any:
        return await self.client.receive_message(visibility_timeout=hidden_for)

    async def hide(self, message: QueueMessage, hidden_for: int) -> None:
        again = await self.client.update_message(message, visibility_timeout=hidden_for)
        message.pop_receipt = again.pop_receipt

    async def delete(self, message: QueueMessage) -> None:
        await self.client.delete_message(message)

    async def next(self) -> Any:
        return await until(lambda: self.receive(60), "a message that can be received")


@pytest_asyncio.fixture(params=["memory", "azurite"], loop_scope="session")
async def queue(request: pytest.FixtureRequest, storage: str) -> AsyncIterator[AnyQueue]:
    if request.param == "memory":
        yield InMemory()
        return
    async with QueueClient.from_connection_string(storage, f"q{uuid.uuid4().hex}") as client:
        await client.create_queue()
        yield InAzurite(client)


def text_of(message: Any) -> str:
    return str(message.text if isinstance(message, Message) else message.content)


async def refused(doing: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises((MessageGoneError, HttpResponseError)):
        await doing()


async def test_a_message_is_received_and_then_hidden(queue: AnyQueue) -> None:
    await queue.send("one")
    message = await queue.receive(60)
    assert text_of(message) == "one"
    assert message.dequeue_count == 1
    assert await queue.receive(60) is None


async def test_a_message_that_is_deleted_does_not_come_again(queue: AnyQueue) -> None:
    await queue.send("one")
    message = await queue.receive(1)
    await queue.delete(message)
    await queue.send("two", hidden_for=2)
    assert text_of(await queue.next()) == "two"


async def test_a_message_that_is_not_deleted_comes_again_and_counts(queue: AnyQueue) -> None:
    await queue.send("one")
    await queue.receive(1)
    again = await queue.next()
    assert (text_of(again), again.dequeue_count) == ("one", 2)


async def test_a_message_sent_to_be_seen_later_is_not_seen_before(queue: AnyQueue) -> None:
    began = time.monotonic()
    await queue.send("later", hidden_for=2)
    assert await queue.receive(60) is None
    assert text_of(await queue.next()) == "later"
    if isinstance(queue, InMemory):
        assert queue.now == 2
    else:
        assert time.monotonic() - began > 1


async def test_whoever_received_it_before_can_no_longer_delete_it(queue: AnyQueue) -> None:
    await queue.send("one")
    first = await queue.receive(1)
    second = await queue.next()
    await refused(lambda: queue.delete(first))
    await queue.delete(second)
    await refused(lambda: queue.delete(second))


async def test_a_message_can_be_put_back_to_be_seen_sooner(queue: AnyQueue) -> None:
    await queue.send("one")
    message = await queue.receive(60)
    await queue.hide(message, 1)
    again = await queue.next()
    assert again.dequeue_count == 2
    await refused(lambda: queue.hide(message, 1))
