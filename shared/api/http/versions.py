"""What may be changed only by who has read it: a drain's orders, a campaign's, a schedule.

One rule for all: whoever changes what is there sends ``If-Match`` with the ETag as it was read, or
``*`` (RFC 9110, 13.1.1). Without it: 428; if it was changed since: 412. What is not there yet is
made without. An ETag that came with what was read says more than the version (``representations``):
that part is not compared, and neither is whether it is weak.
"""

import base64

from shared.api.http.web import Request
from shared.errors import ANY, RefusalKind, RequestRefusedError

HASH = "."
"""Before the part of an ETag that is not compared; no version has it, as it is written."""


def etag(version: str) -> str:
    return f'"{base64.urlsafe_b64encode(version.encode()).decode()}"'


def required_version(request: Request, what: str) -> str:
    """The version that ``If-Match`` names: ``*`` for any. Raises RequestRefusedError without one."""
    if not request.header("if-match").strip():
        text = f"send If-Match with the ETag of the {what} as you read it, or * if you don't care"
        raise RequestRefusedError(
            RefusalKind.UNCONDITIONAL, "PreconditionRequired", text, target="If-Match"
        )
    return version_of(request.header("if-match").strip())


def version_of(tag: str) -> str:
    """The version that an ETag names; nothing that exists for what is none."""
    if tag == ANY:
        return tag
    try:
        version = tag.removeprefix("W/").strip('"').partition(HASH)[0]
        return base64.urlsafe_b64decode(version.encode()).decode()
    except ValueError:
        return ""
