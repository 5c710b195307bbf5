"""The official SDKs as anybody would use them: they cannot tell the simulator from the service."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.compute.aio import ComputeManagementClient
from azure.mgmt.compute.models import VirtualMachineUpdate
from azure.mgmt.desktopvirtualization.aio import DesktopVirtualizationMgmtClient

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP, POOL = "rg-desktops", "hp-finance"


@dataclass
class Sdk:
    sim: Simulator
    desktops: DesktopVirtualizationMgmtClient
    compute: ComputeManagementClient


@pytest_asyncio.fixture(loop_scope="session")
async def sdk() -> AsyncIterator[Sdk]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 1.0))
    async with TestServer(application(sim)) as server:
        clients = ArmClients(str(server.make_url("")), NoCredential(), StaticToken("t"))
        compute = ComputeManagementClient(
            NoCredential(), SUBSCRIPTION, clients.endpoint,
            authentication_policy=StaticToken("t"), retry_total=0,
        )  # fmt: skip
        yield Sdk(sim, clients.desktops(SUBSCRIPTION), compute)
        await compute.close()
        await clients.close()


async def test_pages_go_forwards_and_backwards_and_skip(sdk: Sdk) -> None:
    async def names(**options: object) -> list[str]:
        listed = sdk.desktops.session_hosts.list(GROUP, POOL, **options)  # type: ignore[arg-type]
        return [str(host.name) async for host in listed]

    forwards = await names(page_size=2)
    assert len(forwards) == len(set(forwards)) == 6
    assert await names(page_size=4, is_descending=True) == forwards[::-1]
    assert await names(initial_skip=5) == forwards[5:]


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ("userPrincipalName eq 'anna@contoso.example'", 1),
        ("sessionState eq 'Active'", 6),
        ("userPrincipalName eq 'ANNA@contoso.example' and sessionState eq 'active'", 1),
        ("sessionState eq 'Pending'", 0),
    ],
)
async def test_sessions_are_filtered(sdk: Sdk, filter_: str, found: int) -> None:
    listed = sdk.desktops.user_sessions.list_by_host_pool(GROUP, POOL, filter=filter_)
    assert len([session async for session in listed]) == found


async def test_a_filter_that_it_does_not_know_is_refused(sdk: Sdk) -> None:
    listed = sdk.desktops.user_sessions.list_by_host_pool(GROUP, POOL, filter="x lt 7")
    with pytest.raises(HttpResponseError) as refused:
        _ = [session async for session in listed]
    assert refused.value.status_code == 400
    assert refused.value.error is not None
    assert refused.value.error.code == "InvalidFilter"


async def test_a_session_is_read_disconnected_and_signed_out(sdk: Sdk) -> None:
    host = "avd-fin-0.contoso.example"
    sessions = sdk.desktops.user_sessions
    [first, *_] = [s async for s in sessions.list(GROUP, POOL, host)]
    id_ = str(first.id).rsplit("/", 1)[-1]
    await sessions.disconnect(GROUP, POOL, host, id_)
    assert (await sessions.get(GROUP, POOL, host, id_)).session_state == "Disconnected"
    await sessions.delete(GROUP, POOL, host, id_)
    sdk.sim.world.advance(sdk.sim.world.now + sdk.sim.world.span(60))
    with pytest.raises(ResourceNotFoundError):
        await sessions.get(GROUP, POOL, host, id_)


async def test_the_scaling_plan_of_a_pool_names_its_exclusion_tag(sdk: Sdk) -> None:
    plans = sdk.desktops.scaling_plans
    [plan] = [plan async for plan in plans.list_by_host_pool(GROUP, POOL)]
    assert plan.exclusion_tag == "ExcludeFromScaling"
    assert [p async for p in plans.list_by_host_pool(GROUP, "hp-people")] == []


async def test_power_operations_are_followed_by_the_sdks_own_poller(sdk: Sdk) -> None:
    machines = sdk.compute.virtual_machines

    async def power() -> str:
        view = await machines.instance_view(GROUP, "avd-fin-1")
        return str((view.statuses or [])[-1].code)

    for begin, after in (
        (machines.begin_deallocate, "PowerState/deallocated"),
        (machines.begin_start, "PowerState/running"),
        (machines.begin_restart, "PowerState/running"),
    ):
        poller = await begin(GROUP, "avd-fin-1", polling_interval=0)
        assert sdk.sim.world.pools[0].hosts["avd-fin-1.contoso.example"].vm.busy
        sdk.sim.world.advance(sdk.sim.world.now + sdk.sim.world.span(120))
        await poller.result()
        assert await power() == after


async def test_a_vm_that_is_off_cannot_be_restarted(sdk: Sdk) -> None:
    with pytest.raises(HttpResponseError) as refused:
        await sdk.compute.virtual_machines.begin_restart(GROUP, "avd-ppl-1", polling=False)
    assert refused.value.status_code == 409


async def test_tags_are_set_and_read(sdk: Sdk) -> None:
    machines = sdk.compute.virtual_machines
    tags = {"ExcludeFromScaling": ""}
    await machines.begin_update(GROUP, "avd-fin-1", VirtualMachineUpdate(tags=tags), polling=False)
    assert (await machines.get(GROUP, "avd-fin-1")).tags == tags


async def test_past_the_token_bucket_the_service_says_when_to_come_back(sdk: Sdk) -> None:
    sdk.sim.buckets.sizes = dict.fromkeys(("reads", "writes", "deletes"), (1.0, 0.05))
    sdk.sim.buckets._left.clear()
    headers: list[str | None] = []

    async def read() -> None:
        await sdk.desktops.host_pools.get(
            GROUP,
            POOL,
            raw_response_hook=lambda r: headers.append(
                r.http_response.headers.get("x-ms-ratelimit-remaining-subscription-reads")
            ),
        )

    await read()
    assert headers == ["0"]
    client = sdk.desktops.host_pools
    with pytest.raises(HttpResponseError) as refused:
        await client.get(GROUP, POOL)
    assert refused.value.status_code == 429
