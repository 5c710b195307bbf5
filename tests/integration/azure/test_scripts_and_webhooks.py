"""Scripts through the SDK against the simulated control plane; webhooks over real HTTP."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.parts import free_port
from local.sim.__main__ import application
from local.sim.estate.file import SAMPLE, read_estate
from local.sim.server import Simulator
from shared.adapters.azure.arm.clients import ArmClients, NoCredential, StaticToken
from shared.adapters.azure.runcommands import AzureRunCommands
from shared.adapters.webhooks import HttpWebhooks
from shared.core.access.allowed import Script
from shared.core.observation.seen import OperationState
from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RejectedError,
)
from shared.ports import WebhookCall

RUN = "avd-drain-1"
SCRIPT = Script("echo hello", parameters={"level": "low|", "more": ""})
CALL = WebhookCall(
    "drain-1", "pool", "host-1", "vm-1", "patches", 2, "https://me/cb", datetime(2026, 1, 1, tzinfo=UTC)
)  # fmt: skip


@dataclass
class Side:
    sim: Simulator
    scripts: AzureRunCommands

    @property
    def vm(self) -> Any:
        return self.sim.world.pools[0].hosts["avd-fin-0.contoso.example"].vm

    def pass_time(self, seconds: float) -> None:
        self.sim.world.advance(self.sim.world.now + self.sim.world.span(seconds))


@pytest_asyncio.fixture(loop_scope="session")
async def side() -> AsyncIterator[Side]:
    sim = Simulator(read_estate(SAMPLE, datetime.now(UTC), 1.0))
    async with TestServer(application(sim)) as server:
        clients = ArmClients(str(server.make_url("")), NoCredential(), StaticToken("t"))
        yield Side(sim, AzureRunCommands(clients, {"patch": SCRIPT}))
        await clients.close()


async def test_a_script_runs_by_its_name_and_is_looked_up_until_it_has_ended(side: Side) -> None:
    await side.scripts.run(side.vm.id, RUN, "patch", {"level": "low", "more": ""}, 600)
    run = side.vm.runs[RUN]
    assert run.script == {"script": "echo hello"}
    assert run.parameters == [{"name": "level", "value": "low"}]
    assert (await side.scripts.script(side.vm.id, RUN)).state is OperationState.RUNNING
    side.pass_time(60)
    seen = await side.scripts.script(side.vm.id, RUN)
    assert seen.state is OperationState.SUCCEEDED
    assert "nothing left to do" in seen.output
    await side.scripts.forget(side.vm.id, RUN)
    assert side.vm.runs == {}
    with pytest.raises(NotFoundError):
        await side.scripts.script(side.vm.id, RUN)


async def test_how_a_script_failed_is_told_with_what_it_printed(side: Side) -> None:
    host = side.sim.world.pools[0].hosts["avd-fin-0.contoso.example"]
    host.quirks.script_fails = True
    await side.scripts.run(side.vm.id, RUN, "patch", {}, 600)
    side.pass_time(60)
    seen = await side.scripts.script(side.vm.id, RUN)
    assert (seen.state, seen.text) == (OperationState.FAILED, "exit code 1")
    assert "the disk is full" in seen.output


async def test_the_service_stops_a_script_at_its_time_limit(side: Side) -> None:
    await side.scripts.run(side.vm.id, RUN, "patch", {}, 20)
    side.pass_time(30)
    seen = await side.scripts.script(side.vm.id, RUN)
    assert (seen.state, seen.text) == (OperationState.FAILED, "TimedOut")


async def test_a_script_that_is_not_allowed_any_more_is_not_run(side: Side) -> None:
    with pytest.raises(RejectedError, match="not among the allowed"):
        await side.scripts.run(side.vm.id, RUN, "format-disk", {}, 600)
    assert side.vm.runs == {}


async def test_a_vm_that_is_off_takes_no_script(side: Side) -> None:
    side.vm.power = "deallocated"
    with pytest.raises(PassingError):
        await side.scripts.run(side.vm.id, RUN, "patch", {}, 600)


async def test_removing_a_run_that_is_gone_is_no_fault(side: Side) -> None:
    await side.scripts.forget(side.vm.id, RUN)


@dataclass
class Hook:
    url: str
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[Any, Any]] = field(default_factory=list)


@pytest_asyncio.fixture(loop_scope="session")
async def hook() -> AsyncIterator[Hook]:
    made = Hook("")

    async def take(request: web.Request) -> web.Response:
        made.calls.append((json.loads(await request.read()), request.headers))
        if made.status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=made.status or 500, headers=made.headers)

    app = web.Application()
    app.router.add_post("/topsecret", take)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/topsecret"))
        yield made


async def test_a_webhook_gets_the_host_the_drain_and_the_address_for_its_answer(hook: Hook) -> None:
    await HttpWebhooks(loopback=True).call(hook.url, CALL)
    [(body, headers)] = hook.calls
    assert body == {
        "drain": "drain-1",
        "hostPool": "pool",
        "host": "host-1",
        "vmId": "vm-1",
        "reason": "patches",
        "attempt": 2,
        "callbackUrl": "https://me/cb",
        "answerBy": "2026-01-01T00:00:00Z",
    }
    assert headers["Idempotency-Key"] == "drain-1/host-1"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RejectedError),
        (302, RejectedError),
        (401, DeniedError),
        (404, NotFoundError),
        (429, PassingError),
        (503, PassingError),
        (500, AnswerLostError),
        (0, AnswerLostError),
    ],
)
async def test_each_refusal_is_told_apart_without_the_address(
    hook: Hook, status: int, error: Callable[..., OutsideError]
) -> None:
    hook.status, hook.headers = status, {"Location": "http://127.0.0.1:9/elsewhere"}
    with pytest.raises(OutsideError) as told:
        await HttpWebhooks(loopback=True).call(hook.url, CALL)
    assert type(told.value) is error
    assert "topsecret" not in str(told.value)
    assert len(hook.calls) == 1


async def test_a_webhook_that_cannot_be_reached_was_not_called() -> None:
    with pytest.raises(PassingError, match="cannot be reached"):
        await HttpWebhooks(loopback=True).call(f"http://127.0.0.1:{free_port()}/topsecret", CALL)
