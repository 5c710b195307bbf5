"""Bodies of somebody else's making, of which only a part is read."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Foreign(BaseModel):
    """Of somebody else's making: what is not read may be there."""

    model_config = ConfigDict(extra="allow")


class AlertBody(_Foreign):
    """An alert of Azure Monitor, in the common alert schema."""

    schema_id: str = Field(alias="schemaId", description="`azureMonitorCommonAlertSchema`")
    data: dict[str, Any] = Field(description="`essentials`, and `alertContext`")


class EventBody(_Foreign):
    """An event in Event Grid's schema or in that of CloudEvents 1.0, or an alert."""

    data: dict[str, Any] = Field(description="what the source says")
