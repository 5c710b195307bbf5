"""What a condition can ask of the outside, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AskGraph:
    """A query of Azure Resource Graph, over the pool's subscription."""

    query: str


@dataclass(frozen=True, slots=True)
class AskTags:
    """The host pool's own tags."""


@dataclass(frozen=True, slots=True)
class AskAddress:
    """GET an address: its status."""

    url: str = field(repr=False)


Ask = AskGraph | AskTags | AskAddress


@dataclass(frozen=True, slots=True)
class Reply:
    """``rows`` of a query, ``tags``, or the ``status`` of an address. ``trouble``: why there is no
    answer."""

    rows: tuple[Mapping[str, str], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    trouble: str = ""


def literal(text: str) -> str:
    """A text as a string in a query: nothing in it ends the string."""
    kept = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(c for c in kept if c >= " ") + "'"
