"""Instances that are killed, stopped, or more than one: each host is restarted once."""

import asyncio

import pytest

from local.client import Client
from local.parts import Parts, free_port
from local.scenes.one_drain import POOL
from local.stopping import ASKED
from tests.support.callers.asked import QUICK, ended, in_phase, started


@pytest.mark.parametrize("phase", ["draining", "maintaining", "verifying"])
async def test_an_app_that_is_killed_goes_on_when_it_is_started_again(
    parts: Parts, client: Client, estate: dict[str, bool], phase: str
) -> None:
    id_ = await started(client, QUICK)
    await in_phase(client, id_, phase)
    await parts.running["app"].kill()
    await parts.start_app()
    drain = await ended(client, id_)
    assert drain["status"] == "Succeeded", drain
    assert await client.hosts(POOL) == estate
    log = (await client.sim("GET", "log"))["value"]
    restarts = [line["host"] for line in log if line["what"] == "restart"]
    assert sorted(restarts) == sorted(estate)
    assert not [line for line in log if line["what"] == "cut off by restart"]


async def test_an_app_that_is_stopped_finishes_what_it_is_doing_and_goes_on_later(
    parts: Parts, client: Client, estate: dict[str, bool]
) -> None:
    id_ = await started(client, QUICK | {"hosts": ["avd-fin-1", "avd-fin-5"]})
    await in_phase(client, id_, "draining")
    app = parts.running["app"]
    app.process.send_signal(ASKED)
    assert await asyncio.wait_for(app.process.wait(), 60) == 0
    assert "host stopped" in app.said.read_text(encoding="utf-8")
    await parts.start_app()
    assert (await ended(client, id_))["status"] == "Succeeded"
    assert await client.hosts(POOL) == estate


async def test_two_instances_share_the_work_and_each_host_is_restarted_once(
    parts: Parts, client: Client, estate: dict[str, bool]
) -> None:
    await parts.start_app("app-2", free_port())
    drain = await ended(client, await started(client, QUICK))
    assert drain["status"] == "Succeeded"
    assert await client.hosts(POOL) == estate
    log = (await client.sim("GET", "log"))["value"]
    assert sorted(line["host"] for line in log if line["what"] == "restart") == sorted(estate)
