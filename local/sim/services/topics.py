"""Event Grid's topics in Resource Manager, as an installation by ``infra/`` has them: each with a subscription of the app."""

from dataclasses import dataclass, field
from typing import Any

from local.sim.estate.world import World
from local.sim.services.access import on_group
from local.sim.services.arm import Answer, ArmError, Call

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-avd-drain"
_FUNCTION = f"{GROUP}/providers/Microsoft.Web/sites/func-avd-drain/functions/hear_event"
_KINDS = {"systemtopics": "systemTopics", "topics": "topics"}


@dataclass(slots=True)
class Subscription:
    name: str = "avd-drain"
    state: str = "Succeeded"
    destination: dict[str, Any] = field(
        default_factory=lambda: {
            "endpointType": "AzureFunction",
            "properties": {"resourceId": _FUNCTION, "maxEventsPerBatch": 1},
        }
    )
    types: list[str] | None = None


@dataclass(slots=True)
class Topic:
    """``kind``: empty for a topic of one's own."""

    name: str
    kind: str = ""
    subscriptions: list[Subscription] = field(default_factory=lambda: [Subscription()])

    @property
    def id(self) -> str:
        kind = "systemTopics" if self.kind else "topics"
        return f"{GROUP}/providers/Microsoft.EventGrid/{kind}/{self.name}"


def installed() -> list[Topic]:
    return [
        Topic("egst-health", "Microsoft.ResourceNotifications.HealthResources"),
        Topic("egst-scheduled", "Microsoft.ResourceNotifications.MaintenanceResources"),
        Topic("egst-runs", "Microsoft.Maintenance.MaintenanceConfigurations"),
        Topic("evgt-avd-drain"),
    ]


def answer(world: World, call: Call) -> Answer:
    """Lists of topics and of their subscriptions."""
    kind = _KINDS.get(call.types[0] if call.types else "")
    if call.method != "GET" or kind is None:
        raise ArmError(405, "MethodNotAllowed", "Topics and their subscriptions can be listed.")
    where = on_group(world, call.subscription, call.group)
    here = [
        topic
        for topic in world.topics
        if topic.id.lower().startswith(f"{where.scope}/".lower())
        and bool(topic.kind) == (kind != "topics")
    ]
    right = f"Microsoft.EventGrid/{kind}"
    if len(call.types) == 1 and not call.names:
        listed = [_topic(each, kind) for each in here]
        return Answer(
            "topics.list", "", f"{right}/read", where, lambda: (200, {"value": listed}, {})
        )
    if call.types[1:] != ("eventsubscriptions",) or len(call.names) != 1:
        raise ArmError(404, "NotFound", "There is nothing here.")
    named = [each for each in here if each.name.lower() == call.names[0].lower()]
    if not named:
        raise ArmError(404, "ResourceNotFound", f"The Resource '{call.names[0]}' was not found.")
    found = [_subscription(each) for each in named[0].subscriptions]
    return Answer(
        "eventSubscriptions.list", "", f"{right}/eventSubscriptions/read", where,
        lambda: (200, {"value": found}, {}),
    )  # fmt: skip


def _topic(topic: Topic, kind: str) -> dict[str, Any]:
    properties = {"provisioningState": "Succeeded"} | (
        {"topicType": topic.kind} if topic.kind else {}
    )
    return {
        "id": topic.id,
        "name": topic.name,
        "type": f"Microsoft.EventGrid/{kind}",
        "properties": properties,
    }


def _subscription(each: Subscription) -> dict[str, Any]:
    properties = {
        "provisioningState": each.state,
        "destination": each.destination,
        "filter": {"includedEventTypes": each.types},
    }
    return {"name": each.name, "properties": properties}
