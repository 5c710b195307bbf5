"""The questions that conditions can ask outside the app, and the reply."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AskGraph:
    """A query of Azure Resource Graph in the pool's subscription."""

    query: str


@dataclass(frozen=True, slots=True)
class AskTags:
    """Ask for the tags of the host pool."""


@dataclass(frozen=True, slots=True)
class AskAddress:
    """GET an address and return its HTTP status."""

    url: str = field(repr=False)


Ask = AskGraph | AskTags | AskAddress


@dataclass(frozen=True, slots=True)
class Reply:
    """The ``rows`` of a query, the ``tags``, or the HTTP ``status`` of an address. ``trouble``: why
    there is no reply; empty if there is one."""

    rows: tuple[Mapping[str, str], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    trouble: str = ""


def literal(text: str) -> str:
    """The text as a KQL string literal. No character in it can end the string."""
    kept = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(c for c in kept if c >= " ") + "'"
