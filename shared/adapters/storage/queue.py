"""The queues, by azure-storage-queue: an output binding cannot delay a message."""

import contextlib
import json
from datetime import timedelta
from math import ceil
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import TextBase64EncodePolicy
from azure.storage.queue.aio import QueueClient

from shared.adapters.faults import stored
from shared.ports import Work

_LONGEST = timedelta(days=7)
"""A message may be hidden for so long at most; a drain looks more often than that."""


class StorageQueue:
    """Keeps the protocol ``shared.ports.Queue``. Base64, as host.json says the trigger reads. Calls
    to strangers go to ``calls``."""

    def __init__(self, client: QueueClient, calls: QueueClient) -> None:
        self._client = client
        self._calls = calls

    @stored()
    async def send(self, work: Work, delay: timedelta) -> None:
        longest = _LONGEST - timedelta(minutes=1)
        hidden = ceil(min(delay, longest).total_seconds())  # never before its drain is due
        client = self._calls if work.calls_strangers else self._client
        try:
            await client.send_message(encode(work), visibility_timeout=hidden)
        except ResourceNotFoundError:
            with contextlib.suppress(ResourceExistsError):  # somebody else was faster
                await client.create_queue()
            await client.send_message(encode(work), visibility_timeout=hidden)


def encode(work: Work) -> str:
    if work.inbox:
        return json.dumps({"inbox": True})
    if work.campaign:
        return json.dumps({"campaign": work.campaign})
    if work.report:
        return json.dumps({"report": work.report})
    told: dict[str, Any] = {"drain": work.drain, "turn": work.turn}
    if work.tries:
        told["tries"] = work.tries
    return json.dumps({**told, "subscription": work.subscription} if work.subscription else told)


def decode(text: str) -> Work:
    """Raises ValueError when the text is no message of ours."""
    body = json.loads(text)
    if isinstance(body, dict) and body.get("inbox") is True:
        return Work(inbox=True)
    if isinstance(body, dict) and isinstance(body.get("campaign"), str):
        return Work(campaign=body["campaign"])
    if isinstance(body, dict) and isinstance(body.get("report"), str):
        return Work(report=body["report"])
    if not isinstance(body, dict) or not isinstance(body.get("drain"), str):
        raise ValueError("not a message of this app's queue")
    turn, subscription, tries = body.get("turn"), body.get("subscription", ""), body.get("tries", 0)
    return Work(
        body["drain"],
        turn if isinstance(turn, int) else None,
        str(subscription),
        tries=tries if isinstance(tries, int) else 0,
    )


def encoding() -> TextBase64EncodePolicy:
    return TextBase64EncodePolicy()
