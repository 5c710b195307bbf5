"""The SDKs' transport, without what it costs for nothing.

aiohttp looks for a proxy and for a netrc file before each request if it is to heed the environment: that is a
thread and a file each time, a quarter of what a request takes. Here it does only where there is a proxy.
"""

from typing import Any
from urllib.request import getproxies

from azure.core.pipeline.transport import AioHttpTransport


class Transport(AioHttpTransport):  # type: ignore[misc]  # the package tells no types of it
    """``options``: those of ``AioHttpTransport``."""

    session: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(use_env_settings=bool(getproxies()), **options)
