"""The SDKs' transport, without what it costs for nothing.

aiohttp looks for a proxy and for a netrc file before each request if it is to heed the environment: that is a
thread and a file each time, a quarter of what a request takes. Here it does only where there is a proxy.
"""

import asyncio
from typing import Any
from urllib.request import getproxies

from azure.core.pipeline.transport import AioHttpTransport

TURNS = 2
"""Of the event loop, in which it hears that the other side has closed an idle connection."""


class Transport(AioHttpTransport):  # type: ignore[misc]  # the package tells no types of it
    """``options``: those of ``AioHttpTransport``."""

    session: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(use_env_settings=bool(getproxies()), **options)

    async def send(self, request: Any, **options: Any) -> Any:
        """Send a request. Before it the event loop has its turns: a look at a large pool keeps the loop
        busy for a second, and a connection that was closed meanwhile would be taken for open."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return await super().send(request, **options)
