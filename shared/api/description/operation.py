"""What one address is in words: what it is called, what it takes, what it may answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.api.description.parameters import IF_NONE_MATCH, PATH, QUERY, VERSION, Parameter
from shared.api.routes import NAMED, Access, Route


@dataclass(frozen=True, slots=True)
class Operation:
    """What one route does, or one of the orders that a route takes. ``answers``: shape by status;
    beside them it may answer the errors in ``errors``."""

    id: str
    of: str
    """The route's name."""
    summary: str
    meaning: str
    answers: Mapping[int, Any]
    errors: tuple[int, ...] = ()
    body: type[Any] | None = None
    optional_body: bool = False
    example: Any = None
    parameters: tuple[Parameter, ...] = ()
    """Headers; and parameters of the query that mean here what they mean nowhere else."""
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Headers of an answer, by status."""
    order: str = ""
    """Which, where the route takes several."""
    polls: bool = False
    """202 until it is over: a designer's asynchronous pattern."""

    @property
    def route(self) -> Route:
        return NAMED[self.of]

    @property
    def method(self) -> str:
        return self.route.method

    @property
    def path(self) -> str:
        return self.route.path.replace("{order}", self.order)

    @property
    def keyed(self) -> bool:
        return self.route.access is not Access.ANYBODY

    def takes(self) -> list[Parameter]:
        """All that it takes beside a body."""
        own = {each.name: each for each in self.parameters}
        in_path = re.findall(r"\{(\w+)\}", self.path)
        found = [Parameter(name, PATH[name], "path", required=True) for name in in_path]
        found += [own.pop(name, QUERY[name]) for name in self.route.query]
        found += [IF_NONE_MATCH] if self.method == "GET" else []
        return [*found, *own.values(), VERSION]


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())
