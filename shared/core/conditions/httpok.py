"""The condition that an address answers 200."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from shared.core.access.allowed import Allowed, fault_of
from shared.core.conditions.asking import AskAddress, Reply
from shared.core.values.described import described


@dataclass(frozen=True, slots=True)
class HttpOk:
    """An address answers a GET with 200: a switch of your own."""

    kind: Literal["httpOk"] = "httpOk"
    url: str = described(
        "",
        "its host name must be allowed by the setting `WEBHOOK_HOSTS`. It is never shown again: it "
        "may hold a secret",
        example="https://prod-1.westeurope.logic.azure.com/workflows/…",
        most=2000,
        secret=True,
    )

    def faults(self, allowed: Allowed) -> Iterable[str]:
        if text := fault_of(self.url, allowed):
            yield text

    def ask(self) -> AskAddress:
        return AskAddress(self.url)

    def why(self, reply: Reply) -> str:
        if reply.status == 200:
            return ""
        return f"{urlsplit(self.url).hostname} to answer 200; it answers {reply.status}"
