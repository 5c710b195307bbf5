"""The callers that most users have: a Logic App that polls or subscribes, azure-core's pollers."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from azure.core import AsyncPipelineClient
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline.policies import HeadersPolicy, RequestIdPolicy
from azure.core.polling import AsyncLROPoller
from azure.core.polling.async_base_polling import AsyncLROBasePolling
from azure.core.rest import AsyncHttpResponse, HttpRequest

from local.client import Client
from local.parts import Parts, free_port
from local.scenes.one_drain import POOL, REQUEST
from tests.end_to_end.conftest import CheckedClient, served
from tests.support.wait import until

QUICK: dict[str, Any] = {
    **REQUEST,
    "hosts": ["avd-fin-3"],
    "policy": {"maxUnavailable": "100%", "maintenance": {"kind": "none"}},
}
HELD: dict[str, Any] = {
    **REQUEST,
    "hosts": ["avd-fin-3"],
    "policy": {"maxUnavailable": "100%", "maintenance": {"kind": "hold"}},
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with served(
        tmp_path_factory.mktemp("callers"), WEBHOOK_HOSTS="127.0.0.1,*.logic.azure.com"
    ) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def app(parts: Parts) -> AsyncIterator[Client]:
    """No drain is under way when a test begins."""
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as client:
        _, running, _ = await client.call("GET", "drains?$top=200")
        for drain in running["value"]:
            if drain["status"] in ("NotStarted", "Running"):
                await client.call("POST", f"drains/{drain['id']}/cancel", None, {"If-Match": "*"})

        async def quiet() -> bool | None:
            _, found, _ = await client.call("GET", "drains?$top=200")
            open_ = [d for d in found["value"] if d["status"] in ("NotStarted", "Running")]
            return None if open_ else True

        await until(quiet, "the end of the drains of other tests")
        yield client


async def polled(location: str) -> tuple[int, Any, int]:
    """As a Logic App polls: the address as it was given, nothing added; until it is no 202. The
    last answer, and how many there were."""
    answers = 0
    async with aiohttp.ClientSession() as session:

        async def ask() -> tuple[int, Any] | None:
            nonlocal location, answers
            answers += 1
            async with session.get(location) as came:
                assert "Retry-After" in came.headers or came.status != 202
                location = came.headers.get("Location", location)
                body = await came.json()
                return None if came.status == 202 else (came.status, body)

        status, body = await until(ask, "the end of the drain")
    return status, body, answers


async def test_a_logic_app_polls_to_the_end_with_nothing_but_the_address(
    app: Client, parts: Parts
) -> None:
    url = f"{parts.app_url}/api/drains?code={parts.key}"
    async with aiohttp.ClientSession() as session, session.post(url, json=QUICK) as came:
        assert came.status == 202
        location, monitor = came.headers["Location"], came.headers["Operation-Location"]
    assert parse_qs(urlsplit(location).query) == {"code": [parts.key]}
    assert parts.key not in monitor
    status, result, answers = await polled(location)
    assert (status, result["status"]) == (200, "Succeeded")
    assert answers > 1
    assert result["summary"] == {"done": 1}
    for name in ("app", "azurite", "sim"):
        assert parts.key not in parts.running[name].said.read_text(
            errors="replace", encoding="utf-8"
        )


async def test_a_key_in_a_header_does_not_travel(app: Client, parts: Parts) -> None:
    _, drain, headers = await app.call("POST", "drains", QUICK)
    assert "?" not in headers["location"]
    assert parts.key not in json.dumps([drain, headers])
    async with aiohttp.ClientSession() as session, session.get(headers["location"]) as came:
        assert came.status == 401


async def test_a_drain_that_was_canceled_ends_the_polling_with_an_error_that_says_why(
    app: Client, parts: Parts
) -> None:
    url = f"{parts.app_url}/api/drains?code={parts.key}"
    async with aiohttp.ClientSession() as session, session.post(url, json=HELD) as came:
        location, drain = came.headers["Location"], await came.json()
    cancel = {"reason": "not tonight"}
    await app.call("POST", f"drains/{drain['id']}/cancel", cancel, {"If-Match": "*"})
    status, body, _ = await polled(location)
    assert (status, body["error"]["code"]) == (409, "DrainCanceled")
    assert "not tonight" in body["error"]["message"]
    assert body["error"]["details"][0]["target"].lower().startswith("avd-fin-3")


async def poller(parts: Parts, body: dict[str, Any]) -> AsyncLROPoller[Any]:
    """azure-core's own, with its standard strategies."""
    client: AsyncPipelineClient[HttpRequest, AsyncHttpResponse] = AsyncPipelineClient(
        parts.app_url, policies=[RequestIdPolicy(), HeadersPolicy({"x-functions-key": parts.key})]
    )
    request = HttpRequest("POST", f"{parts.app_url}/api/drains", json=body)
    pipeline = await client._pipeline.run(request)
    polling: AsyncLROBasePolling[Any, Any, Any] = AsyncLROBasePolling(timeout=0.2)

    def deserialized(came: Any) -> Any:
        return json.loads(came.http_response.body())

    return AsyncLROPoller(client, pipeline, deserialized, polling)


async def test_azure_cores_poller_drives_a_drain_to_its_result(app: Client, parts: Parts) -> None:
    polled = await poller(parts, QUICK)
    result = await asyncio.wait_for(polled.result(), 120)
    assert polled.status() == "Succeeded"
    assert result["summary"] == {"done": 1}


