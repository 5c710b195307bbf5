"""What is found of the topics that bring events: whether a subscription of each leads to the app, and whether the kinds of
events that rules are for have one at all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from shared.core.start.doctor.findings import Cause, Finding, Severity, Unread, unread

FUNCTION = "hear_event"
"""The function that takes events."""
READY = "Succeeded"
_HEALTH = "Microsoft.ResourceNotifications.HealthResources"
TOPIC_TYPES = {
    "updateManager": "Microsoft.Maintenance.MaintenanceConfigurations",
    "predictedLoss": _HEALTH,
    "platformMaintenance": _HEALTH,
    "scheduledEvent": "Microsoft.ResourceNotifications.MaintenanceResources",
}
"""The kind of system topic by what a rule is ``on``. Alerts come by an action group."""
_DEPLOY = "Deploy infra/connect.bicep again, or make it as docs/event-grid.md says."


@dataclass(frozen=True, slots=True)
class TopicSeen:
    """``kind``: what its events are about, as Azure names kinds of topics; empty for a topic of one's own."""

    id: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionSeen:
    """``to``: the resource id of a function, or an address without its query; empty for anything else. ``types``: of
    events; empty: all."""

    name: str
    state: str
    to: str = ""
    types: tuple[str, ...] = ()

    @property
    def leads_here(self) -> bool:
        to = self.to.lower()
        return to.endswith(f"/functions/{FUNCTION}") or "/runtime/webhooks/eventgrid" in to


Topics = Mapping[TopicSeen, tuple[SubscriptionSeen, ...] | Unread]


def sources(groups: Mapping[str, Topics | Unread], rules: Iterable[str]) -> Iterator[Finding]:
    """``groups``: the topics of each resource group of ``EVENT_GROUPS``. ``rules``: what rules are for."""
    subscribed: set[str] = set()
    known = True
    for group, topics in groups.items():
        if isinstance(topics, Unread):
            known = False
            yield _unread("the topics of a group of EVENT_GROUPS", group, topics)
            continue
        for topic, found in topics.items():
            if isinstance(found, Unread):
                known = False
                yield _unread("the event subscriptions", topic.id, found)
                continue
            ours = [each for each in found if each.leads_here]
            if any(each.state == READY for each in ours):
                subscribed.add(topic.kind.lower())
            yield from _topic(topic, ours)
    if known and groups:
        yield from _rules(subscribed, rules)


def _topic(topic: TopicSeen, ours: Iterable[SubscriptionSeen]) -> Iterator[Finding]:
    for each in ours:
        if each.state == READY:
            text = f"'{each.name}' brings {', '.join(each.types) or 'all its events'}"
            yield Finding("EventsSubscribed", Severity.OK, topic.id, text)
        else:
            text = f"the subscription '{each.name}' is {each.state or 'in no known state'}: it brings no events"
            yield Finding("SubscriptionNotReady", Severity.ERROR, topic.id, text, _DEPLOY)
    if not ours and topic.kind:  # a topic of one's own may be for others alone
        text = f"none of its subscriptions leads to the function {FUNCTION}"
        todo = f"{_DEPLOY} If it is another app's, take its group out of EVENT_GROUPS."
        yield Finding("NotSubscribed", Severity.WARNING, topic.id, text, todo)


def _rules(subscribed: set[str], rules: Iterable[str]) -> Iterator[Finding]:
    for source in sorted(set(rules)):
        kind = TOPIC_TYPES.get(source)
        if kind is None or kind.lower() in subscribed:
            continue
        yield Finding(
            "RuleWithoutEvents", Severity.WARNING, "EVENT_RULES",
            f"a rule is for {source}, and no topic of type {kind} in EVENT_GROUPS brings its events",
            f"{_DEPLOY} If its topic lies in another resource group, add that to EVENT_GROUPS.",
        )  # fmt: skip


def _unread(what: str, about: str, reading: Unread) -> Finding:
    """Events may come all the same: what could not be read is not known."""
    denied = "Give the app's identity the rights on event sources there: see permissions.md."
    found = unread(what, about, reading, denied)
    return replace(found, severity=Severity.UNKNOWN) if reading.cause is Cause.DENIED else found
