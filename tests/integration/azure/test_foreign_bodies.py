"""Answers that are none of the service's usual ones: each spoils itself, and nothing goes where it should
not."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.controlplane import AzureControlPlane
from shared.adapters.azure.machines import AzureMachines
from shared.adapters.retryafter import retry_after
from shared.core.host.actions import PowerAction
from shared.core.values.hostpool import HostPoolId
from shared.errors import AnswerLostError, PassingError, RejectedError

POOL = HostPoolId("11111111-2222-3333-4444-555555555555", "rg", "hp@lab one")
VM = f"/subscriptions/{POOL.subscription}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/a"


@dataclass
class Service:
    """A server that answers each request with the next of ``bodies``; None breaks the connection."""

    bodies: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            length = 0
            while (header := await reader.readline()) not in (b"\r\n", b""):
                name, _, value = header.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
            await reader.readexactly(length)
            self.asked.append(line.decode().rsplit(" ", 1)[0])
            body = self.bodies.pop(0)
            if body is None:
                break
            text = (body if isinstance(body, str) else json.dumps(body)).encode()
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}"
            )
            writer.write(head.encode() + b"\r\n\r\n" + text)
            await writer.drain()
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def service() -> AsyncIterator[Service]:
    made = Service()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    made.address = f"http://127.0.0.1:{port}"
    yield made
    server.close()


@pytest_asyncio.fixture(loop_scope="session")
async def clients(service: Service) -> AsyncIterator[ArmClients]:
    made = ArmClients(service.address, NoCredential(), StaticToken("t"))
    yield made
    await made.close()


def a_host(name: Any = "hp/a.example", **properties: Any) -> dict[str, Any]:
    return {
        "name": name,
        "properties": {"allowNewSession": True, "status": "Available", **properties},
    }


async def test_no_request_is_sent_twice_when_a_kept_connection_breaks(
    service: Service, clients: ArmClients
) -> None:
    service.bodies = [{"value": []}, None, None]
    plane = AzureControlPlane(clients)
    await plane.hosts(POOL)
    with pytest.raises(AnswerLostError):
        await plane.sign_out(POOL, "a.example", "1", force=False)
    assert [line.split(" ")[0] for line in service.asked] == ["GET", "DELETE"]


@pytest.mark.parametrize(
    "body", ["<html>gone</html>", "", "null", [], 7, {"value": None}, {"value": 3}, {}]
)
async def test_a_list_that_is_none_is_not_read(
    service: Service, clients: ArmClients, body: Any
) -> None:
    plane = AzureControlPlane(clients)
    for read in (plane.hosts, plane.sessions, plane.plans):
        service.bodies = [body]
        with pytest.raises(PassingError):
            await read(POOL)


@pytest.mark.parametrize("body", ["<html>done</html>", "", "null", [1]])
async def test_a_write_that_is_accepted_in_strange_words_is_accepted(
    service: Service, clients: ArmClients, body: Any
) -> None:
    service.bodies = [body, body]
    await AzureControlPlane(clients).set_allow_new_session(POOL, "a.example", False)
    assert await AzureMachines(clients).power(VM, PowerAction.HIBERNATE) is None
    assert service.asked[1].endswith(
        "/virtualMachines/a/deallocate?api-version=2024-07-01&hibernate=true"
    )


async def test_one_strange_host_spoils_no_other(service: Service, clients: ArmClients) -> None:
    service.bodies = [
        {
            "value": [
                a_host("hp/a.example", lastHeartBeat="2026-11-25T01:02:03"),
                a_host("hp/b.example", lastHeartBeat="0001-01-01T00:00:00"),
                a_host("hp/c.example", lastHeartBeat=7, sessions="many", allowNewSession=None),
                a_host(None),
                None,
                "x",
                {"name": "hp/d.example"},
            ]
        }
    ]
    found = {host.key: host for host in await AzureControlPlane(clients).hosts(POOL)}
    assert sorted(found) == ["a.example", "b.example", "c.example", "d.example"]
    assert found["a.example"].last_heartbeat == datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC)
    assert found["b.example"].last_heartbeat is None
    assert found["c.example"].allow_new_session is None
    assert found["d.example"].allow_new_session is None


async def test_a_session_without_an_id_keeps_its_host_from_being_empty(
    service: Service, clients: ArmClients
) -> None:
    named = {"activeDirectoryUserName": "CONTOSO\\kim"}
    service.bodies = [{"value": [{"name": "hp/a.example/3", "properties": named}]}]
    [session] = await AzureControlPlane(clients).sessions(POOL)
    assert (session.host_key, session.id, session.user) == ("a.example", "3", "CONTOSO\\kim")
    assert session.account == "CONTOSO\\kim"


async def test_the_token_goes_to_no_other_origin(service: Service, clients: ArmClients) -> None:
    elsewhere = "http://127.0.0.1:1/next"
    service.bodies = [{"value": [], "nextLink": elsewhere}]
    with pytest.raises(RejectedError, match="not the control plane's"):
        await AzureControlPlane(clients).hosts(POOL)
    with pytest.raises(RejectedError, match="not the control plane's"):
        await AzureMachines(clients).operation(POOL, elsewhere)


async def test_an_instance_view_tells_that_a_vm_is_hibernated(
    service: Service, clients: ArmClients
) -> None:
    codes = ["ProvisioningState/succeeded", "PowerState/deallocated", "HibernationState/Hibernated"]
    service.bodies = [{"statuses": [{"code": code} for code in codes]}]
    machine = await AzureMachines(clients).machine(VM)
    assert machine.hibernated
    assert not machine.stopped


async def test_versions_of_the_update_status_are_tried_in_turn(
    service: Service, clients: ArmClients
) -> None:
    plane = AzureControlPlane(clients, ("2026-03-01-preview", "2026-01-01-preview"))
    service.bodies = [{"status": "SomethingNew"}, {}]
    assert await plane.host_update(POOL) == "in a state that is not known: SomethingNew"
    assert "api-version=2026-03-01-preview" in service.asked[0]


class _Answer:
    def __init__(self, told: str) -> None:
        self.headers = {"Retry-After": told}


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("17", 17, 17),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1, 1),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 3600, 3600),
        ("soon", 30, 30),
        ("", 30, 30),
        ("9" * 40, 30, 30),
        ("99999999", 3600, 3600),
    ],
)
async def test_retry_after_is_read_in_seconds_or_as_a_date(
    told: str, least: int, most: int
) -> None:
    seconds = retry_after(_Answer(told)).total_seconds()  # type: ignore[arg-type]
    assert least <= seconds <= most
