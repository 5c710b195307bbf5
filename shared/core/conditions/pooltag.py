"""The condition that the host pool has a tag, or does not have it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.core.access.allowed import Allowed
from shared.core.conditions.asking import AskTags, Reply
from shared.core.values.described import described
from shared.core.values.resources import find


@dataclass(frozen=True, slots=True)
class PoolTag:
    """The host pool has a tag, or (`absent`) does not have it: so the owner of the pool can hold
    its maintenance."""

    kind: Literal["poolTag"] = "poolTag"
    name: str = described(
        "", "the tag's name, in any letter case", example="no-maintenance", most=512
    )
    equals: str | None = described(None, "its value; left out: any", most=256)
    absent: bool = described(False, "the tag must not be there")

    def faults(self, allowed: Allowed) -> Iterable[str]:
        if not self.name:
            yield "'name' is needed"

    def ask(self) -> AskTags:
        return AskTags()

    def why(self, reply: Reply) -> str:
        value = find(reply.tags, self.name)
        there = value is not None and self.equals in (None, value)
        if there is not self.absent:
            return ""
        wanted = self.name if self.equals is None else f"{self.name}={self.equals}"
        return f"the pool's tag {wanted} to be {'removed' if self.absent else 'set'}"
