"""The official SDKs, through the adapters, against the simulated control plane over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer

from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.controlplane import AzureControlPlane
from shared.adapters.azure.machines import AzureMachines
from shared.core.host.actions import PowerAction
from shared.core.observation.seen import OperationState, PoolType
from shared.core.values.hostpool import HostPoolId
from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    PassingError,
    RejectedError,
    ThrottledError,
)

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
FINANCE = HostPoolId(SUBSCRIPTION, "rg-desktops", "hp-finance")
HOST = "avd-fin-0.contoso.example"


@dataclass
class Side:
    """Both sides of the wire."""

    sim: Simulator
    plane: AzureControlPlane
    machines: AzureMachines

    def fault(self, **rule: Any) -> None:
        self.sim.faults.add(rule)

    def open(self, host: str = HOST) -> bool:
        return self.sim.world.pools[0].hosts[host.lower()].allow_new_session


@pytest_asyncio.fixture(loop_scope="session")
async def side() -> AsyncIterator[Side]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 100.0))
    async with TestServer(application(sim)) as server:
        clients = ArmClients(str(server.make_url("")), NoCredential(), StaticToken("t"))
        yield Side(sim, AzureControlPlane(clients), AzureMachines(clients))
        await clients.close()


async def test_a_pool_is_read(side: Side) -> None:
    pool = await side.plane.pool(FINANCE)
    assert (pool.name, pool.type, pool.max_session_limit) == ("hp-finance", PoolType.POOLED, 12)


@pytest.mark.parametrize(("largest", "pages"), [(1000, 1), (50, 3)])
async def test_all_hosts_of_a_large_pool_are_read_in_pages_as_large_as_the_service_gives(
    side: Side, largest: int, pages: int
) -> None:
    side.sim.limits.change({"largestPage": largest})
    pool = side.sim.world.pools[0]
    for n in range(130):
        side.sim.world.add_host(pool, f"more-{n}.contoso.example")
    hosts = await side.plane.hosts(FINANCE)
    assert len(hosts) == 136
    assert side.sim.calls["sessionHosts.list"] == pages


async def test_a_host_is_read_with_all_that_decisions_need(side: Side) -> None:
    hosts = {host.key: host for host in await side.plane.hosts(FINANCE)}
    host = hosts["avd-fin-2.contoso.example"]
    assert host.name == "AVD-FIN-2.contoso.example"
    assert host.allow_new_session
    assert host.status == "Available"
    assert host.last_heartbeat is not None
    assert host.last_heartbeat.tzinfo is not None
    assert host.vm_id is not None
    assert host.vm_id.endswith("/virtualMachines/AVD-FIN-2")
    assert not hosts["avd-fin-3.contoso.example"].allow_new_session


async def test_a_vm_id_that_the_service_does_not_tell_yet_is_none(side: Side) -> None:
    side.sim.world.pools[0].hosts[HOST].quirks.resource_id_empty_for = 1e9
    hosts = {host.key: host for host in await side.plane.hosts(FINANCE)}
    assert hosts[HOST].vm_id is None


async def test_a_failed_health_check_is_told(side: Side) -> None:
    side.sim.world.pools[0].hosts[HOST].quirks.failed_check = "UrlsAccessibleCheck"
    hosts = {host.key: host for host in await side.plane.hosts(FINANCE)}
    assert hosts[HOST].failed_checks == ("UrlsAccessibleCheck",)


async def test_sessions_are_read_with_their_hosts(side: Side) -> None:
    sessions = await side.plane.sessions(FINANCE)
    found = {(session.host_key, session.user) for session in sessions}
    assert (HOST, "anna@contoso.example") in found
    assert all(session.created_at is not None for session in sessions)


async def test_drain_mode_is_turned_on_and_off(side: Side) -> None:
    await side.plane.set_allow_new_session(FINANCE, HOST, False)
    assert not side.open()
    await side.plane.set_allow_new_session(FINANCE, HOST, True)
    assert side.open()


async def test_a_service_that_minds_letter_case_is_sent_its_own(side: Side) -> None:
    side.sim.world.pools[0].case_sensitive = True
    hosts = {host.key: host for host in await side.plane.hosts(FINANCE)}
    name = hosts["avd-fin-2.contoso.example"].name
    await side.plane.set_allow_new_session(FINANCE, name, False)
    assert not side.open(name)
    with pytest.raises(NotFoundError):
        await side.plane.set_allow_new_session(FINANCE, name.lower(), False)


async def test_a_message_reaches_its_user(side: Side) -> None:
    [session] = [s for s in await side.plane.sessions(FINANCE) if s.user.startswith("anna")]
    await side.plane.send_message(FINANCE, HOST, session.id, "title", "text")
    [(_, title, text)] = side.sim.world.pools[0].hosts[HOST].sessions[session.id].messages
    assert (title, text) == ("title", "text")


async def test_a_session_that_ended_meanwhile_is_not_found(side: Side) -> None:
    with pytest.raises(NotFoundError):
        await side.plane.send_message(FINANCE, HOST, "999", "title", "text")
    with pytest.raises(NotFoundError):
        await side.plane.sign_out(FINANCE, HOST, "999", False)


async def test_an_empty_session_id_is_never_sent(side: Side) -> None:
    calls = dict(side.sim.calls)
    with pytest.raises(RejectedError):
        await side.plane.sign_out(FINANCE, HOST, " ", True)
    assert side.sim.calls == calls


async def test_no_rights_name_the_missing_action(side: Side) -> None:
    side.sim.world.pools[0].rights = "read"
    with pytest.raises(DeniedError, match="hostpools/sessionhosts/write"):
        await side.plane.set_allow_new_session(FINANCE, HOST, False)
    side.sim.world.pools[0].rights = "none"
    with pytest.raises(DeniedError, match="hostpools/read"):
        await side.plane.pool(FINANCE)


async def test_a_pool_that_is_not_there_is_not_found(side: Side) -> None:
    with pytest.raises(NotFoundError, match="hp-none"):
        await side.plane.pool(HostPoolId(SUBSCRIPTION, "rg-desktops", "hp-none"))


async def test_throttling_tells_when_to_come_back_and_nothing_is_sent_before(side: Side) -> None:
    side.fault(operation="hostPools.get", effect="status", status=429, code="x", retryAfter=40)
    with pytest.raises(ThrottledError) as first:
        await side.plane.pool(FINANCE)
    assert first.value.retry_after == timedelta(seconds=40)
    calls = dict(side.sim.calls)
    with pytest.raises(ThrottledError) as second:
        await side.plane.hosts(FINANCE)
    assert second.value.retry_after <= timedelta(seconds=40)
    assert side.sim.calls == calls


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_write_that_the_service_fails_is_asked_once_and_its_outcome_is_unknown(
    side: Side, status: int
) -> None:
    [session] = [s for s in await side.plane.sessions(FINANCE) if s.user.startswith("anna")]
    side.fault(operation="userSessions.sendMessage", effect="status", status=status)
    with pytest.raises(AnswerLostError):
        await side.plane.send_message(FINANCE, HOST, session.id, "title", "text")
    assert side.sim.calls["userSessions.sendMessage"] == 1


async def test_a_read_that_the_service_fails_may_be_tried_again(side: Side) -> None:
    side.fault(operation="sessionHosts.list", effect="status", status=503)
    with pytest.raises(PassingError):
        await side.plane.hosts(FINANCE)


@pytest.mark.parametrize(("effect", "open_"), [("lose", False), ("cut", True)])
async def test_a_write_whose_connection_breaks_has_an_unknown_outcome(
    side: Side, effect: str, open_: bool
) -> None:
    side.fault(operation="sessionHosts.update", effect=effect)
    with pytest.raises(AnswerLostError):
        await side.plane.set_allow_new_session(FINANCE, HOST, False)
    assert side.open() is open_


async def test_a_control_plane_that_cannot_be_reached_did_nothing(side: Side) -> None:
    clients = ArmClients("http://127.0.0.1:1", NoCredential(), StaticToken("t"))
    with pytest.raises(PassingError):
        await AzureControlPlane(clients).set_allow_new_session(FINANCE, HOST, False)
    await clients.close()


async def test_a_restart_is_followed_to_its_end(side: Side) -> None:
    vm = next(h for h in await side.plane.hosts(FINANCE) if h.key == HOST).vm_id
    assert vm is not None
    before = await side.machines.machine(vm)
    assert not before.busy
    address = await side.machines.power(vm, PowerAction.RESTART)
    assert address is not None
    assert (await side.machines.machine(vm)).busy
    assert (await side.machines.operation(FINANCE, address)).state is OperationState.RUNNING
    side.sim.world.advance(datetime.now(UTC) + timedelta(minutes=5))
    assert (await side.machines.operation(FINANCE, address)).state is OperationState.SUCCEEDED
    after = await side.machines.machine(vm)
    assert after.changed_at != before.changed_at


async def test_a_restart_that_fails_says_why(side: Side) -> None:
    side.sim.world.pools[0].hosts[HOST].quirks.restart_fails = True
    vm = next(h for h in await side.plane.hosts(FINANCE) if h.key == HOST).vm_id
    address = await side.machines.power(vm or "", PowerAction.RESTART)
    side.sim.world.advance(datetime.now(UTC) + timedelta(minutes=5))
    seen = await side.machines.operation(FINANCE, address or "")
    assert seen.state is OperationState.FAILED
    assert "did not restart in time" in seen.text


async def test_an_operation_at_a_foreign_address_is_never_asked_after(side: Side) -> None:
    with pytest.raises(RejectedError):
        await side.machines.operation(FINANCE, "http://169.254.169.254/metadata")
