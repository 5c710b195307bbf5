"""A request and a response, without any web framework's types."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` are looked up in lower case; ``url`` is the absolute one that was called."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    path: Mapping[str, str]
    body: bytes = b""

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def address(self, path: str) -> str:
        """An absolute address under this app's ``/api``."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/api/{path}"


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)
