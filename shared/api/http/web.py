"""A request and a response, without the types of a web framework."""

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
    """A request. ``headers`` has lower-case names. ``base`` is the address of the app, up to
    ``/api/``."""

    method: str
    base: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: Mapping[str, str]
    body: bytes = b""
    faults: tuple[Fault, ...] = ()
    """What is wrong with the query, and with the name that the caller gives itself."""
    caller: Caller = field(kw_only=True)

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def address(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """An absolute address of this app. ``path`` is relative to ``base``."""
        return f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Response:
    """A response. ``body`` is JSON, or a text of the media type ``kind``."""

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
    """The key that a repeated request has in common with the first. Empty: the caller sent none.
    Raises RequestRefusedError."""
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    if len(key) > LONGEST_KEY:
        text = f"an idempotency key of at most {LONGEST_KEY} characters"
        raise invalid((Fault("InvalidValue", "Idempotency-Key", text),))
    return key
