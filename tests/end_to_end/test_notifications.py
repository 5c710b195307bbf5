"""Receivers of notifications beside the running app: a channel that is away at first, and a ticket system."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from jsonschema import Draft6Validator
from standardwebhooks import Webhook

from local.client import Client
from local.parts import FAST, Parts, running
from local.scenes.one_drain import POOL
from tests.end_to_end.conftest import CheckedClient
from tests.end_to_end.screens.test_cli import avd_drain
from tests.support.wait import until
from tests.unit.core.notifications.test_cards import SCHEMA

KEY = f"whsec_{base64.b64encode(b'a key of the tickets, 32 bytes!!').decode()}"
REASON = "**new** driver [x](https://evil.example)"


class Desk:
    """Two receivers on this machine. The channel answers 503 as long as it is away."""

    def __init__(self) -> None:
        self.away = True
        self.refused = 0
        self.cards: list[dict[str, Any]] = []
        self.tickets: list[dict[str, Any]] = []
        self.address = ""

    async def card(self, request: web.Request) -> web.Response:
        if self.away:
            self.refused += 1
            return web.Response(status=503)
        body = await request.json()
        self.cards.append(body["attachments"][0]["content"])
        return web.Response(status=202)

    async def ticket(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.tickets.append(Webhook(KEY).verify(await request.read(), headers))
        return web.Response(status=204)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [t for t in self.tickets if t["data"]["kind"] == kind]


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    app = web.Application()
    app.router.add_post("/card", made.card)
    app.router.add_post("/ticket", made.ticket)
    async with TestServer(app) as server:
        made.address = str(server.make_url("/"))
        yield made


@pytest_asyncio.fixture
async def parts(tmp_path: Path, desk: Desk) -> AsyncIterator[Parts]:
    said = {
        "receivers": {
            "desk": {"kind": "teams", "address": "NOTIFY_DESK", "settle": "PT1S"},
            "tickets": {
                "kind": "https", "address": "NOTIFY_TICKETS", "keys": ["NOTIFY_KEY"], "settle": "PT1S",
            },
        },
        "rules": [{"name": "all", "to": ["desk", "tickets"]}],
    }  # fmt: skip
    settings = {
        **FAST,
        "NOTIFICATIONS": json.dumps(said),
        "NOTIFY_DESK": f"{desk.address}card?sig=topsecret",
        "NOTIFY_TICKETS": f"{desk.address}ticket",
        "NOTIFY_KEY": KEY,
    }
    async with running(Parts(tmp_path, settings=settings)) as made:
        await made.start_azurite()
        yield made


@pytest_asyncio.fixture
async def client(parts: Parts) -> AsyncIterator[Client]:
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        yield made


async def test_who_is_to_be_told_is_told_and_a_channel_that_is_away_hears_of_it_later(
    parts: Parts, client: Client, estate: dict[str, bool], desk: Desk
) -> None:
    body = {
        "hostPool": POOL, "hosts": ["avd-fin-1"], "reason": REASON,
        "policy": {"maxUnavailable": "70%", "maintenance": {"kind": "none"}, "deadline": "PT5S",
                   "atDeadline": "signOut", "warnAtLeast": "PT2S"},
    }  # fmt: skip
    status, drain, _ = await client.call("POST", "drains", body)
    assert status == 202

    async def ended() -> list[dict[str, Any]] | None:
        return desk.told("drainEnded") or None

    [ticket] = await until(ended, "the ticket system hears of the end")
    [item] = ticket["data"]["items"]
    assert (item["drain"], item["reason"], item["counts"]) == (drain["id"], REASON, {"done": 1})
    assert len(desk.told("drainStarted")) == 1
    assert desk.cards == []
    assert desk.refused > 0

    _, told, _ = await client.call("GET", "notifications")
    away, well = told["value"]
    assert (away["state"], well["state"], well["taken"]) == ("failing", "idle", 2)
    assert {each["kind"] for each in away["waiting"]} == {"drainStarted", "drainEnded"}
    assert "503" in away["lastResult"]
    code, shown, _ = await avd_drain(parts, "notifications")
    assert (code, "failing" in shown) == (5, True)
    _, found, _ = await client.call("GET", f"doctor?hostPool={POOL}")
    codes = {each["about"]: each["code"] for each in found["findings"]}
    assert codes["NOTIFICATIONS: desk"] == "ReceiverFails"
    assert codes["NOTIFICATIONS: tickets"] == "ReceiverTakes"

    code, shown, said = await avd_drain(parts, "notify", "desk")
    assert (code, "503" in shown, "not taken" in said) == (1, True, True)
    desk.away = False
    code, _, said = await avd_drain(parts, "notify", "desk")
    assert code == 0, said

    async def shown_cards() -> list[dict[str, Any]] | None:
        return desk.cards if len(desk.cards) == 3 else None

    cards = await until(shown_cards, "the channel hears of all that waited, and of the test")
    for card in cards:
        assert list(Draft6Validator(SCHEMA).iter_errors(card)) == []
    assert sum(REASON in json.dumps(card) for card in cards) == 2
    assert (await client.call("POST", "notifications/test", {"receiver": "x"}))[0] == 404

    for path in ("notifications", f"drains/{drain['id']}/history", f"doctor?hostPool={POOL}"):
        _, answer, _ = await client.call("GET", path)
        assert "topsecret" not in json.dumps(answer)
    log = parts.running["app"].said.read_text(encoding="utf-8", errors="replace")
    assert "receiver desk: refused: it answered 503" in log
    assert "topsecret" not in log
    assert KEY not in log
