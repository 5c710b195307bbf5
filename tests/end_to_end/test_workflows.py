"""The calls of each workflow, in its order and with its headers, against the running app."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.client import Client
from local.parts import Parts
from local.scenes.one_drain import POOL
from tests.end_to_end.conftest import CheckedClient, served
from tests.end_to_end.security.test_callers import Receiver, polled, receiver
from tests.support.files import workflows
from tests.support.wait import until

pytestmark = pytest.mark.asyncio(loop_scope="module")
__all__ = ["receiver"]

POLICY = {"maxUnavailable": "100%", "maintenance": {"kind": "none"}}
TRIGGER = {"hostPool": POOL, "hosts": ["avd-fin-3"], "reason": "asked for", "policy": POLICY}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with served(tmp_path_factory.mktemp("workflows"), WEBHOOK_HOSTS="127.0.0.1") as made:
        yield made


def known(parts: Parts, **more: Any) -> dict[str, Any]:
    """What each expression of the workflows comes to in this run."""
    return {
        "parameters('appUrl')": parts.app_url,
        "parameters('functionKey')": parts.key,
        "parameters('audience')": "api://avd-drain",
        "parameters('policy')": POLICY,
        "workflow().run.name": uuid.uuid4().hex,
        "triggerBody()?['hostPool']": POOL,
        "coalesce(triggerBody()?['hosts'], 'all')": TRIGGER["hosts"],
        "coalesce(triggerBody()?['reason'], 'asked for by a workflow')": TRIGGER["reason"],
        "coalesce(triggerBody()?['policy'], parameters('policy'))": POLICY,
        **more,
    }


async def send(call: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
    """As the action would: what it says and nothing else."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            call["method"], call["uri"], json=call.get("body"), headers=call["headers"]
        ) as came,
    ):
        return came.status, await came.json(), dict(came.headers)


async def waited(parts: Parts, location: str) -> tuple[int, Any]:
    """The action sends its headers again with each poll; here the key, as the query."""
    status, body, _ = await polled(f"{location}?code={parts.key}")
    return status, body


async def test_start_and_wait(parts: Parts) -> None:
    [call] = [workflows.of("start-and-wait")["Start_and_wait"]["inputs"]]
    told = known(parts)
    status, drain, headers = await send(workflows.filled(call, told))
    assert (status, drain["reason"]) == (202, "asked for")
    assert headers["x-ms-client-request-id"] == told["workflow().run.name"]
    again, same, _ = await send(workflows.filled(call, told))
    assert (again, same["id"]) == (202, drain["id"])
    status, result = await waited(parts, headers["Location"])
    assert (status, result["status"], result["attention"]) == (200, "Succeeded", [])


async def test_approval_first(parts: Parts) -> None:
    found, told = workflows.of("approval-first"), known(parts)
    status, plan, _ = await send(workflows.filled(found["Plan"]["inputs"], told))
    assert status == 200
    mail = found["Ask_for_approval"]["inputs"]["body"]["Message"]["Body"]
    for field in ("hosts", "reason", "heldBy", "missingRights"):
        assert f"body('Plan')?['{field}']" in mail
        assert field in plan
    status, _, headers = await send(workflows.filled(found["Start_and_wait"]["inputs"], told))
    assert status == 202
    assert (await waited(parts, headers["Location"]))[0] == 200


async def test_nightly(parts: Parts, receiver: tuple[Receiver, str]) -> None:
    workflow, url = receiver
    workflow.answers.clear()
    [webhook] = [workflows.of("nightly")["Drain_the_pool"]["inputs"]]
    lab = POOL.replace("hp-finance", "hp-people")
    told = known(parts, **{"listCallbackUrl()": url, "items('For_each_pool')": lab})
    hold = {**POLICY, "maintenance": {"kind": "hold"}}
    told["parameters('policy')"] = {**hold, "deadline": "PT1S", "atDeadline": "giveUp"}
    status, subscription, _ = await send(workflows.filled(webhook["subscribe"], told))
    assert status == 201

    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as client:

        async def recorded() -> bool | None:
            """The workflow hears of the end before the app has recorded that it did."""
            _, now, _ = await client.call("GET", f"subscriptions/{subscription['id']}")
            return True if now["state"] == "delivered" else None

        await released(client, str(subscription["drain"]))
        await until(recorded, "the callback")
    [last] = workflow.heard
    assert last["drain"] == subscription["drain"]
    assert last["status"] in ("Succeeded", "Failed")
    status, ended, _ = await send(workflows.filled(webhook["unsubscribe"], told))
    assert (status, ended["state"]) == (200, "delivered")


async def released(client: Client, drain: str) -> None:
    await client.call("POST", f"drains/{drain}/release", {"reason": "done"}, {"If-Match": "*"})


async def test_patch_host(parts: Parts) -> None:
    """The workflow is called by a drain; the simulated webhook stands for the one that runs it, and
    the answer is what the workflow would send."""
    found = workflows.of("patch-host")
    told = {
        name: found[name]["inputs"]["body"]
        for name in ("Say_that_it_is_done", "Say_what_it_left", "Say_that_it_failed")
    }
    assert [body["status"] for body in told.values()] == ["Succeeded", "Failed", "Failed"]
    assert all(set(body) == {"status", "message"} for body in told.values())
    hook = f"{parts.sim_url}/_sim/webhook?after=30"
    policy = {**POLICY, "maintenance": {"kind": "webhook", "url": hook}}
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as client:
        _, drain, headers = await client.call("POST", "drains", TRIGGER | {"policy": policy})
        status, result = await waited(parts, headers["location"])
        assert (status, result["summary"]) == (200, {"done": 1})
        _, history, _ = await client.call("GET", f"drains/{drain['id']}/history")
    assert "the webhook answered: succeeded" in [entry["what"] for entry in history["value"]]
