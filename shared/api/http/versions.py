"""Versions: a drain's orders, a campaign's orders and a schedule can be changed only by callers who
have read them.

One rule holds for all: a change needs ``If-Match`` with the ETag that was read, or ``*`` (RFC 9110,
13.1.1). Without it: 428. If the resource was changed since: 412. A new resource is made without it.
The ETag of a read has more than the version (``representations``): that part is not compared, and
neither is weakness.
"""

import base64

from shared.api.http.web import Request
from shared.errors import ANY, RefusalKind, RequestRefusedError

HASH = "."
"""Separates the version in an ETag from the part that is not compared. An encoded version never has
it."""


def etag(version: str) -> str:
    return f'"{base64.urlsafe_b64encode(version.encode()).decode()}"'


def required_version(request: Request, what: str) -> str:
    """The version in ``If-Match``; ``*`` for any. Raises RequestRefusedError if there is none."""
    if not request.header("if-match").strip():
        text = f"send If-Match with the ETag of the {what} as you read it, or * if you don't care"
        raise RequestRefusedError(
            RefusalKind.UNCONDITIONAL, "PreconditionRequired", text, target="If-Match"
        )
    return version_of(request.header("if-match").strip())


def version_of(tag: str) -> str:
    """The version in an ETag. If the ETag is malformed, a version that nothing has."""
    if tag == ANY:
        return tag
    try:
        version = tag.removeprefix("W/").strip('"').partition(HASH)[0]
        return base64.urlsafe_b64decode(version.encode()).decode()
    except ValueError:
        return ""
