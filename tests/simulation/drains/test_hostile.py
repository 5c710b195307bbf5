"""Hostile and enormous inputs at every address of the one table: nothing of it is more than a refusal, and no refusal is long."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import azure.functions as func
import pytest

from shared.api.routes import NAMED, ROUTES, Route
from shared.settings.settings import load
from shared.triggers.requests import respond
from shared.wire.bodies import LARGEST
from tests.simulation.drains.test_reach import estate
from tests.support.night.night import Night
from tests.unit.settings.test_settings import GOOD

SETTINGS = load(GOOD)
KEY = {"x-functions-key": "k"}
LONG = "x" * 100_000
TEXTS = (
    "", " ", "..", "../..", "%2e%2e", "a/b", "a\\b", "#?", "'", "' or 1 eq 1 or '", '"', "|", "~", "\x00", "\r\nX-Evil: 1",
    "\ufeff", "\u202e", "é", "𝔘" * 50, "-1", "1e999", "9" * 5000, "null", "*", "[a-z]", "(a+)+$", "{0}", "%s", LONG,
    "campaign-", "campaign-" + "0" * 64, "hp-one-4448b7ec7c-ca978112ca", "P99999999999999999999Y", "P1D", "-P1D",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-24T22:00:00", "/subscriptions/x", "phase eq '" + LONG + "'",
    "not " * 3000 + "x", "(" * 3000, "AAAA", "Li4vLi4=", "fA==",
)  # fmt: skip
"""In the place of any parameter of a path or a query, or of a header. The host hands on texts as UTF-8, so no half of a
surrogate pair comes there."""


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


BODIES: tuple[bytes, ...] = (
    b"", b" ", b"null", b"1", b"[]", b'"x"', b"{", b"\xff\xfe", b"\xef\xbb\xbf{}", b"\x00", b"{}", b'{"a": NaN}', b'{"a": 1e999}',
    b'{"a": ' + b"9" * 100_000 + b"}", b'{"a": "\\ud800"}', b'{"\\ud800": 1}', b'{"a": "\\u0000"}', b'{"a": 1, "a": 2}',
    nested(100_000), b"[" * 500_000, b'{"hosts": [' + b"[" * 2000 + b"]" * 2000 + b"]}",
    json.dumps({f"x{n}": n for n in range(50_000)}).encode(), json.dumps({"a" * 500_000: "b"}).encode(),
    json.dumps({"reason": LONG * 5, "hosts": ["h" * 1000] * 900}).encode(), b"x" * (LARGEST + 1),
)  # fmt: skip


def spoiled(body: Any) -> Iterator[Any]:
    """A body that is right, with each of its values in turn replaced by what it cannot be."""
    odd: tuple[Any, ...] = (
        None,
        True,
        -1,
        10**400,
        1.5e300,
        "\x00",
        "\r\n",
        LONG[:20_000],
        [],
        [[]],
        ["x"] * 3000,
        {},
        {"x": {}},
        {"kind": "x"},
    )
    if isinstance(body, dict):
        for key, value in body.items():
            yield from ({**body, key: each} for each in odd)
            yield from ({**body, key: each} for each in spoiled(value))
    elif isinstance(body, list):
        for place, value in enumerate(body[:2]):
            yield from ([*body[:place], each, *body[place + 1 :]] for each in spoiled(value))


async def call(
    night: Night,
    route: Route,
    path: dict[str, str],
    query: dict[str, str],
    body: bytes,
    **more: str,
) -> func.HttpResponse:
    url = f"https://app.example/api/{route.path}"
    if query:
        url += "?" + urlencode(query, errors="surrogatepass")
    headers = {**KEY, "If-Match": "*", **more}
    request = func.HttpRequest(
        route.method, url, headers=headers, params=query, route_params=path, body=body
    )
    return await respond(SETTINGS, lambda: night.process.outside, route, request)


def good(came: func.HttpResponse, what: object) -> None:
    text = came.get_body()
    assert came.status_code < 500, (came.status_code, what, text[:500])
    assert came.status_code < 400 or len(text) < 450_000, (what, len(text))
    for name, value in came.headers.items():
        assert value.isprintable(), (name, what)
    if came.status_code >= 400 and came.status_code != 401:
        assert json.loads(text)["error"]["code"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_whatever_stands_in_a_path_or_a_query_is_refused_or_answered(route: Route) -> None:
    night, paths, bodies = await estate()
    body = json.dumps(bodies.get(route.name, {})).encode()
    known = paths.get(route.name, {})
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    for text in TEXTS:
        for name in names:
            path = {each: known.get(each, "x") for each in names} | {name: text}
            good(await call(night, route, path, {}, body), (name, text[:60]))
        for name in (*route.query, "api-version", "code", text):
            path = {each: known.get(each, "x") for each in names}
            good(await call(night, route, path, {name: text}, b""), (name[:60], text[:60]))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
async def test_whatever_the_body_is_it_is_refused_or_answered(route: Route) -> None:
    night, paths, _ = await estate()
    path = (
        paths.get(route.name, {})
        | {"token": "x", "file": "x", "order": "extend", "id": "x", "name": "x"}
        | paths.get(route.name, {})
    )
    for body in BODIES:
        good(await call(night, route, path, {}, body), body[:60])


@pytest.mark.parametrize(
    "name",
    ["start_drain", "start_campaign", "put_schedule", "subscribe", "hear_alert", "simulate_event"],
)
async def test_whatever_a_value_of_a_body_is_it_is_refused_or_answered(name: str) -> None:
    night, paths, bodies = await estate()
    for each in spoiled(bodies[name]):
        text = json.dumps(each).encode()
        good(await call(night, NAMED[name], paths.get(name, {}), {}, text), text[:300])


@pytest.mark.parametrize(
    "name",
    [
        "Idempotency-Key",
        "Repeatability-Request-ID",
        "If-Match",
        "If-None-Match",
        "x-caller-name",
        "traceparent",
        "x-ms-client-request-id",
        "Accept-Encoding",
        "X-Forwarded-Host",
        "Host",
        "Sec-Fetch-Site",
        "x-ms-client-principal",
    ],
)
async def test_whatever_a_header_is_it_is_refused_or_answered(name: str) -> None:
    night, paths, bodies = await estate()
    for text in TEXTS:
        for what in ("start_drain", "order_drain", "show_drain", "start_campaign"):
            body = json.dumps(bodies.get(what, {})).encode()
            good(
                await call(night, NAMED[what], paths.get(what, {}), {}, body, **{name: text}),
                (what, text[:60]),
            )
