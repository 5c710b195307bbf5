"""What addresses take in their queries, paths and headers, and which headers come with an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.api.http.paging import MOST
from shared.api.http.queries import VERSIONS
from shared.api.http.web import LONGEST_KEY


@dataclass(frozen=True, slots=True)
class Parameter:
    """In the query, the path or a header. ``kind`` is a JSON schema."""

    name: str
    meaning: str
    where: str = "query"
    kind: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False
    advanced: bool = False
    """A designer shows it only to who asks for more."""


VERSION = Parameter(
    "api-version", "the version of this API", kind={"type": "string", "enum": list(VERSIONS)},
    advanced=True,
)  # fmt: skip
QUERY = {
    each.name: each
    for each in (
        Parameter("dryRun", "say what it would do, and touch nothing", kind={"type": "boolean"}),
        Parameter("hostPool", "only of the host pool with this resource id"),
        Parameter("status", "only with this status"),
        Parameter("since", "a time, or how long ago, such as P30D (the default)"),
        Parameter("at", "the run's moment; left out: the last one that has a report"),
        Parameter("format", "`markdown` for a text to read"),
        Parameter("$filter", "only those hosts: `phase eq 'draining'`, `phase in ('empty', 'failed')`, "
                  "`attention ne null`, joined by `and`"),
        Parameter("$top", "how many at most",
                  kind={"type": "integer", "minimum": 1, "maximum": MOST}),
        Parameter("$skipToken", "where the next page begins; `nextLink` has it", advanced=True),
    )
}  # fmt: skip
PATH = {
    "id": "the id, as it was answered",
    "token": "what the address that was given to the webhook ends with",
    "name": "the name",
}
_KEY = {"type": "string", "maxLength": LONGEST_KEY}
IDEMPOTENT = (
    Parameter("Idempotency-Key",
              "a repeated request with the same key finds what the first one started; with another "
              "body it is refused", "header", _KEY),
    Parameter("Repeatability-Request-ID",
              "the same, in the words of the Microsoft REST guidelines; of both, it is the one that "
              "counts", "header", _KEY, advanced=True),
)  # fmt: skip


def if_match(what: str, *, required: bool = True) -> Parameter:
    when = "" if required else "; needed to replace one, and not sent for a new one"
    text = f"the {what}'s ETag as it was read, or *{when}"
    return Parameter("If-Match", text, "header", required=required)


IF_NONE_MATCH = Parameter(
    "If-None-Match", "the ETag of what is known already: it is not sent again", "header",
    advanced=True,
)  # fmt: skip
WATCH = ("Location", "Operation-Location", "Retry-After", "ETag")
HEADERS = {
    "Location": ("where to wait for the end", {"type": "string", "format": "uri"}),
    "Operation-Location": ("the status monitor", {"type": "string", "format": "uri"}),
    "Retry-After": ("seconds after which to ask again", {"type": "integer"}),
    "ETag": ("names what is shown: for If-None-Match, and for If-Match", {"type": "string"}),
    "x-ms-error-code": ("the code of the error", {"type": "string"}),
}
