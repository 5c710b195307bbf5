"""One drain on the real parts: the runtime, the emulator, the SDKs over HTTP."""

import asyncio
import sys
from typing import Any

import pytest

from local.client import Client
from local.parts import ROOT, PartError, Parts
from local.scenes.one_drain import POOL
from tests.support.callers.asked import QUICK, ended, in_phase, started

PEOPLE = POOL.replace("hp-finance", "hp-people")

ANY = {"If-Match": "*"}


@pytest.mark.usefixtures("parts")
async def test_the_main_job_shows_the_path_and_leaves_every_host_as_it_was() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.run", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await asyncio.wait_for(process.communicate(), 240)
    text = told.decode()
    assert process.returncode == 0, text
    assert "POST /api/drains → 202" in text
    assert "every host is as it was" in text
    for phase in ("queued", "draining", "maintaining", "verifying", "restoring", "done"):
        assert phase in text


@pytest.mark.usefixtures("estate")
async def test_faults_of_the_control_plane_only_make_it_take_longer(client: Client) -> None:
    before = await client.hosts(POOL)
    id_ = await started(client, QUICK | {"hosts": ["avd-fin-1", "avd-fin-5"]})
    for rule in (
        {"operation": "sessionHosts.update", "effect": "lose", "times": 2},
        {"operation": "sessionHosts.list", "effect": "status", "status": 503, "times": 2},
        {"operation": "sessionHosts.list", "effect": "status", "status": 429, "retryAfter": 1},
        {"operation": "virtualMachines.restart", "effect": "lose", "times": 1},
        {"operation": "userSessions.sendMessage", "effect": "status", "status": 404},
        {"operation": "sessionHosts.update", "effect": "cut", "times": 1, "skip": 3},
    ):
        await client.sim("POST", "faults", rule)
    drain = await ended(client, id_)
    assert drain["status"] == "Succeeded", drain
    assert await client.hosts(POOL) == before


@pytest.mark.usefixtures("estate")
async def test_a_held_host_waits_for_its_release_and_is_put_back(client: Client) -> None:
    policy = {"maintenance": {"kind": "hold"}, "maxUnavailable": 2}
    body = QUICK | {"hosts": ["AVD-fin-5"], "policy": policy}
    id_ = await started(client, body)
    drain = await in_phase(client, id_, "maintaining")
    assert (await client.hosts(POOL))["avd-fin-5.contoso.example"] is False
    assert drain["hosts"][0]["waitsFor"]["code"] == "release"
    status, _, _ = await client.call("POST", f"drains/{id_}/release", {"reason": "patched"}, ANY)
    assert status == 200
    assert (await ended(client, id_))["status"] == "Succeeded"
    assert (await client.hosts(POOL))["avd-fin-5.contoso.example"] is True
    _, history, _ = await client.call("GET", f"drains/{id_}/history")
    assert "patched" in [entry["why"] for entry in history["value"]]


async def test_a_canceled_drain_puts_back_what_is_out(
    client: Client, estate: dict[str, bool]
) -> None:
    body = QUICK | {"policy": {"maintenance": {"kind": "hold"}, "maxUnavailable": 4}}
    id_ = await started(client, body)
    await in_phase(client, id_, "maintaining")
    status, _, _ = await client.call("POST", f"drains/{id_}/cancel", {"reason": "not tonight"}, ANY)
    assert status == 200
    drain = await ended(client, id_)
    assert drain["status"] == "Canceled"
    assert drain["cancelAsked"]["why"] == "not tonight"
    assert await client.hosts(POOL) == estate
    again, told, _ = await client.call("POST", f"drains/{id_}/cancel", None, ANY)
    assert (again, told["error"]["code"]) == (409, "DrainEnded")


@pytest.mark.usefixtures("estate")
async def test_a_control_plane_that_fails_at_the_start_is_told_with_when_to_come_back(
    client: Client,
) -> None:
    for fault, code in (
        ({"status": 503}, "ControlPlaneUnavailable"),
        ({"status": 429}, "Throttled"),
    ):
        rule = {"operation": "hostPools.get", "effect": "status", "retryAfter": 7, **fault}
        await client.sim("POST", "faults", rule)
        status, body, headers = await client.call("POST", "drains", QUICK)
        assert (status, body["error"]["code"]) == (503, code)
        assert int(headers["retry-after"]) >= 7


@pytest.mark.usefixtures("estate")
async def test_what_cannot_be_done_is_refused_and_touches_nothing(client: Client) -> None:
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"hostPool": POOL + "x"}, 404, "HostPoolNotFound"),
        ({"hosts": ["avd-fin-9"]}, 400, "UnknownHost"),
        ({"hosts": []}, 400, "EmptySelection"),
        ({"hostPool": POOL.replace("finance", "designers")}, 400, "PersonalHostPool"),
        ({"more": 1}, 400, "UnknownField"),
        ({"policy": {"deadline": "soon"}}, 400, "InvalidValue"),
    ]
    for change, status, code in cases:
        told, body, headers = await client.call("POST", "drains", QUICK | change)
        assert (told, body["error"]["code"]) == (status, code), body
        assert headers["x-ms-error-code"] == code
    _, listed, _ = await client.call("GET", "drains")
    assert listed == {"value": []}
    calls = await client.sim("GET", "calls")
    assert "sessionHosts.update" not in calls


@pytest.mark.usefixtures("estate")
async def test_hosts_of_another_drain_are_refused_and_the_same_key_starts_once(
    client: Client,
) -> None:
    body = QUICK | {"hostPool": PEOPLE, "policy": {"maintenance": {"kind": "hold"}}}
    key = {"Idempotency-Key": "tonight"}
    _, first, _ = await client.call("POST", "drains", body, key)
    status, again, _ = await client.call("POST", "drains", body, key)
    assert (status, again["id"]) == (202, first["id"])
    status, other, _ = await client.call("POST", "drains", body | {"reason": "else"}, key)
    assert (status, other["error"]["code"]) == (409, "IdempotencyKeyReused")
    status, taken, _ = await client.call("POST", "drains", body)
    assert (status, taken["error"]["code"]) == (409, "HostInAnotherDrain")
    assert first["id"] in taken["error"]["details"][0]["message"]


@pytest.mark.usefixtures("estate")
async def test_drains_are_listed_in_pages_by_pool_and_status(client: Client) -> None:
    hold = {"maintenance": {"kind": "hold"}}
    ids = [
        await started(client, QUICK | {"hosts": [f"avd-fin-{n}"], "policy": hold}) for n in (0, 1)
    ]
    people = await started(client, QUICK | {"hostPool": PEOPLE, "policy": hold})
    _, first, _ = await client.call("GET", "drains?$top=2")
    _, rest, _ = await client.call("GET", first["nextLink"])
    assert {d["id"] for d in first["value"] + rest["value"]} == {*ids, people}
    assert "nextLink" not in rest
    _, ours, _ = await client.call("GET", f"drains?hostPool={PEOPLE.lower()}")
    assert [d["id"] for d in ours["value"]] == [people]
    status, told, _ = await client.call("GET", "drains?status=asleep&$top=0")
    assert (status, len(told["error"]["details"])) == (400, 2)


async def test_a_wrong_setting_stops_the_start_with_its_name(parts: Parts) -> None:
    parts.settings = {**parts.settings, "ARM_ENDPOINT": "http://management.azure.com"}
    with pytest.raises(PartError, match="ARM_ENDPOINT: plain http is allowed to loopback only"):
        await parts.start_app()
