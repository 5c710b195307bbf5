"""Settings about what starts drains without a request (events and schedules), and where the app's
own events go.

Reading rules and schedules loads all that reading requests loads. So that is loaded only if there
are some: the start of an app that has none does not wait for it.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.core.access.allowed import Allowed
from shared.core.values.durations import parse_duration
from shared.settings.setting import Group, Secret, Setting
from shared.settings.values import is_address, json_of, listed

if TYPE_CHECKING:
    from shared.core.events.rules import Rule
    from shared.core.schedules.schedules import Schedule

_SCOPE = (
    r"/subscriptions/[0-9a-f-]{36}(/resourcegroups/[-\w.()]{1,90}"
    r"(/providers/microsoft[.]desktopvirtualization/hostpools/[a-z0-9@._ -]{3,64})?)?"
)


def _rules(text: str) -> "tuple[Rule, ...]":
    if json_of(text) == []:
        return ()
    from shared.settings.documents.event_rules import read_rules

    return read_rules(text)


def _schedules(text: str) -> "tuple[Schedule, ...]":
    if json_of(text) == {}:
        return ()
    from shared.settings.documents.schedules import read

    return read(text)


def _scopes(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().rstrip("/") for name in text.split(","))
    if not all(re.fullmatch(_SCOPE, name, re.IGNORECASE) for name in names):
        raise ValueError(
            "resource ids of host pools, resource groups or subscriptions, separated by commas"
        )
    return names


class TriggerSettings(Group):
    __slots__ = ()

    host_pools = Setting[tuple[str, ...]](
        "HOST_POOLS",
        _scopes,
        (),
        "The host pools that events may be about: resource ids of host pools, resource "
        "groups or subscriptions, separated by commas. Left out: the host pools in the subscription "
        "of the machine that an event is about.",
    )
    event_groups = Setting[tuple[str, ...]](
        "EVENT_GROUPS",
        listed(
            r"/subscriptions/[^/]+/resourceGroups/[^/]+",
            "resource ids of resource groups",
        ),
        (),
        "The resource groups of the Event Grid topics that bring the app its events: resource ids, separated by "
        "commas. The doctor looks at their subscriptions. Left out, it does not.",
    )
    event_rules = Setting["tuple[Rule, ...]"](
        "EVENT_RULES",
        _rules,
        (),
        "What each kind of event does: a JSON list of rules, or the name of a .json file "
        "beside function_app.py that holds one. Left out, only a predicted loss of a machine does "
        "anything.",
    )
    schedules = Setting["tuple[Schedule, ...]"](
        "SCHEDULES",
        _schedules,
        (),
        "Schedules, as a JSON object by name, or the name of a .json file beside "
        "function_app.py that holds one. They cannot be changed over HTTP.",
    )
    event_settle = Setting(
        "EVENT_SETTLE",
        parse_duration,
        timedelta(seconds=3),
        "Events that come within so long of each other are seen to together.",
    )
    update_cancel_lead = Setting(
        "UPDATE_CANCEL_LEAD",
        parse_duration,
        timedelta(minutes=10),
        "A maintenance run of Update Manager counts as beyond cancelling so long before "
        "its start, whatever later time its event tells.",
    )
    host_update_versions = Setting[tuple[str, ...]](
        "UPDATE_STATUS_VERSIONS",
        listed(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?", "api-versions such as 2026-03-01-preview"),
        ("2026-03-01-preview", "2026-01-01-preview"),
        "The api-versions of the session host update's status, tried in turn, separated by commas.",
    )
    topic = Setting(
        "EVENT_TOPIC_ENDPOINT",
        str,
        "",
        "An Event Grid topic for the app's own events (input schema CloudEvents 1.0). "
        "Left out, none are published.",
    )
    topic_key = Setting[Secret | None](
        "EVENT_TOPIC_KEY",
        Secret,
        None,
        "The topic's access key. Left out, the identity of ARM_CREDENTIAL publishes; it "
        "needs the role EventGrid Data Sender.",
    )

    def trigger_faults(self, allowed: Allowed, *, loopback: bool) -> Iterator[str]:
        """Faults between these settings and others. ``loopback``: whether the app may talk to this
        machine over plain http."""
        plain = self.topic.startswith("http:") and loopback
        if self.topic and not (is_address(self.topic) and (plain or self.topic[:6] == "https:")):
            yield "EVENT_TOPIC_ENDPOINT: an https address; plain http for loopback only"
        elif plain and self.topic_key is None:
            yield "EVENT_TOPIC_KEY: a real identity's token never goes over plain http"
        if self.event_rules:
            from shared.settings.documents.event_rules import faults as rule_faults

            yield from rule_faults(self.event_rules, allowed)
        if self.schedules:
            from shared.settings.documents.schedules import faults as schedule_faults

            yield from schedule_faults(self.schedules, allowed)
