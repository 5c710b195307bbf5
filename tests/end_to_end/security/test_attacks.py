"""The app as it is served by the vendor's worker, called by somebody who wants more than they may."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.parts import FAST, Parts, running
from local.scenes.one_drain import POOL, REQUEST
from shared.api.routes import ROUTES, Access
from tests.support import least_rights
from tests.support.callers.principals import headers_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

READERS_KEY = secrets.token_urlsafe(24)
FINANCE = "99999999-0000-0000-0000-00000000000f"
BY_KEY = {
    "KEY_NAMES": json.dumps({"reader": hashlib.sha256(READERS_KEY.encode()).hexdigest()}),
    "ACCESS": json.dumps([{"who": ["key:reader"], "role": "Drain.Read"}]),
}
BY_TOKEN = {
    "HTTP_AUTH": "appService",
    "WEBSITE_AUTH_ENABLED": "true",
    "DRAINS_PER_CALLER": "1",
    "ACCESS": json.dumps([{"who": [FINANCE], "role": "Drain.Admin", "pools": ["hp-other*"]}]),
}
ADMIN = headers_of("Drain.Admin")
CALLS = [route for route in ROUTES if route.access.role is not None]


@asynccontextmanager
async def served(folder: Path, settings: dict[str, str]) -> AsyncIterator[Parts]:
    async with running(Parts(folder, settings={**FAST, **settings}, key=READERS_KEY)) as made:
        await made.start_azurite()
        await made.start_sim(least_rights.estate(made.folder), 60.0)
        await made.start_app()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def keys(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    """With the key of a reader."""
    async with served(tmp_path_factory.mktemp("keys"), BY_KEY) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tokens(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    """What is sent here is what App Service authentication would send."""
    async with served(tmp_path_factory.mktemp("tokens"), BY_TOKEN) as made:
        yield made


async def call(
    parts: Parts, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None
) -> tuple[int, str]:
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    url = f"{parts.app_url}/api/{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers, data=data) as came,
    ):
        return came.status, await came.text()


def filled(path: str) -> str:
    for name in ("id", "name", "order", "token"):
        path = path.replace("{" + name + "}", "cancel" if name == "order" else "x")
    return f"{path}?hostPool={POOL}" if path == "overdue" else path


async def raw(parts: Parts, *lines: str, body: bytes = b"") -> bytes:
    """What no well-behaved client sends. The answer's first line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", parts.ports.app)
    sent = "\r\n".join([*lines, "Connection: close", f"Content-Length: {len(body)}", "", ""])
    writer.write(sent.encode("latin-1") + body)
    await writer.drain()
    first = await asyncio.wait_for(reader.readline(), 30)
    writer.close()
    return first


async def test_a_readers_key_reads_and_does_nothing_else(keys: Parts) -> None:
    sent = {"x-functions-key": READERS_KEY}
    assert (await call(keys, "GET", "drains", sent))[0] == 200
    for route in CALLS:
        status, text = await call(keys, route.method, filled(route.path), sent, {})
        if route.access is Access.READ:
            assert status != 403, route.name
        else:
            assert (status, "RoleMissing" in text) == (403, True), route.name


async def test_where_authentication_is_off_a_principal_in_the_headers_is_nothing(
    keys: Parts,
) -> None:
    sent = {**ADMIN, "x-functions-key": READERS_KEY, "x-ms-client-principal-idp": "aad"}
    assert (await call(keys, "POST", "drains", sent, REQUEST))[0] == 403
    assert (await call(keys, "GET", "drains", ADMIN))[0] == 401
    _, me = await call(keys, "GET", "me", sent)
    assert json.loads(me)["name"] == "function key 'reader'"
    assert [each["role"] for each in json.loads(me)["may"]] == ["Drain.Read"]


