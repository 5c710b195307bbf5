"""Paging of lists: ``$top`` is the most items of a page, ``$skipToken`` says where it begins, and
``nextLink`` is the address of the next page, absent on the last."""

import base64
import binascii
from collections.abc import Sequence

from shared.api.http.web import Request, Response
from shared.errors import Fault, invalid
from shared.ports import Page

MOST = 200
_LONGEST = 2000
_KEPT = ("hostPool", "status", "$filter", "$top")
"""The parameters that the address of the next page repeats."""


def page_asked(request: Request) -> tuple[int, str | None]:
    """The most items of the page, and the token where it begins (None: at the start)."""
    text = request.query.get("$skipToken", "")
    return int(request.query.get("$top", "50")), token_of(text) if text else None


def is_top(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= MOST


def token_of(text: str) -> str:
    """The token in a ``$skipToken``. Raises ValueError for a text that no list has given."""
    try:
        token = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        token = ""
    if not token.isprintable() or not 0 < len(token) <= _LONGEST:
        raise ValueError("not a token of this list")
    return token


def listed[T](request: Request, path: str, page: Page[T], items: Sequence[object]) -> Response:
    """A page of a list as a response. ``path`` is the address of the list."""
    body: dict[str, object] = {"value": list(items)}
    if page.next is not None:
        kept = {k: v for k, v in request.query.items() if k in _KEPT}
        kept["$skipToken"] = base64.urlsafe_b64encode(page.next.encode()).decode()
        body["nextLink"] = request.address(path, kept)
    return Response(200, body)


def part_of[T](items: Sequence[T], most: int, token: str | None) -> Page[T]:
    """A page of a list that is in memory as a whole. The token is a position in the list. Raises
    RequestRefusedError."""
    if token and not (token.isascii() and token.isdigit() and len(token) <= 9):
        raise invalid((Fault("InvalidValue", "$skipToken", "not a token of this list"),))
    start = int(token or "0")
    more = str(start + most) if start + most < len(items) else None
    return Page(tuple(items[start : start + most]), more)
