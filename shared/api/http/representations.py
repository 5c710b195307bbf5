"""How an answer travels: its ETag, 304 for who has it already, gzip for who takes it.

One rule for all addresses. The ETag of what is read changes with whatever is shown: it is weak, and made
of the body. Where what is read is ordered or changed by version (``versions``), that version stands
in front of it, before a dot. ``If-None-Match`` compares the whole, ``If-Match`` the version only: a drain
moves on by itself every few seconds, and whoever gives an order means what others have ordered.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass

from shared.api.http.versions import HASH
from shared.api.http.web import Request, Response

SMALLEST = 1024
"""Bytes: less than that fits into a packet as it is."""
_LEVEL = 5
_KEPT_IN_304 = frozenset({"etag", "retry-after", "x-ms-client-request-id", "cache-control", "vary"})


@dataclass(frozen=True, slots=True)
class Representation:
    status: int
    body: bytes
    headers: dict[str, str]


def representation(request: Request, response: Response) -> Representation:
    """What is sent for an answer."""
    body = response.text.encode()
    headers = {
        "Content-Type": f"{response.kind}; charset=utf-8",
        "Vary": "Accept-Encoding",
        **response.headers,
    }
    if request.method == "GET" and response.status == 200:
        tag = _etag(headers.get("ETag", ""), body)
        headers = {"Cache-Control": "private, no-cache", **headers, "ETag": tag}
        if _has(request.header("if-none-match"), tag):
            kept = {k: v for k, v in headers.items() if k.lower() in _KEPT_IN_304}
            return Representation(304, b"", kept)
    if len(body) >= SMALLEST and takes_gzip(request.header("accept-encoding")):
        body = gzip.compress(body, _LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Representation(response.status, body, headers)


def _etag(version: str, body: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:15]).decode()
    return f'W/"{version.strip('"')}{HASH if version else ""}{digest}"'


def _has(header: str, tag: str) -> bool:
    """Weakly compared (RFC 9110, 13.1.2)."""
    return any(each.strip().removeprefix("W/") in ("*", tag[2:]) for each in header.split(","))


def takes_gzip(header: str) -> bool:
    """Whether ``Accept-Encoding`` asks for it (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, rest = part.partition(";")
        _, _, weight = rest.partition("=")
        try:
            weights[name.strip()] = float(weight) if weight.strip() else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0
