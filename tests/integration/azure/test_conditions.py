"""What conditions ask, by the official SDKs and over HTTP, against the simulator."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.conditions import AzureConditions
from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.httpok import HttpOk
from shared.core.conditions.pooltag import PoolTag
from shared.core.conditions.serviceissue import NoServiceIssue
from shared.core.values.hostpool import HostPoolId
from shared.errors import RejectedError

FINANCE = HostPoolId("11111111-2222-3333-4444-555555555555", "rg-desktops", "hp-finance")


@pytest_asyncio.fixture(loop_scope="session")
async def both() -> AsyncIterator[tuple[Simulator, AzureConditions]]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 100.0))
    async with TestServer(application(sim)) as server:
        base = str(server.make_url("")).rstrip("/")
        clients = ArmClients(base, NoCredential(), StaticToken("t"))
        yield sim, AzureConditions(clients, loopback=True)
        await clients.close()


async def test_alerts_that_fire_are_told_on_all_pages(
    both: tuple[Simulator, AzureConditions],
) -> None:
    sim, conditions = both
    any_rule, one = NoAlertFiring(), NoAlertFiring(rule="it's slow")
    assert any_rule.why(await conditions.reply(FINANCE, any_rule.ask())) == ""
    sim.world.alerts |= {"a", "b", "c"}
    assert any_rule.why(await conditions.reply(FINANCE, any_rule.ask())).count("Sev1") == 3
    assert one.why(await conditions.reply(FINANCE, one.ask())) == ""


async def test_service_issues_are_told(both: tuple[Simulator, AzureConditions]) -> None:
    sim, conditions = both
    ours, other = NoServiceIssue(service="Virtual Desktop"), NoServiceIssue(service="SQL")
    sim.world.issues["sign-ins fail in West Europe"] = "Azure Virtual Desktop"
    assert "sign-ins fail" in ours.why(await conditions.reply(FINANCE, ours.ask()))
    assert other.why(await conditions.reply(FINANCE, other.ask())) == ""


async def test_the_pools_own_tags_are_read(both: tuple[Simulator, AzureConditions]) -> None:
    sim, conditions = both
    hold = PoolTag(name="HOLD", absent=True)
    assert hold.why(await conditions.reply(FINANCE, hold.ask())) == ""
    sim.world.pools[0].tags["hold"] = "until Monday"
    assert hold.why(await conditions.reply(FINANCE, hold.ask()))


async def test_an_address_is_asked_and_follows_nowhere(
    both: tuple[Simulator, AzureConditions],
) -> None:
    _, conditions = both

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPFound("http://169.254.169.254/")

    app = web.Application()
    app.router.add_get("/moved", moved)
    async with TestServer(app) as server:
        url = str(server.make_url("/moved")).replace("localhost", "127.0.0.1")
        reply = await conditions.reply(FINANCE, HttpOk(url=url).ask())
    assert reply.status == 302
    assert HttpOk(url=url).why(reply)


async def test_a_private_address_is_never_asked(both: tuple[Simulator, AzureConditions]) -> None:
    _, conditions = both
    with pytest.raises(RejectedError):
        await conditions.reply(FINANCE, HttpOk(url="http://169.254.169.254/metadata").ask())
