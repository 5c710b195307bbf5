"""What is read of a drain, over HTTP and under the public Functions runtime."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.parts import Parts
from tests.end_to_end.conftest import CheckedClient, served
from tests.support.callers.asked import QUICK, ended, in_phase, started

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELD: dict[str, Any] = QUICK | {
    "hosts": "all",
    "policy": {"maxUnavailable": 1, "maintenance": {"kind": "hold", "holdFor": "PT4H"}},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with served(tmp_path_factory.mktemp("reading")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def client(parts: Parts) -> AsyncIterator[CheckedClient]:
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def held(parts: Parts) -> str:
    """A drain of six hosts: one is out, and waits for its release; the others wait for their turn."""
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        id_ = await started(made, HELD)
        await in_phase(made, id_, "maintaining")
        return id_


async def test_a_drain_is_told_by_its_counts_and_a_list_tells_the_same(
    client: CheckedClient, held: str
) -> None:
    drain = await client.drain(held)
    assert (drain["hostCount"], drain["summary"]) == (6, {"queued": 5, "maintaining": 1})
    assert {wait["code"]: wait["hosts"] for wait in drain["waits"]}["release"] == 1
    assert sum(wait["hosts"] for wait in drain["waits"]) == 6
    _, listed, _ = await client.call("GET", "drains")
    [same] = [each for each in listed["value"] if each["id"] == held]
    moving = ("step", "looksAgainAt", "waits")
    assert {k: v for k, v in same.items() if k not in moving} == {
        k: v for k, v in drain.items() if k not in moving
    }


async def test_its_hosts_come_in_pages_that_keep_to_what_was_asked(
    client: CheckedClient, held: str
) -> None:
    drain = await client.drain(held)
    address: str | None = f"{drain['links']['hosts']}?$filter=phase eq 'queued'&$top=2"
    pages = []
    while address is not None:
        status, page, _ = await client.call("GET", address)
        assert status == 200, page
        pages.append([host["name"] for host in page["value"]])
        assert {host["phase"] for host in page["value"]} == {"queued"}
        assert all(host["waitsFor"] for host in page["value"])
        address = page.get("nextLink")
    assert [len(page) for page in pages] == [2, 2, 1]
    names = [name for page in pages for name in page]
    assert names == sorted(set(names), key=str.lower)
    [out] = (await client.call("GET", f"drains/{held}/hosts?$filter=phase in ('maintaining')"))[1]["value"]  # fmt: skip
    assert out["waitsFor"]["code"] == "release"
    assert out["name"] not in names


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("$filter=phase eq 'gone'", ["$filter"]),
        ("$filter=", ["$filter"]),
        ("$filter=phase eq 'done'&$top=0&phase=done", ["$top", "phase"]),
        ("$skipToken=x", ["$skipToken"]),
    ],
)
async def test_a_query_for_hosts_that_cannot_be_right_is_refused_with_every_fault(
    client: CheckedClient, held: str, query: str, faults: list[str]
) -> None:
    status, told, _ = await client.call("GET", f"drains/{held}/hosts?{query}")
    assert (status, [each["target"] for each in told["error"]["details"]]) == (400, faults)


async def test_of_no_drain_there_is_nothing_to_read(client: CheckedClient) -> None:
    for path in ("", "/hosts", "/policy", "/history", "/result"):
        status, told, _ = await client.call("GET", f"drains/hp-finance-0123456789-0123456789{path}")
        assert (status, told["error"]["code"]) == (404, "DrainNotFound"), path


async def test_a_policy_is_told_as_a_whole_at_its_own_address(
    client: CheckedClient, held: str
) -> None:
    drain = await client.drain(held)
    _, told, _ = await client.call("GET", drain["links"]["policy"])
    assert drain["policy"]["maintenance"] == told["policy"]["maintenance"]["kind"] == "hold"
    assert told["policy"]["maintenance"]["holdFor"] == "PT4H"
    assert told["policy"]["failureBudget"] == 2


async def test_an_order_is_given_on_what_was_read_however_far_the_drain_has_moved_since(
    client: CheckedClient, held: str
) -> None:
    _, read, headers = await client.call("GET", f"drains/{held}")
    tag = headers["etag"]
    assert tag.startswith(f"W/{read['etag'][:-1]}.")

    async def extend(on: str) -> int:
        status, _, _ = await client.call(
            "POST", f"drains/{held}/extend", {"by": "PT1H"}, {"If-Match": on}
        )
        return status

    assert await extend(tag) == 200
    assert await extend(tag) == await extend(read["etag"]) == 412
    [listed] = [d for d in (await client.call("GET", "drains"))[1]["value"] if d["id"] == held]
    assert await extend(listed["etag"]) == 200


async def test_what_is_as_it_was_is_not_sent_again(client: CheckedClient, parts: Parts) -> None:
    id_ = await started(client, QUICK | {"hostPool": QUICK["hostPool"].replace("hp-finance", "hp-lab"), "hosts": ["avd-lab-4"]})  # fmt: skip
    await ended(client, id_)
    _, _, over = await client.call("GET", f"drains/{id_}")
    for path in (f"drains/{id_}", f"drains/{id_}/hosts", f"drains/{id_}/history", "schedules"):
        _, body, first = await client.call("GET", path)
        status, nothing, again = await client.call(
            "GET", path, headers={"If-None-Match": first["etag"]}
        )
        assert (status, nothing, again["etag"]) == (304, "", first["etag"]), path
        assert "content-encoding" not in again
        status, same, _ = await client.call("GET", path, headers={"If-None-Match": '"another"'})
        assert (status, same) == (200, body), path
    assert over["cache-control"] == "private, no-cache"


async def test_what_is_large_comes_compressed_if_that_is_asked_for(parts: Parts) -> None:
    address = f"{parts.app_url}/api/openapi.json"
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        async with session.get(address, headers={"Accept-Encoding": "gzip"}) as small:
            packed = await small.read()
            assert small.headers["Content-Encoding"] == "gzip"
            assert small.headers["Vary"] == "Accept-Encoding"
        async with session.get(address, headers={"Accept-Encoding": "identity"}) as plain:
            assert "Content-Encoding" not in plain.headers
            whole = await plain.read()
        assert small.headers["ETag"] == plain.headers["ETag"]
    assert gzip.decompress(packed) == whole
    assert len(packed) * 5 < len(whole)
    assert json.loads(whole)["openapi"] == "3.1.0"
