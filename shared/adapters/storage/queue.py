"""The queues, through azure-storage-queue: an output binding cannot delay a message."""

import contextlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError

from shared.adapters.faults import stored
from shared.adapters.storage.index.active import is_known
from shared.ports import (
    Call,
    PassOn,
    PostReport,
    SeeToEvents,
    StepCampaign,
    TakeStep,
    TellReceiver,
    TellSubscriber,
    Work,
)  # fmt: skip

if TYPE_CHECKING:
    from azure.storage.queue.aio import QueueClient

_LONGEST = timedelta(days=7)
"""The longest time for which a message may be hidden. A drain is looked at more often than that."""


class StorageQueue:
    """Implements ``shared.ports.Queue``. Messages are in Base64, which is what host.json tells the
    trigger to read. Calls go to the queue ``calls``, all other work to ``work``. A client is made
    when there is something to send."""

    def __init__(
        self, work: "Callable[[], QueueClient]", calls: "Callable[[], QueueClient]"
    ) -> None:
        self._work = cache(work)
        self._calls = cache(calls)

    @stored()
    async def send(self, work: Work, delay: timedelta) -> None:
        longest = _LONGEST - timedelta(minutes=1)
        hidden = ceil(min(delay, longest).total_seconds())  # never before its drain is due
        client = self._calls() if isinstance(work, Call) else self._work()
        try:
            await client.send_message(encode(work), visibility_timeout=hidden)
        except ResourceNotFoundError:
            with contextlib.suppress(ResourceExistsError):  # somebody else created it first
                await client.create_queue()
            await client.send_message(encode(work), visibility_timeout=hidden)


def encode(work: Work) -> str:
    match work:
        case TakeStep(drain, step_number, tries):
            raw: dict[str, Any] = {"drain": drain, "step": step_number}
            return json.dumps(raw | ({"tries": tries} if tries else {}))
        case TellSubscriber(drain, subscription):
            return json.dumps({"drain": drain, "subscription": subscription})
        case StepCampaign(campaign):
            return json.dumps({"campaign": campaign})
        case SeeToEvents():
            return json.dumps({"inbox": True})
        case PostReport(run):
            return json.dumps({"report": run})
        case TellReceiver(receiver):
            return json.dumps({"receiver": receiver})
        case PassOn(drain):
            return json.dumps({"happenings": drain})


def decode(text: str) -> Work:
    """The work that a message asks for. Raises ValueError if the text is no message of this app."""
    try:
        work = _read(json.loads(text))
    except RecursionError as error:
        raise ValueError("a message nested too deep") from error
    if work is None or not is_known(work):
        raise ValueError("not a message of this app's queue")
    return work


def _read(message: Any) -> Work | None:
    match message:
        case {"inbox": True}:
            return SeeToEvents()
        case {"campaign": str(campaign)}:
            return StepCampaign(campaign)
        case {"report": str(run)}:
            return PostReport(run)
        case {"receiver": str(receiver)}:
            return TellReceiver(receiver)
        case {"happenings": str(drain)}:
            return PassOn(drain)
        case {"drain": str(drain), "subscription": str(subscription)} if subscription:
            return TellSubscriber(drain, subscription)
        case {"drain": str(drain), **more}:
            step_number = more.get("step", more.get("turn"))  # the name up to schema 3
            tries = more.get("tries")
            return TakeStep(
                drain,
                step_number if isinstance(step_number, int) else None,
                tries if isinstance(tries, int) else 0,
            )
    return None
