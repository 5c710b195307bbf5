"""Update Manager, Resource Graph and the topic, by the official SDKs, against the simulator over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from azure.core.credentials import AzureKeyCredential

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from local.sim.side.emitting import emit
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.controlplane import AzureControlPlane
from shared.adapters.azure.topic import EventGridTopic
from shared.adapters.azure.updateruns import AzureUpdateRuns
from shared.adapters.clock import WallClock
from shared.core.drain.announcements import Announcement
from shared.engine.world.directory import Directory
from shared.errors import NotFoundError, PassingError, RejectedError, ThrottledError
from tests.support.builders import NOON

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
HOSTS = ["avd-lab-1", "avd-lab-2", "avd-lab-3", "avd-lab-4", "avd-lab-5"]


@dataclass
class Side:
    sim: Simulator
    runs: AzureUpdateRuns
    plane: AzureControlPlane
    topic: EventGridTopic

    def schedule(self, hosts: list[str] | None = None, starts_in: float = 9000) -> str:
        told = {"hosts": {"hp-lab": hosts or HOSTS}, "startsIn": starts_in, "cutOff": 100}
        emit(self.sim.world, {"what": "updateRun", **told})
        return str(next(iter(self.sim.world.runs.values())).id)


@pytest_asyncio.fixture(loop_scope="session")
async def side() -> AsyncIterator[Side]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 100.0))
    async with TestServer(application(sim)) as server:
        base = str(server.make_url("")).rstrip("/")
        clients = ArmClients(base, NoCredential(), StaticToken("t"))
        topic = EventGridTopic(f"{base}/_sim/topic", AzureKeyCredential("k"))
        yield Side(sim, AzureUpdateRuns(clients), AzureControlPlane(clients), topic)
        await clients.close()


async def test_the_machines_of_a_run_are_found_on_all_pages(side: Side) -> None:
    run = side.schedule()
    found = await side.runs.machines(run, [SUBSCRIPTION])
    assert [machine.rsplit("/", 1)[-1] for machine in found] == HOSTS
    assert side.sim.calls["resources.query"] == 3
    assert await side.runs.machines(run.upper(), [SUBSCRIPTION]) == found


async def test_only_the_subscriptions_that_the_event_names_are_asked(side: Side) -> None:
    assert await side.runs.machines(side.schedule(), ["another"]) == ()


async def test_a_run_is_cancelled_once_and_that_is_seen(side: Side) -> None:
    run = side.schedule()
    assert not (await side.runs.state(run)).cancelled
    await side.runs.cancel(run)
    await side.runs.cancel(run)
    assert (await side.runs.state(run)).cancelled
    assert [line["what"] for line in side.sim.world.log if "cancelled" in line["what"]] == [
        "run cancelled"
    ]


async def test_a_run_beyond_its_cut_off_is_not_cancelled(side: Side) -> None:
    run = side.schedule(starts_in=50)
    with pytest.raises(RejectedError, match="CancellationNotAllowed"):
        await side.runs.cancel(run)


async def test_what_is_no_run_is_never_sent(side: Side) -> None:
    for wrong in (
        "",
        "/subscriptions/x",
        side.schedule() + "' or 1 == 1",
        side.schedule() + "?a=b",
    ):
        with pytest.raises(RejectedError):
            await side.runs.cancel(wrong)
        with pytest.raises(RejectedError):
            await side.runs.machines(wrong, [SUBSCRIPTION])
    assert "resources.query" not in side.sim.calls


async def test_a_run_that_nobody_knows_is_told_as_such(side: Side) -> None:
    run = side.schedule()
    side.sim.world.runs.clear()
    with pytest.raises(NotFoundError):
        await side.runs.state(run)
    assert await side.runs.machines(run, [SUBSCRIPTION]) == ()


async def test_a_graph_that_throttles_says_until_when(side: Side) -> None:
    side.sim.faults.add(
        {"operation": "resources.query", "effect": "status", "status": 429, "retryAfter": 7}
    )
    with pytest.raises(ThrottledError) as told:
        await side.runs.machines(side.schedule(), [SUBSCRIPTION])
    assert told.value.retry_after.total_seconds() == 7


async def test_the_pools_of_a_subscription_and_of_a_group_are_listed_on_all_pages(
    side: Side,
) -> None:
    scope = f"/subscriptions/{SUBSCRIPTION}"
    names = {pool.name for pool in await side.plane.pools(scope)}
    assert names == {pool.name for pool in side.sim.world.pools if pool.rights != "none"}
    group = side.sim.world.pools[0].resource_group
    assert {p.name for p in await side.plane.pools(f"{scope}/resourceGroups/{group}")} <= names


async def test_a_machine_is_found_by_its_vm_and_by_its_session_host_and_kept(side: Side) -> None:
    pool = next(pool for pool in side.sim.world.pools if pool.name == "hp-lab")
    host = pool.hosts["avd-lab-2.contoso.example"]
    directory, clock = Directory(), WallClock()
    host_id = f"{pool.id}/sessionhosts/{host.name}".upper()
    asked = [host.vm.id.upper(), host_id, f"{host.vm.id}-other"]
    found = await directory.find(side.plane, clock, asked)
    assert {serving.host for serving in found.values()} == {host.name}
    assert len(found) == 2
    calls = dict(side.sim.calls)
    await directory.find(side.plane, clock, [host.vm.id])
    assert side.sim.calls == calls


async def test_only_the_pools_that_are_named_are_looked_after(side: Side) -> None:
    lab = next(pool for pool in side.sim.world.pools if pool.name == "hp-lab")
    other = next(pool for pool in side.sim.world.pools if pool.name == "hp-finance")
    directory = Directory((other.id,))
    vms = [next(iter(pool.hosts.values())).vm.id for pool in (lab, other)]
    found = await directory.find(side.plane, WallClock(), vms)
    assert {serving.pool.name for serving in found.values()} == {"hp-finance"}


def announced(number: int) -> Announcement:
    data: dict[str, Any] = {"drain": "hp-1"}
    return Announcement("AvdDrain.Drain.Started", f"hp-1/{number}", "hp-1", NOON, data)


async def test_announcements_reach_the_topic_as_cloud_events(side: Side) -> None:
    await side.topic.publish([announced(1), announced(2)])
    [first, second] = side.sim.topic
    assert (first["id"], second["id"]) == ("hp-1/1", "hp-1/2")
    assert first["specversion"] == "1.0"
    assert (first["type"], first["data"]) == ("AvdDrain.Drain.Started", {"drain": "hp-1"})


async def test_a_topic_that_is_away_is_an_error_that_passes(side: Side) -> None:
    side.sim.faults.add({"operation": "topic.publish", "effect": "status", "status": 409})
    with pytest.raises(PassingError):
        await side.topic.publish([announced(1)])
