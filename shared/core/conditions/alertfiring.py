"""The condition that no alert of Azure Monitor is firing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.core.access.allowed import Allowed
from shared.core.conditions.asking import AskGraph, Reply, literal
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class NoAlertFiring:
    """No alert of Azure Monitor is firing in the pool's subscription, for one rule or for any."""

    kind: Literal["noAlertFiring"] = "noAlertFiring"
    rule: str = described(
        "", "the alert rule's name; empty: any rule", example="sign-ins fail", most=260
    )

    def faults(self, allowed: Allowed) -> Iterable[str]:
        return ()

    def ask(self) -> AskGraph:
        """Queries the vendor's table of alerts. An alert that a person has closed does not count."""
        narrowed = (
            f" | where name =~ {literal(self.rule)}"
            f" or tostring(properties.essentials.alertRule) endswith {literal(self.rule)}"
        )
        return AskGraph(
            "alertsmanagementresources"
            " | where type =~ 'microsoft.alertsmanagement/alerts'"
            " | where properties.essentials.monitorCondition =~ 'Fired'"
            " and properties.essentials.alertState !~ 'Closed'"
            + (narrowed if self.rule else "")
            + " | project text = strcat(tostring(name), ' (',"
            " tostring(properties.essentials.severity), ')')"
        )

    def why(self, reply: Reply) -> str:
        if not reply.rows:
            return ""
        named = ", ".join(str(row.get("text") or "?") for row in reply.rows[:3])
        return f"alerts to be resolved: {named}" + (" and more" if len(reply.rows) > 3 else "")
