"""How a response is sent: its ETag, 304 for callers who have it already, gzip for callers who
accept it.

One rule holds for all addresses. The ETag of a GET changes with anything shown: it is weak, and
made from the body. If the resource is changed by version (``versions``), the version stands before
it, with a dot between. ``If-None-Match`` compares the whole, ``If-Match`` only the version: a drain
progresses every few seconds, but an order conflicts only with other orders.
"""

import base64
import gzip
import hashlib
from dataclasses import dataclass

from shared.api.http.versions import HASH
from shared.api.http.web import Request, Response

SMALLEST = 1024
"""The smallest body that is compressed, in bytes. A smaller one fits into one packet as it is."""
_LEVEL = 5
_KEPT_IN_304 = frozenset({"etag", "retry-after", "x-ms-client-request-id", "cache-control", "vary"})


@dataclass(frozen=True, slots=True)
class Representation:
    status: int
    body: bytes
    headers: dict[str, str]


def representation(request: Request, response: Response) -> Representation:
    """What is sent for a response."""
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
    """Whether the header has the tag. The comparison is weak (RFC 9110, 13.1.2)."""
    return any(each.strip().removeprefix("W/") in ("*", tag[2:]) for each in header.split(","))


def takes_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` header accepts gzip (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, rest = part.partition(";")
        _, _, weight = rest.partition("=")
        try:
            weights[name.strip()] = float(weight) if weight.strip() else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0