async def test_a_second_key_does_not_hide_the_first(keys: Parts) -> None:
    first = await raw(
        keys, "POST /api/drains HTTP/1.1", "Host: x", f"x-functions-key: {READERS_KEY}", "x-functions-key: another",
        body=json.dumps(REQUEST).encode(),
    )  # fmt: skip
    assert b" 401 " in first
    twice = f"drains?code={READERS_KEY}&code=another"
    assert (await call(keys, "POST", twice, {}, REQUEST))[0] == 401
    both = {"x-functions-key": READERS_KEY}
    assert (await call(keys, "POST", "drains?code=another", both, REQUEST))[0] == 403
    assert (await call(keys, "POST", f"drains?CODE={READERS_KEY}", {}, REQUEST))[0] == 401


async def test_a_name_that_a_caller_gives_itself_is_told_as_said(keys: Parts) -> None:
    sent = {"x-functions-key": READERS_KEY, "X-Caller-Name": "the board"}
    _, me = await call(keys, "GET", "me", sent)
    assert json.loads(me)["name"] == "function key 'reader', says to be 'the board'"
    forged = {**sent, "X-Caller-Name": "x', says to be 'function key 'admin"}
    assert (await call(keys, "GET", "me", forged))[0] == 400


async def test_no_spelling_of_an_address_goes_round_the_role(keys: Parts) -> None:
    body = json.dumps(REQUEST).encode()
    key = f"x-functions-key: {READERS_KEY}"
    for target in (
        "/api/drains/", "//api/drains", "/API/DRAINS", "/api//drains", "/api/./drains", "/api/board/../drains",
        "/api/%64rains", "/api/drains%2f", "/api/drains;x=1", "/api/drains?", "/api/openapi.json/../drains",
    ):  # fmt: skip
        first = await raw(keys, f"POST {target} HTTP/1.1", "Host: x", key, body=body)
        assert first.split()[1] in (b"400", b"403", b"404", b"405"), (target, first)
    for header in (
        "X-HTTP-Method-Override: POST", "X-Original-URL: /api/drains", "X-Rewrite-URL: /api/drains", "X-Forwarded-Prefix: /",
    ):  # fmt: skip
        first = await raw(keys, "GET /api/me HTTP/1.1", "Host: x", key, header, body=body)
        assert b" 200 " in first
    _, listed = await call(keys, "GET", "drains", {"x-functions-key": READERS_KEY})
    assert json.loads(listed)["value"] == []


async def test_nothing_that_is_sent_begins_a_line_of_the_log(keys: Parts) -> None:
    sent = {"x-functions-key": READERS_KEY}
    mark = "FORGED-LINE"
    for path in (
        f"drains?status=%0d%0a{mark}", f"drains/%0a{mark}", f"schedules/%0a{mark}", f"board/%0a{mark}",
        f"drains?%0a{mark}=1", f"overdue?hostPool=%0a{mark}", f"drains?$skipToken=%0a{mark}",
    ):  # fmt: skip
        status, _ = await call(keys, "GET", path, sent)
        assert status in (400, 404)
    said = keys.running["app"].said.read_text(errors="replace", encoding="utf-8").splitlines()
    assert not [line for line in said if line.startswith(mark)]


async def test_large_deep_and_odd_bodies_cost_little_and_say_why(keys: Parts) -> None:
    sent = {"x-functions-key": READERS_KEY}
    large = b'{"reason": "' + b"x" * 2_000_000 + b'"}'
    status, text = await call(keys, "POST", "events/simulate", sent, large)
    assert (status, "BodyTooLarge" in text) == (413, True), text[:500]
    many = {f"x{n}": 1 for n in range(60_003)}
    for body in (
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b"\xff" * 1000,
        json.dumps(many).encode(),
        b"9" * 900_000,
    ):
        status, text = await call(keys, "POST", "events/simulate", sent, body)
        assert status < 500
        assert len(text) < 60_000


