"""Asks for a drain over HTTP, and waits for it."""

from typing import Any

from local.client import Client
from local.scenes.one_drain import REQUEST
from tests.support.wait import until

QUICK: dict[str, Any] = {
    **REQUEST,
    "policy": {**REQUEST["policy"], "deadline": "PT4S", "warnAtLeast": "PT3S"},
}


async def started(client: Client, body: dict[str, Any]) -> str:
    status, drain, headers = await client.call("POST", "drains", body)
    assert status == 202, drain
    assert headers["location"].endswith(f"/api/drains/{drain['id']}/result")
    assert headers["operation-location"].endswith(f"/api/operations/{drain['id']}")
    assert int(headers["retry-after"]) >= 1
    return str(drain["id"])


async def ended(client: Client, id_: str) -> dict[str, Any]:
    async def over() -> dict[str, Any] | None:
        drain = await client.drain(id_)
        return drain if drain["status"] in ("Succeeded", "Failed", "Canceled") else None

    return await until(over, "the end of the drain")


async def in_phase(client: Client, id_: str, phase: str) -> dict[str, Any]:
    async def there() -> dict[str, Any] | None:
        drain = await client.watched(id_)
        return drain if any(host["phase"] == phase for host in drain["hosts"]) else None

    return await until(there, f"a host that is {phase}")
