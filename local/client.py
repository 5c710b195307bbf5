"""An HTTP client for the local commands and the end-to-end tests: it calls the app, and reads the
estate from the simulated control plane. No code of the app is used."""

from types import TracebackType
from typing import Any, Self

import aiohttp

API_VERSION = "2024-04-03"


class Client:
    """Calls the app with its function key, and the control plane with any token. ``patience``: the
    timeout of a call, in seconds."""

    def __init__(self, app_url: str, sim_url: str, key: str, patience: float = 30) -> None:
        self._app = app_url
        self._sim = sim_url
        self._session = aiohttp.ClientSession(
            headers={"x-functions-key": key, "Authorization": "Bearer watcher"},
            timeout=aiohttp.ClientTimeout(patience),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """Call the app. Returns status, body and headers (with lower-case names)."""
        url = path if path.startswith("http") else f"{self._app}/api/{path}"
        async with self._session.request(method, url, json=body, headers=headers) as response:
            told = {name.lower(): value for name, value in response.headers.items()}
            text = await response.text()
            is_json = "json" in told.get("content-type", "")
            return response.status, (await response.json() if is_json else text), told

    async def drain(self, id_: str) -> dict[str, Any]:
        status, body, _ = await self.call("GET", f"drains/{id_}")
        if status != 200:
            raise RuntimeError(f"the app answered {status}: {body}")
        return dict(body)

    async def drain_hosts(self, id_: str) -> list[dict[str, Any]]:
        """All hosts of a drain, from all pages."""
        found: list[dict[str, Any]] = []
        address: str | None = f"drains/{id_}/hosts?$top=200"
        while address is not None:
            status, page, _ = await self.call("GET", address)
            if status != 200:
                raise RuntimeError(f"the app answered {status}: {page}")
            found += page["value"]
            address = page.get("nextLink")
        return found

    async def watched(self, id_: str) -> dict[str, Any]:
        """A drain with all its hosts."""
        return {**await self.drain(id_), "hosts": await self.drain_hosts(id_)}

    async def sim(self, method: str, path: str, body: Any = None) -> Any:
        """Call the simulator's side address. Raises RuntimeError for an error."""
        async with self._session.request(method, f"{self._sim}/_sim/{path}", json=body) as response:
            if response.status >= 400:
                raise RuntimeError(
                    f"the simulator answered {response.status}: {await response.text()}"
                )
            return await response.json() if response.status != 204 else None

    async def hosts(self, pool_id: str) -> dict[str, bool]:
        """Each host of a pool with its ``allowNewSession``, from the control plane."""
        found: dict[str, bool] = {}
        url: str | None = f"{self._sim}{pool_id}/sessionHosts?api-version={API_VERSION}"
        while url is not None:
            async with self._session.get(url) as response:
                response.raise_for_status()
                page = await response.json()
            for host in page["value"]:
                name = host["name"].rsplit("/", 1)[-1]
                found[name] = host["properties"]["allowNewSession"]
            url = page.get("nextLink")
        return found
