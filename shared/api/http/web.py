"""A request and a response, without any web framework's types."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from shared.api.http.callers import Caller
from shared.errors import Fault, invalid

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` are looked up in lower case; ``base`` is where the app is called, up to
    ``/api/``."""

    method: str
    base: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: Mapping[str, str]
    body: bytes = b""
    faults: tuple[Fault, ...] = ()
    """What is wrong with its query, and how its caller names itself."""
    caller: Caller = field(kw_only=True)

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def address(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """An absolute address of this app."""
        return f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Response:
    """``body`` is JSON, or (with a ``kind``) a text of that media type."""

    status: int
    body: Mapping[str, Any] | str
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"

    @property
    def text(self) -> str:
        return (
            self.body if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False)
        )


def dry_run(request: Request) -> bool:
    return request.query.get("dryRun", "").lower() == "true"


def idempotency_key(request: Request) -> str:
    """What a repeated request has in common with the first; empty if its caller gave nothing. Raises
    RequestRefusedError."""
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    if len(key) > LONGEST_KEY:
        text = f"an idempotency key of at most {LONGEST_KEY} characters"
        raise invalid((Fault("InvalidValue", "Idempotency-Key", text),))
    return key
