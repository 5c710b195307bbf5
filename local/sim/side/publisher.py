"""Makes events as Azure's sources publish them, and delivers each to one address until it is
acknowledged, as Event Grid does."""

import asyncio
import contextlib
from datetime import datetime
from typing import Any

import aiohttp

from local.sim.services.arm import stamp

_TRIES = 30
_PAUSE = 0.5


def event(
    now: datetime, type_: str, id_: str, source: str, subject: str, data: Any, schema: str
) -> dict[str, Any]:
    """An event in Event Grid's own schema, or (``cloudEvents``) as a CloudEvent 1.0."""
    if schema == "cloudEvents":
        return {
            "specversion": "1.0",
            "id": id_,
            "source": source,
            "subject": subject,
            "type": type_,
            "time": stamp(now),
            "data": data,
        }
    return {
        "id": id_,
        "topic": source,
        "subject": subject,
        "eventType": type_,
        "eventTime": stamp(now),
        "dataVersion": "1.0",
        "metadataVersion": "1",
        "data": data,
    }


class Publisher:
    """Delivers events to the Event Grid trigger of an app, one per request, with the headers of
    Event Grid; and alerts, as an action group does, to their own address."""

    def __init__(self, app: str, key: str) -> None:
        self._grid = f"{app}/runtime/webhooks/EventGrid?functionName=hear_event&code={key}"
        self._alerts = f"{app}/api/alerts?code={key}"
        self._tasks: set[asyncio.Task[None]] = set()

    def publish(self, told: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(told))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, told: dict[str, Any]) -> None:
        cloud = "specversion" in told
        headers = {
            "aeg-event-type": "Notification",
            "aeg-subscription-name": "SIMULATED",
            "aeg-delivery-count": "0",
            "Content-Type": "application/cloudevents+json" if cloud else "application/json",
        }
        alert = "schemaId" in told
        body = told if cloud or alert else [told]
        address = self._alerts if alert else self._grid
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as session:
            for number in range(_TRIES):
                headers["aeg-delivery-count"] = str(number)
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.post(address, json=body, headers=headers) as answer:
                        if answer.status < 300:
                            return
                await asyncio.sleep(_PAUSE)
