"""What a measurement sets on the simulated control plane: its pages, its buckets, its latency."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from local.client import API_VERSION
from local.sim.__main__ import application
from local.sim.estate.file import read_estate
from local.sim.server import Simulator

ESTATE = """
[[pool]]
name = "hp"
subscription = "s"
resource_group = "rg"
[pool.many]
hosts = 300
sessions = 2
"""
POOL = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DesktopVirtualization/hostPools/hp"
ASKED = {"Authorization": "Bearer t"}


@pytest.fixture
def sim(tmp_path: Path) -> Simulator:
    path = tmp_path / "estate.toml"
    path.write_text(ESTATE, encoding="utf-8")
    return Simulator(read_estate(path, datetime.now(UTC)))


@pytest_asyncio.fixture(loop_scope="session")
async def client(sim: Simulator) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    async with TestClient(TestServer(application(sim))) as made:
        yield made


async def statuses(client: TestClient, times: int) -> list[int]:  # type: ignore[type-arg]
    found = []
    for _ in range(times):
        url = f"{POOL}?api-version={API_VERSION}"
        async with client.get(url, headers=ASKED) as response:
            found.append(response.status)
    return found


async def test_past_the_bucket_requests_are_refused_and_counted_and_without_one_none_is(
    client: TestClient,  # type: ignore[type-arg]
    sim: Simulator,
) -> None:
    sim.buckets.sizes["reads"] = (5, 0.001)
    assert await statuses(client, 7) == [200] * 5 + [429] * 2
    assert sim.limits.throttled == 2
    async with client.post("/_sim/limits", json={"buckets": False}) as response:
        assert (await response.json())["throttled"] == 2
    assert await statuses(client, 7) == [200] * 7


async def test_a_page_is_as_large_as_the_service_gives_and_each_item_is_on_one(
    client: TestClient,  # type: ignore[type-arg]
    sim: Simulator,
) -> None:
    sim.limits.change({"largestPage": 70})
    names, sizes = [], []
    url: str | None = f"{POOL}/userSessions?api-version={API_VERSION}&pageSize=1000"
    while url is not None:
        async with client.get(url.replace(f"http://{client.host}:{client.port}", ""),
                              headers=ASKED) as response:  # fmt: skip
            page = await response.json()
        names += [item["name"] for item in page["value"]]
        sizes.append(len(page["value"]))
        url = page.get("nextLink")
    assert sizes == [70] * 8 + [40]
    assert len(set(names)) == 600
