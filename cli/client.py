"""Calls of the app over HTTP."""

import gzip
import http.client
import json
import math
import ssl
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from cli.errors import CommandError, Exit, refusal
from cli.signin import Target

_TIMEOUT = 60.0
_LONGEST_PAUSE = 60.0
_PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds between tries, where a call may be repeated and nothing was said about when."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]  # names in lower case

    def pause(self, otherwise: float) -> float:
        """Seconds until asking again may show something new."""
        try:
            told = float(self.headers["retry-after"])
        except (KeyError, ValueError):
            return otherwise
        return min(max(told, 0.1), _LONGEST_PAUSE) if math.isfinite(told) else otherwise


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would take the key to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Client:
    def __init__(
        self,
        target: Target,
        sleep: Callable[[float], None] = time.sleep,
        note: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``note`` is told why the caller has to wait."""
        self._target = target
        self.sleep = sleep
        self.note = note
        handlers: list[Any] = [_NoRedirect()]
        if target.is_loopback:  # a proxy would read the key
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        query: Mapping[str, str | None] | None = None,
        repeat: bool | None = None,
        text: bool = False,
    ) -> Answer:
        """One answer of 2xx, or 304 to who sends ``If-None-Match``. GETs, and what says ``repeat``, are tried again while the app is away.
        Its body is JSON, unless Markdown may come as well (``text``).

        Raises :class:`CommandError` with every fault that the app names.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        url = f"{self._target.base}/api/{path}" + (f"?{urlencode(asked)}" if asked else "")
        for pause in _PAUSES if (repeat if repeat is not None else method == "GET") else ():
            try:
                answer = self._once(method, url, body, headers)
            except CommandError as error:
                if error.code is not Exit.UNREACHABLE:
                    raise
                self._rest(error.lines[0], pause)
                continue
            if not _passes(answer):
                return _good(answer, text)
            self._rest(refusal(answer.status, answer.body).lines[0], answer.pause(pause))
        return _good(self._once(method, url, body, headers), text)

    def _rest(self, why: str, seconds: float) -> None:
        self.note(f"{why}; asking again in {seconds:.0f} s")
        self.sleep(seconds)

    def follow(self, address: str) -> Answer:
        """An address that the app gave, asked at ``--url``: the key goes nowhere else."""
        try:
            parts = urlsplit(address)
        except ValueError:
            raise LookupError("an address that is none") from None
        path = parts.path.rsplit("/api/", 1)[-1]
        return self.call("GET", path + (f"?{parts.query}" if parts.query else ""))

    def pages(self, path: str, query: Mapping[str, str | None], top: int | None) -> list[Any]:
        """The first ``top`` items of a list, or all."""
        answer = self.call("GET", path, query=query)
        found, seen = list(answer.body["value"]), set[str]()
        while (after := answer.body.get("nextLink")) and (top is None or len(found) < top):
            if after in seen:
                raise LookupError("pages that lead in a circle")
            seen.add(after)
            answer = self.follow(after)
            found += answer.body["value"]
        return found[:top]

    def _once(self, method: str, url: str, body: Any, headers: dict[str, str] | None) -> Answer:
        told = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **self._target.headers(),
            **(headers or {}),
        }
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            told["Content-Type"] = "application/json"
        request = urllib.request.Request(url, data, told, method=method)  # noqa: S310
        try:
            with self._opened(request) as response:
                return _read(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException, ssl.SSLError) as error:
            why = getattr(error, "reason", None) or error
            text = f"{self._target.base} is not reachable: {why}"
            raise CommandError(Exit.UNREACHABLE, text) from None

    def _opened(self, request: urllib.request.Request) -> Any:
        """An answer, whatever its status."""
        try:
            return self._opener.open(request, timeout=_TIMEOUT)
        except urllib.error.HTTPError as error:
            return error


def _passes(answer: Answer) -> bool:
    """Whether it may be another answer in a moment. A 429 in the app's own words is a limit that ends when something
    else does: it is told, and not waited for."""
    if answer.status == 429:
        return not (isinstance(answer.body, dict) and "error" in answer.body)
    return answer.status in (500, 502, 503, 504)


def segment(text: str) -> str:
    """One part of a path: an id or a name, whatever it holds."""
    return quote(text, safe="")


def _read(status: int, headers: Any, data: bytes) -> Answer:
    told = {name.lower(): value for name, value in headers.items()}
    if told.get("content-encoding") == "gzip":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            raise CommandError(Exit.UNREACHABLE, "the app's answer broke off") from None
    text = data.decode("utf-8", "replace")
    if status == 304 or "json" not in told.get("content-type", ""):
        return Answer(status, text, told)
    try:
        return Answer(status, json.loads(text), told)
    except (ValueError, RecursionError):
        raise CommandError(
            Exit.UNREACHABLE, f"the app answered {status} with broken JSON"
        ) from None


def _good(answer: Answer, text_too: bool) -> Answer:
    if answer.status >= 400:
        raise refusal(answer.status, answer.body)
    if answer.status == 304:  # as it was: its caller has said what it knows
        return answer
    if not 200 <= answer.status < 300:
        text = f"the app answered {answer.status}, which leads elsewhere: is --url its address?"
        raise CommandError(Exit.UNREACHABLE, text)
    markdown = text_too and answer.headers.get("content-type", "").startswith("text/markdown")
    if "json" not in answer.headers.get("content-type", "") and not markdown:
        raise CommandError(Exit.UNREACHABLE, "what answered is not the app: is --url its address?")
    return answer
