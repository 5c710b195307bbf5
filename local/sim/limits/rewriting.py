"""Rewrites responses: makes the service say what it does not usually say.

Places are JSON pointers. In a list, ``*`` is every item, a number is one item, and a name is the
items whose ``id`` or ``name`` has that part, such as ``/value/avd-fin-1/properties/resourceId``.
"""

import json
from copy import deepcopy
from dataclasses import field
from typing import Annotated, Any

from aiohttp import web
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.dataclasses import dataclass

Place = Annotated[str, Field(pattern="^/")]
_OWN = ("content-type", "content-length", "transfer-encoding")


@dataclass(config=ConfigDict(extra="forbid", alias_generator=to_camel), kw_only=True)
class Rewriting:
    set: dict[Place, Any] = field(default_factory=dict)
    remove: list[Place] = field(default_factory=list)
    repeat: list[Place] = field(default_factory=list)
    """The items of lists that are repeated."""
    raw: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int | None = None

    def rewrite(self, answer: web.Response) -> web.Response:
        headers = {k: v for k, v in answer.headers.items() if k.lower() not in _OWN}
        body = answer.body if isinstance(answer.body, bytes) else b""
        if self.raw is not None:
            body = self.raw.encode()
        elif self.set or self.remove or self.repeat:
            body = json.dumps(self.reshaped(json.loads(body or b"{}"))).encode()
        return web.Response(
            status=self.status or answer.status,
            body=body,
            headers={**headers, "Content-Type": "application/json", **self.headers},
        )

    def reshaped(self, body: Any) -> Any:
        for place, value in self.set.items():
            for within, key in _places(body, place):
                if isinstance(within, dict) or key < len(within):
                    within[key] = deepcopy(value)
        for place in self.remove:
            for within, key in reversed(_places(body, place)):
                if isinstance(within, list) or key in within:
                    del within[key]
        for place in self.repeat:
            for within, key in reversed(_places(body, place)):
                if isinstance(within, list):
                    within.append(deepcopy(within[key]))
        return body


def _places(body: Any, place: str) -> list[tuple[Any, Any]]:
    """The containers of a place, each with the key or index in it. There are several if a part is
    ``*``."""
    *way, last = place[1:].split("/")
    held = [body]
    for part in way:
        held = [one[key] for one in held for key in _keys(one, part) if _has(one, key)]
    return [(one, key) for one in held for key in _keys(one, last)]


def _has(one: Any, key: Any) -> bool:
    return isinstance(one, list) or key in one


def _keys(one: Any, part: str) -> list[Any]:
    if isinstance(one, dict):
        return [part]
    if not isinstance(one, list):
        return []
    if part.isdigit():
        return [int(part)] if int(part) < len(one) else []
    return [n for n, item in enumerate(one) if part == "*" or _named(item, part.lower())]


def _named(item: Any, name: str) -> bool:
    if not isinstance(item, dict):
        return False
    parts = f"{item.get('id')}/{item.get('name')}".lower().split("/")
    return any(name in (part, part.split(".", 1)[0]) for part in parts)
