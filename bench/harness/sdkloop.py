"""Runs in the environment of the official SDK alone, and shares nothing with the app: drain mode on for
the hosts of ``sys.argv[1]``, one after another or ``atOnce``. Prints the seconds."""

import asyncio
import json
import sys
import time
from typing import Any

from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.desktopvirtualization import DesktopVirtualizationMgmtClient
from azure.mgmt.desktopvirtualization.aio import DesktopVirtualizationMgmtClient as AsyncClient
from azure.mgmt.desktopvirtualization.models import SessionHostPatch


class Token(SansIOHTTPPolicy[Any, Any]):
    """The SDK's own policy sends no token over plain http."""

    def on_request(self, request: Any) -> None:
        request.http_request.headers["Authorization"] = "Bearer x"


class NoCredential:
    """The SDK insists on one; ``Token`` signs."""

    async def close(self) -> None: ...

    async def __aenter__(self) -> "NoCredential":
        return self

    async def __aexit__(self, *args: object) -> None: ...


def one_after_another(told: dict[str, Any]) -> float:
    client = DesktopVirtualizationMgmtClient(
        NoCredential(),  # type: ignore[arg-type]  # the policy signs
        told["subscription"],
        base_url=told["url"],
        authentication_policy=Token(),
    )
    began = time.perf_counter()
    for host in told["hosts"]:
        client.session_hosts.update(
            told["group"],
            told["pool"],
            host,
            session_host=SessionHostPatch(allow_new_session=False),
        )
    return time.perf_counter() - began


async def at_once(told: dict[str, Any]) -> float:
    places = asyncio.Semaphore(told["atOnce"])
    async with AsyncClient(
        NoCredential(),  # type: ignore[arg-type]  # the policy signs
        told["subscription"],
        base_url=told["url"],
        authentication_policy=Token(),
    ) as client:

        async def one(host: str) -> None:
            async with places:
                await client.session_hosts.update(
                    told["group"],
                    told["pool"],
                    host,
                    session_host=SessionHostPatch(allow_new_session=False),
                )

        began = time.perf_counter()
        await asyncio.gather(*(one(host) for host in told["hosts"]))
        return time.perf_counter() - began


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(asyncio.run(at_once(given)) if given["atOnce"] > 1 else one_after_another(given))
