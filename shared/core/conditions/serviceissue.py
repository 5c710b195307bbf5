"""The condition that Azure reports no active service issue."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.core.access.allowed import Allowed
from shared.core.conditions.asking import AskGraph, Reply, literal
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class NoServiceIssue:
    """Azure Service Health reports no active service issue in the pool's subscription."""

    kind: Literal["noServiceIssue"] = "noServiceIssue"
    service: str = described(
        "", "a service that it is about; empty: any", example="Azure Virtual Desktop", most=200
    )

    def faults(self, allowed: Allowed) -> Iterable[str]:
        return ()

    def ask(self) -> AskGraph:
        narrowed = f" | where tostring(properties.Impact) has {literal(self.service)}"
        return AskGraph(
            "servicehealthresources"
            " | where type =~ 'microsoft.resourcehealth/events'"
            " | where properties.EventType =~ 'ServiceIssue' and properties.Status =~ 'Active'"
            + (narrowed if self.service else "")
            + " | project text = tostring(properties.Title)"
        )

    def why(self, reply: Reply) -> str:
        if not reply.rows:
            return ""
        named = ", ".join(str(row.get("text") or "?") for row in reply.rows[:3])
        return f"service issues to be over: {named}"
