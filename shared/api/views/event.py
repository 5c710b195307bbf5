"""Events: those that came, and what one would do."""

from typing import Literal, NotRequired, TypedDict

from pydantic import with_config

from shared.api.views.plan import PlanView, plan_view
from shared.core.events.heard import EventKey, Heard
from shared.engine.events.foresee import Foreseen, Step
from shared.wire.views.words import CLOSED, Time, time


@with_config(CLOSED)
class HeardView(TypedDict):
    """An event that came, and what came of it."""

    at: Time | None
    type: str
    id: str
    subject: str
    outcome: Literal["acted", "ignored", "malformed", "refused", "waiting", "early"]
    text: str
    drain: str | None
    until: Time | None


@with_config(CLOSED)
class EventList(TypedDict):
    value: list[HeardView]
    nextLink: NotRequired[str]


def heard_view(heard: Heard) -> HeardView:
    return {
        "at": time(heard.at),
        "type": heard.key.type,
        "id": heard.key.id,
        "subject": heard.key.subject,
        "outcome": heard.outcome.value,
        "text": heard.text,
        "drain": heard.drain or None,
        "until": time(heard.until),
    }


@with_config(CLOSED)
class StepView(TypedDict):
    """`do` is `startDrain`, `addHosts`, `cancelRun`, `endHosts` or `cancelDrain`."""

    do: str
    text: str
    hostPool: str | None
    drain: str | None
    rule: str | None
    hosts: list[str]
    plan: PlanView | None


@with_config(CLOSED)
class ForeseenView(TypedDict):
    """What an event would do. Nothing of it is done."""

    type: str
    id: str
    subject: str
    understood: str
    would: list[StepView]
    notes: list[str]


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
