"""Alerts of Azure Monitor, in the common alert schema. An action group posts them to an address; they
do not go to Event Grid."""

import json
from datetime import timedelta
from typing import Any

from shared.core.heard import EventKey
from shared.core.notices import Notice, Says, Source
from shared.engine.hearing import Ignored, Intent, Malformed
from shared.events.envelope import Context
from shared.events.fields import Fields, machine_of, type_of

SCHEMA = "azureMonitorCommonAlertSchema"
TYPE = "AzureMonitor.Alert"
SENSE = timedelta(days=1)


def is_alert(text: str) -> bool:
    """Whether it says that it is one, whatever else is wrong with it."""
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and "schemaid" in {str(name).lower() for name in told}


def translate(text: str, context: Context) -> tuple[EventKey, Intent]:
    """What tells it from others, and what it asks for."""
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return EventKey(TYPE, "", ""), Malformed(("not a JSON object",))
    outer = Fields(told, [], "the alert")
    schema = outer.text("schemaId")
    if schema and schema.lower() != SCHEMA.lower():
        why = f"'schemaId' is not {SCHEMA}: enable the common alert schema in the action group"
        return EventKey(TYPE, "", ""), Malformed((why,))
    essentials = outer.object("data").object("essentials")
    return _translate(essentials, context)


def _translate(told: Fields, context: Context) -> tuple[EventKey, Intent]:
    id_, rule = told.text("alertId"), told.text("alertRule")
    condition, severity = told.text("monitorCondition"), told.text("severity", optional=True)
    targets = told.texts("alertTargetIDs")
    resolved = condition.lower() == "resolved"
    when = "resolvedDateTime" if resolved else "firedDateTime"
    at = told.time(when)
    key = EventKey(TYPE, id_, f"{condition} {told.text(when, optional=True)}")
    if told.faults or at is None:
        return key, Malformed(tuple(told.faults))
    if condition.lower() not in ("fired", "resolved"):
        return key, Ignored(f"an alert that is '{condition[:100]}' asks for nothing")
    machines = tuple(dict.fromkeys(m for target in targets if (m := machine_of(target))))
    if not machines:
        return key, Ignored("none of its targets is a virtual machine or a session host")
    about = f"alert {id_.lower()}"
    if resolved:
        text = f"alert '{rule}' is resolved"
        return key, Notice(
            key, Says.OVER, context.now, at, text,
            ends=(Source.ALERT,), machines=machines, about=about,
        )  # fmt: skip
    return key, Notice(
        key,
        Says.DRAIN,
        context.now,
        at,
        f"alert '{rule}'",
        source=Source.ALERT,
        machines=machines,
        about=about,
        stale_at=at + SENSE,
        facts={
            "severity": severity,
            "alertRule": rule,
            "targetType": type_of(machines[0]),
            "monitoringService": told.text("monitoringService", optional=True),
        },
    )
