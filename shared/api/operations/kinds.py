"""What one address is: what it is called, what it takes, what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """In the query or a header. ``kind`` is a JSON schema."""

    name: str
    meaning: str
    where: str = "query"
    kind: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False
    advanced: bool = False
    """A designer shows it only to who asks for more."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method on one path does. ``answers``: shape by status; beside them every operation
    may answer the errors in ``errors``."""

    id: str
    method: str
    path: str
    summary: str
    meaning: str
    answers: Mapping[int, Any]
    errors: tuple[int, ...] = ()
    body: type[Any] | None = None
    optional_body: bool = False
    example: Any = None
    parameters: tuple[Parameter, ...] = ()
    headers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Headers of an answer, by status."""
    keyed: bool = True
    """Whether it needs the function key."""
    polls: bool = False
    """202 until it is over: a designer's asynchronous pattern."""
