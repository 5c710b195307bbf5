"""Resource Graph and run commands, where their answers are none: what cannot be read is not known, which is
neither 'no rows' nor 'the script has ended'."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.arm.graph import rows
from shared.adapters.azure.runcommands import AzureRunCommands
from shared.core.access.allowed import Script
from shared.core.observation.seen import OperationState
from shared.errors import AnswerLostError, PassingError, ThrottledError

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
QUERY = "alertsmanagementresources | project name"
RUN = "avd-drain-1"


class Side:
    def __init__(self, sim: Simulator, clients: ArmClients) -> None:
        self.sim, self.clients = sim, clients
        self.scripts = AzureRunCommands(clients, {"patch": Script("echo hello")})
        self.vm = sim.world.pools[0].hosts["avd-fin-0.contoso.example"].vm.id

    def says(self, path: str, effect: str = "rewrite", **rule: Any) -> None:
        self.sim.faults.add({"effect": effect, "path": path, **rule})


@pytest_asyncio.fixture(loop_scope="session")
async def side() -> AsyncIterator[Side]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 1.0))
    sim.world.alerts |= {f"alert-{n}" for n in range(5)}
    async with TestServer(application(sim)) as server:
        clients = ArmClients(str(server.make_url("")), NoCredential(), StaticToken("t"))
        yield Side(sim, clients)
        await clients.close()


async def test_rows_are_read_over_all_pages_and_no_further_than_asked(side: Side) -> None:
    found = await rows(side.clients, QUERY, [SUBSCRIPTION])
    assert [row["text"] for row in found] == [f"alert-{n} (Sev1)" for n in range(5)]
    assert len(await rows(side.clients, QUERY, [SUBSCRIPTION], 3)) == 3


@pytest.mark.parametrize(
    "odd", [{"raw": "<html>gone</html>"}, {"raw": ""}, {"raw": "[]"}, {"set": {"/data": None}},
            {"remove": ["/data"]}],
)  # fmt: skip
async def test_an_answer_without_rows_is_not_taken_for_none(
    side: Side, odd: dict[str, Any]
) -> None:
    side.says("*/microsoft.resourcegraph/resources*", **odd)
    with pytest.raises(PassingError):
        await rows(side.clients, QUERY, [SUBSCRIPTION])


async def test_resource_graph_says_when_to_come_back(side: Side) -> None:
    side.says("*/microsoft.resourcegraph/*", "status", status=429, retryAfter=7)
    with pytest.raises(ThrottledError):
        await rows(side.clients, QUERY, [SUBSCRIPTION])


@pytest.mark.parametrize("odd", [{"raw": "nothing"}, {"remove": ["/properties"]}])
async def test_a_script_of_which_nothing_is_told_has_not_ended(
    side: Side, odd: dict[str, Any]
) -> None:
    await side.scripts.run(side.vm, RUN, "patch", {}, 600)
    side.says("*/runcommands/*", method="GET", **odd)
    with pytest.raises(PassingError):
        await side.scripts.script(side.vm, RUN)
    side.says("*/runcommands/*", method="GET", remove=["/properties/instanceView"])
    assert (await side.scripts.script(side.vm, RUN)).state is OperationState.RUNNING


async def test_whether_a_script_began_is_unknown_where_the_answer_broke_off(side: Side) -> None:
    side.says("*/runcommands/*", "lose", method="PUT")
    with pytest.raises(AnswerLostError):
        await side.scripts.run(side.vm, RUN, "patch", {}, 600)
    assert (await side.scripts.script(side.vm, RUN)).state is OperationState.RUNNING
