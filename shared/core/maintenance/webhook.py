"""Hand the empty host to a webhook, such as a Logic App, and wait for its answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

from shared.core.access.allowed import Allowed, fault_of
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class Webhook:
    """The host is handed to a webhook, which does the work and reports the result to the callback
    address."""

    kind: Literal["webhook"] = "webhook"
    url: str = described(
        "",
        "where the host is posted to; its host name must be allowed by the setting "
        "`WEBHOOK_HOSTS`. It is never shown again: it may hold a secret",
        example="https://prod-1.westeurope.logic.azure.com/workflows/…",
        most=2000,
        secret=True,
    )
    time_limit: timedelta = described(
        timedelta(hours=4), "how long the answer may take; then it counts as failed"
    )
    ask_again_after: timedelta = described(
        timedelta(minutes=30),
        "a call that the webhook did not acknowledge (its answer was lost) is repeated after so long, "
        "three times in all. One that it acknowledged is never repeated: it has taken the host",
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = False

    def longest(self) -> timedelta:
        return self.time_limit

    def faults(self, allowed: Allowed) -> Iterator[tuple[str, str]]:
        if text := fault_of(self.url, allowed):
            yield "maintenance.url", text
