"""Events: those that came, and what one would do."""

from typing import Literal

from shared.api.views.drains.plan import PlanView, plan_view
from shared.api.views.page import page_of
from shared.core.events.records import EventKey, EventRecord
from shared.engine.events.preview import Foreseen, Step
from shared.wire.views.words import Time, View, time


class EventView(View):
    """An event that came, and what came of it."""

    at: Time | None
    """When it came."""
    type: str
    """Its type, in its source's words."""
    id: str
    """Its id, in its source's words."""
    subject: str
    """What it is about."""
    outcome: Literal["acted", "ignored", "malformed", "refused", "waiting", "early"]
    """What came of it."""
    text: str
    """What came of it, for people."""
    drain: str | None
    """The id of the drain that it started or changed."""
    until: Time | None
    """Until when it waits."""


EventList = page_of("EventList", EventView, "Events, the newest first.")


def event_view(event: EventRecord) -> EventView:
    return {
        "at": time(event.at),
        "type": event.key.type,
        "id": event.key.id,
        "subject": event.key.subject,
        "outcome": event.outcome.value,
        "text": event.text,
        "drain": event.drain or None,
        "until": time(event.until),
    }


class StepView(View):
    """`do` is `startDrain`, `addHosts`, `cancelRun`, `endHosts` or `cancelDrain`."""

    do: str
    """What would be done."""
    text: str
    """What would be done, for people."""
    hostPool: str | None
    """The host pool's resource id."""
    drain: str | None
    """The id of the drain that it is about."""
    rule: str | None
    """The rule that asks for it."""
    hosts: list[str]
    """Names of the hosts that it is about."""
    plan: PlanView | None
    """What the drain would do that it would start."""


class ForeseenView(View):
    """What an event would do. Nothing of it is done."""

    type: str
    """Its type, in its source's words."""
    id: str
    """Its id, in its source's words."""
    subject: str
    """What it is about."""
    understood: str
    """What it is taken to say."""
    would: list[StepView]
    """What would be done."""
    notes: list[str]
    """What else a reader should know."""


def foreseen_view(key: EventKey, found: Foreseen) -> ForeseenView:
    return {
        "type": key.type,
        "id": key.id,
        "subject": key.subject,
        "understood": found.understood,
        "would": [_step(step) for step in found.steps],
        "notes": list(found.notes),
    }


def _step(step: Step) -> StepView:
    return {
        "do": step.do,
        "text": step.text,
        "hostPool": step.pool or None,
        "drain": step.drain or None,
        "rule": step.rule or None,
        "hosts": list(step.hosts),
        "plan": plan_view(step.preview) if step.preview is not None else None,
    }