async def test_azure_cores_poller_raises_what_became_of_a_drain_that_failed(
    app: Client, parts: Parts
) -> None:
    policy = {**HELD["policy"], "maintenance": {"kind": "hold", "holdFor": "PT1S"}}
    polled = await poller(parts, HELD | {"policy": policy})
    with pytest.raises(HttpResponseError) as failed:
        await asyncio.wait_for(polled.result(), 120)
    assert polled.status() == "Failed"
    assert failed.value.error is not None
    assert failed.value.error.code == "DrainFailed"
    assert "nobody released it in time" in str(failed.value)


class Receiver:
    """A workflow that waits for a callback, and answers as it is told."""

    def __init__(self, answers: list[int]) -> None:
        self.answers = answers
        self.heard: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest_asyncio.fixture(loop_scope="module")
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    """The first two calls it answers 500, and 503."""
    found, port = Receiver([500, 503]), free_port()
    server = web.Application()
    server.router.add_post("/callback", found.take)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield found, f"http://127.0.0.1:{port}/callback?sig=topsecret"
    await runner.cleanup()


async def test_a_subscriber_is_told_of_the_end_until_it_acknowledges(
    app: Client, parts: Parts, receiver: tuple[Receiver, str]
) -> None:
    found, url = receiver
    body = {"callbackUrl": url, "start": QUICK}
    status, subscription, headers = await app.call("POST", "subscriptions", body)
    assert status == 201, subscription
    again, same, _ = await app.call("POST", "subscriptions", body)
    assert (again, same["id"]) == (200, subscription["id"])

    async def delivered() -> dict[str, Any] | None:
        _, told, _ = await app.call("GET", headers["location"])
        return told if told["state"] == "delivered" else None

    told = await until(delivered, "the acknowledgement")
    assert len(found.heard) == 3
    last = found.heard[-1]
    assert (last["status"], last["result"]["summary"]) == ("Succeeded", {"done": 1})
    assert "topsecret" not in json.dumps([told, subscription, headers])
    assert "topsecret" not in parts.running["app"].said.read_text(
        errors="replace", encoding="utf-8"
    )


async def test_unsubscribing_by_the_callback_address_cancels_the_drain_if_that_was_asked(
    app: Client, receiver: tuple[Receiver, str]
) -> None:
    found, url = receiver
    body = {"callbackUrl": url, "start": HELD, "cancelOnUnsubscribe": True}
    _, subscription, _ = await app.call("POST", "subscriptions", body)
    status, ended, _ = await app.call("POST", "subscriptions/end", {"callbackUrl": url})
    assert (status, ended["state"]) == (200, "ended")

    async def canceled() -> bool | None:
        drain = await app.drain(subscription["drain"])
        return True if drain["status"] == "Canceled" else None

    assert await until(canceled, "the drain to be canceled")
    assert found.heard == []


async def test_callbacks_to_elsewhere_are_refused_before_anything_is_started(app: Client) -> None:
    _, before, _ = await app.call("GET", "drains?$top=200")
    for url in ("https://evil.example/", "http://169.254.169.254/", "http://10.0.0.1/"):
        body = {"callbackUrl": url, "start": QUICK}
        status, refused, _ = await app.call("POST", "subscriptions", body)
        assert (status, refused["error"]["target"]) == (400, "callbackUrl")
    _, after, _ = await app.call("GET", "drains?$top=200")
    assert after == before


async def test_the_callers_request_id_is_echoed_and_logged(app: Client, parts: Parts) -> None:
    told = {"x-ms-client-request-id": "run-08585-anna"}
    _, _, headers = await app.call("GET", "drains", headers=told)
    assert headers["x-ms-client-request-id"] == "run-08585-anna"
    assert "run-08585-anna" in parts.running["app"].said.read_text(
        errors="replace", encoding="utf-8"
    )


async def test_a_version_that_is_not_there_is_refused_with_those_that_are(app: Client) -> None:
    assert (await app.call("GET", "drains?api-version=2026-11-01"))[0] == 200
    status, body, headers = await app.call("GET", "drains?api-version=2020-01-01")
    assert (status, headers["x-ms-error-code"]) == (400, "UnsupportedApiVersionValue")
    assert "2026-11-01" in body["error"]["message"]


async def test_missing_rights_come_through_with_the_action(app: Client, parts: Parts) -> None:
    await app.sim("POST", "faults", {
        "operation": "hostPools.get", "effect": "status", "status": 403,
        "code": "AuthorizationFailed",
    })  # fmt: skip
    status, body, _ = await app.call("POST", "drains", QUICK)
    assert (status, body["error"]["code"]) == (403, "NoRightsOnHostPool")
    assert POOL.rsplit("/", 1)[-1] in body["error"]["message"]


async def test_the_description_and_its_page_need_no_key(app: Client, parts: Parts) -> None:
    async with aiohttp.ClientSession() as session:
        for name, kind in (
            ("docs", "text/html"),
            ("openapi.json", "json"),
            ("swagger.json", "json"),
        ):
            async with session.get(f"{parts.app_url}/api/{name}") as came:
                assert came.status == 200
                assert kind in came.headers["Content-Type"]
                text = await came.text()
        assert json.loads(text)["host"] == f"127.0.0.1:{parts.ports.app}"
