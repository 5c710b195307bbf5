"""Alerts of Azure Monitor, in the common alert schema. An action group posts them to an HTTP
address; they do not come by Event Grid."""

from datetime import timedelta

from shared.core.events.records import EventKey
from shared.core.events.signals import (
    Ignored,
    Malformed,
    Reading,
    Says,
    Signal,
    Source,
    machine_type,
)
from shared.events.envelope import Context
from shared.events.fields import LONGEST, Fields, machine_of
from shared.events.jsontext import digest_of, read_object

SCHEMA = "azureMonitorCommonAlertSchema"
TYPE = "AzureMonitor.Alert"
SENSE = timedelta(days=1)
_TELLING = (
    "alertId", "alertRule", "severity", "monitorCondition", "monitoringService", "firedDateTime",
)  # fmt: skip
"""Every alert of whatever kind has some of these fields. A payload with none of them is no
alert."""
_CLASSIC = {"status", "context"}
"""The fields of an alert as action groups posted it before there was a common schema."""
MOST = 1000
"""The most machines of one alert."""


def is_alert(text: str | bytes) -> bool:
    """Whether the text claims to be an alert, whatever else is wrong with it."""
    payload, _ = read_object(text)
    return payload is not None and "schemaid" in {name.lower() for name in payload}


def translate(text: str | bytes, context: Context) -> tuple[EventKey, Reading]:
    """The alert's key, and what it asks for. Whether it concerns this app is checked first:
    budgets, service health and alerts on other resources come through the same action groups."""
    payload, fault = read_object(text)
    if payload is None:
        return EventKey(TYPE, digest_of(text), ""), Malformed((fault,))
    outer = Fields(payload, [], "the alert")
    if {name.lower() for name in payload} >= _CLASSIC:
        why = f"it is of the classic kind: enable the common alert schema ({SCHEMA}) in its action group"
        return EventKey(TYPE, digest_of(text), ""), Ignored(why)
    schema = outer.text("schemaId")
    if schema and schema.lower() != SCHEMA.lower():
        why = (
            f"its schema is '{schema[:100]}', as of budgets and of action groups that do not have the "
            f"common alert schema ({SCHEMA}) enabled"
        )
        return EventKey(TYPE, digest_of(text), ""), Ignored(why)
    essentials = outer.object("data").object("essentials")
    id_ = essentials.peek("alertId")
    condition = essentials.peek("monitorCondition")[:100]
    resolved = condition.lower() == "resolved"
    when = "resolvedDateTime" if resolved else "firedDateTime"
    known = id_ if 0 < len(id_) <= LONGEST else digest_of(text)
    key = EventKey(TYPE, known, f"{condition} {essentials.peek(when)[:100]}")
    if not outer.faults and not any(essentials.peek(name) for name in _TELLING):
        for name in _TELLING:
            essentials.text(name)
    if outer.faults:
        return key, Malformed(tuple(outer.faults))
    if condition.lower() not in ("fired", "resolved"):
        said = f"that is '{condition}'" if condition else "without a condition"
        return key, Ignored(f"an alert {said} asks for nothing")
    found = [machine_of(target) for target in essentials.peeks("alertTargetIDs")]
    machines = tuple(dict.fromkeys(machine for machine in found if machine))
    if not machines:
        return key, Ignored("none of its targets is a virtual machine or a session host")
    return key, _about(essentials, key, resolved, machines, context)


def _about(
    payload: Fields, key: EventKey, resolved: bool, machines: tuple[str, ...], context: Context
) -> Reading:
    """What an alert on machines asks for."""
    rule = payload.peek("alertRule")[:LONGEST]
    at = payload.time("resolvedDateTime" if resolved else "firedDateTime", optional=True)
    if len(machines) > MOST:
        payload.fault("alertTargetIDs", f"a list of at most {MOST} machines")
    if payload.faults:
        return Malformed(tuple(payload.faults))
    at = context.happened_at(at)
    id_ = payload.peek("alertId").lower()
    about = f"alert {id_}" if 0 < len(id_) <= LONGEST else f"alert {_without_id(rule, machines)}"
    named = f"alert '{rule}'" if rule else "an alert"
    if resolved:
        return Signal(
            key, Says.OVER, context.now, at, f"{named} is resolved",
            ends=(Source.ALERT,), machines=machines, about=about,
        )  # fmt: skip
    return Signal(
        key, Says.DRAIN, context.now, at, named,
        source=Source.ALERT, machines=machines, about=about, stale_at=at + SENSE,
        facts={
            "severity": payload.peek("severity")[:100],
            "alertRule": rule,
            "targetType": machine_type(machines[0]),
            "monitoringService": payload.peek("monitoringService")[:100],
        },
    )  # fmt: skip


def _without_id(rule: str, machines: tuple[str, ...]) -> str:
    """What ties the end of an alert to its beginning if neither has an id."""
    return digest_of("\n".join([rule.lower(), *sorted(machine.lower() for machine in machines)]))
