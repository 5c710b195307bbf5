"""Publishes the app's own events to an Event Grid topic, as CloudEvents."""

from collections.abc import Sequence
from typing import Any

from shared.adapters.faults import ours
from shared.core.drain.announcements import Announcement

SOURCE = "/avd-drain"
_TIMEOUT = 30


class EventGridTopic:
    """Implements ``shared.ports.Topic``. ``credential``: a key or an identity."""

    def __init__(self, endpoint: str, credential: Any) -> None:
        self._endpoint = endpoint
        self._credential = credential
        self._client: Any = None

    async def publish(self, announcements: Sequence[Announcement]) -> None:
        from azure.core.messaging import CloudEvent

        events = [
            CloudEvent(
                source=SOURCE, type=a.type, id=a.id, subject=a.subject, time=a.at, data=dict(a.data)
            )
            for a in announcements
        ]
        async with ours(write=True):
            await self._connected().send(events)

    def _connected(self) -> Any:
        if self._client is None:
            from azure.eventgrid.aio import EventGridPublisherClient

            self._client = EventGridPublisherClient(
                self._endpoint, self._credential, retry_total=0,
                connection_timeout=_TIMEOUT, read_timeout=_TIMEOUT,
            )  # fmt: skip
        return self._client