async def test_without_a_token_nobody_comes_in(tokens: Parts) -> None:
    for headers in (
        {}, {"x-functions-key": READERS_KEY}, {"x-ms-client-principal-id": "1", "x-ms-client-principal-name": "anna"},
        {"x-ms-client-principal": "e30="}, {"X_MS_CLIENT_PRINCIPAL": ADMIN["x-ms-client-principal"]},
        {"Authorization": "Bearer x"}, {"Cookie": "AppServiceAuthSession=x"},
    ):  # fmt: skip
        for route in CALLS:
            status, _ = await call(tokens, route.method, filled(route.path), headers, {})
            assert status == 401, (route.name, headers)


async def test_a_second_principal_does_not_hide_the_first(tokens: Parts) -> None:
    reader = headers_of("Drain.Read")["x-ms-client-principal"]
    first = await raw(
        tokens, "POST /api/drains HTTP/1.1", "Host: x", f"x-ms-client-principal: {reader}",
        f"x-ms-client-principal: {ADMIN['x-ms-client-principal']}", body=json.dumps(REQUEST).encode(),
    )  # fmt: skip
    assert b" 401 " in first


async def test_each_role_may_what_it_may_and_no_more(tokens: Parts) -> None:
    for route in CALLS:
        role = route.access.role
        assert role is not None
        for held in ("Drain.Read", "Drain.Operate", "Drain.Admin", "drain.admin.x"):
            status, text = await call(
                tokens, route.method, filled(route.path), headers_of(held), {}
            )
            lacks = "RoleMissing" in text
            enough = held in ("Drain.Admin", role) or (
                held == "Drain.Operate" and role == "Drain.Read"
            )
            assert lacks is not enough, (route.name, held, status, text)
            assert (status == 403) is lacks, (route.name, held, status, text)


async def test_who_is_for_other_pools_sees_and_does_nothing_here(tokens: Parts) -> None:
    status, drain = await call(tokens, "POST", "drains", ADMIN, REQUEST)
    assert status == 202, drain
    id_ = json.loads(drain)["id"]
    ben = headers_of(groups=(FINANCE,), name="ben@contoso.example")
    for path in (f"drains?hostPool={POOL}", f"claims?hostPool={POOL}", "events"):
        status, text = await call(tokens, "GET", path, {**ben, "If-Match": "*"})
        assert (status, "HostPoolNotAllowed" in text) == (403, True), (path, text)
    for method, path in (
        ("GET", "drains/{}"), ("GET", "drains/{}/history"), ("GET", "drains/{}/result"),
        ("GET", "operations/{}"), ("POST", "drains/{}/cancel"),
    ):  # fmt: skip
        status, text = await call(tokens, method, path.format(id_), {**ben, "If-Match": "*"})
        nobodys = f"{id_[:-1]}{'0' if id_[-1] != '0' else '1'}"
        missing = await call(tokens, method, path.format(nobodys), {**ben, "If-Match": "*"})
        assert (status, text.replace(id_, "")) == (404, missing[1].replace(nobodys, "")), path
    for path in ("drains", "claims", "campaigns", "schedules"):
        assert json.loads((await call(tokens, "GET", path, ben))[1])["value"] == []
    status, text = await call(tokens, "POST", "drains", ADMIN, REQUEST | {"hosts": ["avd-fin-1"]})
    assert (status, "TooManyOpen" in text) == (429, True), text
    status, text = await call(tokens, "POST", f"drains/{id_}/cancel", {**ADMIN, "If-Match": "*"})
    assert status == 200, text


async def test_another_site_cannot_use_a_readers_session(tokens: Parts) -> None:
    sent = {**ADMIN, "Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    status, text = await call(tokens, "POST", "drains", sent, REQUEST)
    assert (status, "CrossSiteRequest" in text) == (403, True)
    async with aiohttp.ClientSession() as session:
        url = f"{tokens.app_url}/api/drains"
        async with session.options(url, headers={"Origin": "https://evil.example"}) as came:
            assert "Access-Control-Allow-Origin" not in came.headers
