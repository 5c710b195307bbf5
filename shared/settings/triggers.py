"""Settings about what starts drains by itself: events, and schedules; and where the app's own events go."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field, PlainValidator, SecretStr

from shared.core.events.rules import Rule
from shared.core.policy import policychecks
from shared.core.schedules.schedules import Schedule
from shared.core.values.allowed import Allowed
from shared.settings.values import Duration, is_address

_SCOPE = re.compile(
    r"/subscriptions/[0-9a-f-]{36}(/resourcegroups/[-\w.()]{1,90}"
    r"(/providers/microsoft[.]desktopvirtualization/hostpools/[a-z0-9@._ -]{3,64})?)?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?")


def _rules(value: object) -> tuple[Rule, ...]:
    if not isinstance(value, str):
        return ()
    from shared.settings.event_rules import read_rules

    return read_rules(value)


def _scopes(value: object) -> tuple[str, ...]:
    names = [n.strip().rstrip("/") for n in str(value).split(",")] if isinstance(value, str) else []
    if not all(_SCOPE.fullmatch(name) for name in names):
        raise ValueError(
            "resource ids of host pools, resource groups or subscriptions, separated by commas"
        )
    return tuple(names)


def _versions(value: object) -> tuple[str, ...]:
    names = tuple(n.strip() for n in str(value).split(","))
    if not all(_VERSION.fullmatch(name) for name in names):
        raise ValueError("api-versions such as 2026-03-01-preview, separated by commas")
    return names


Versions = Annotated[tuple[str, ...], PlainValidator(_versions)]
Rules = Annotated[tuple[Rule, ...], PlainValidator(_rules)]
Scopes = Annotated[tuple[str, ...], PlainValidator(_scopes)]


def _schedules(value: object) -> tuple[Schedule, ...]:
    if not isinstance(value, str):
        return ()
    from shared.settings.schedules import read

    return read(value)


Schedules = Annotated[tuple[Schedule, ...], PlainValidator(_schedules)]


class TriggerSettings(BaseModel):
    """The fields' aliases are the settings' names."""

    host_pools: Scopes = Field(
        default=(),
        alias="HOST_POOLS",
        description="The host pools that events may be about: resource ids of host pools, resource "
        "groups or subscriptions, separated by commas. Left out: the host pools in the subscription "
        "of the machine that an event is about.",
    )
    event_rules: Rules = Field(
        default=(),
        alias="EVENT_RULES",
        description="What each kind of event does: a JSON list of rules, or the name of a .json file "
        "beside function_app.py that holds one. Left out, only a predicted loss of a machine does "
        "anything.",
    )
    schedules: Schedules = Field(
        default=(),
        alias="SCHEDULES",
        description="Schedules, as a JSON object by name, or the name of a .json file beside "
        "function_app.py that holds one. They cannot be changed over HTTP.",
    )
    event_settle: Duration = Field(
        default=timedelta(seconds=3),
        alias="EVENT_SETTLE",
        description="Events that come within so long of each other are seen to together.",
    )
    update_cancel_lead: Duration = Field(
        default=timedelta(minutes=10),
        alias="UPDATE_CANCEL_LEAD",
        description="A maintenance run of Update Manager counts as beyond cancelling so long before "
        "its start, whatever later time its event tells.",
    )
    host_update_versions: Versions = Field(
        default=("2026-03-01-preview", "2026-01-01-preview"),
        alias="UPDATE_STATUS_VERSIONS",
        description="The api-versions of the session host update's status, tried in turn, separated "
        "by commas.",
    )
    topic: str = Field(
        default="",
        alias="EVENT_TOPIC_ENDPOINT",
        description="An Event Grid topic for the app's own events (input schema CloudEvents 1.0). "
        "Left out, none are published.",
    )
    topic_key: SecretStr | None = Field(
        default=None,
        alias="EVENT_TOPIC_KEY",
        description="The topic's access key. Left out, the identity of ARM_CREDENTIAL publishes; it "
        "needs the role EventGrid Data Sender.",
    )

    def trigger_faults(self, allowed: Allowed, *, loopback: bool) -> Iterator[str]:
        """``loopback``: whether the app may talk to this machine in plain http."""
        plain = self.topic.startswith("http:") and loopback
        if self.topic and not (is_address(self.topic) and (plain or self.topic[:6] == "https:")):
            yield "EVENT_TOPIC_ENDPOINT: an https address; plain http for loopback only"
        elif plain and self.topic_key is None:
            yield "EVENT_TOPIC_KEY: a real identity's token never goes over plain http"
        for rule in self.event_rules:
            for field, text in policychecks.faults(rule.policy, allowed):
                yield f"EVENT_RULES: rule '{rule.name}', policy.{field}: {text}"
        if self.schedules:
            from shared.settings.schedules import faults

            yield from faults(self.schedules, allowed)
