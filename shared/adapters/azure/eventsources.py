"""Event Grid topics and their subscriptions, by their addresses: its SDK would be imported for four lists.

https://learn.microsoft.com/rest/api/eventgrid/controlplane/system-topic-event-subscriptions
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from shared.adapters.azure.arm.clients import ArmClients
from shared.adapters.azure.fields import each, properties, text
from shared.core.start.doctor.sources import SubscriptionSeen, TopicSeen

_VERSIONED = {"api-version": "2025-02-15"}
_KINDS = ("systemTopics", "topics")


class AzureEventSources:
    """Keeps the protocol ``shared.ports.EventSources``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def topics(self, group: str) -> tuple[TopicSeen, ...]:
        places = [f"{group}/providers/Microsoft.EventGrid/{kind}" for kind in _KINDS]
        listed = await asyncio.gather(*map(self._listed, places))
        return tuple(each([item for items in listed for item in items], _topic, "a topic"))

    async def subscriptions(self, topic: str) -> tuple[SubscriptionSeen, ...]:
        listed = await self._listed(f"{topic}/eventSubscriptions")
        return tuple(each(listed, _subscription, "an event subscription"))

    async def _listed(self, place: str) -> list[Any]:
        address = f"{self._clients.endpoint}{place}"
        return await self._clients.listed(place.split("/")[2], address, **_VERSIONED)


def _topic(item: Mapping[str, Any]) -> TopicSeen:
    """Raises ValueError for one without an id."""
    if not (id_ := text(item.get("id"))):
        raise ValueError("a topic without an id")
    return TopicSeen(id_, text(properties(item).get("topicType")))


def _subscription(item: Mapping[str, Any]) -> SubscriptionSeen:
    """What it holds secret, such as the query of an address, the service does not tell here."""
    raw = properties(item)
    to = properties(raw.get("destination") or {})
    types = (raw.get("filter") or {}).get("includedEventTypes") or ()
    return SubscriptionSeen(
        text(item.get("name")),
        text(raw.get("provisioningState")),
        text(to.get("resourceId")) or text(to.get("endpointBaseUrl")),
        tuple(map(text, types)),
    )
