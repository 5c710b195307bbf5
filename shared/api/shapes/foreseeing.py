"""What an event would do, and the bodies that events come in."""

from typing import Any, TypedDict

from pydantic import BaseModel, ConfigDict, Field, with_config

from shared.api.shapes.planning import PlanView
from shared.wire.views.words import CLOSED


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


class _Foreign(BaseModel):
    """Of somebody else's making: what is not read may be there."""

    model_config = ConfigDict(extra="allow")


class AlertBody(_Foreign):
    """An alert of Azure Monitor, in the common alert schema."""

    schema_id: str = Field(alias="schemaId")
    data: dict[str, Any]


class EventBody(_Foreign):
    """An event in Event Grid's schema or in that of CloudEvents 1.0, or an alert."""

    data: dict[str, Any]
