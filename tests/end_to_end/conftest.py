"""All parts as processes of their own, started afresh for each test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio

from local.client import Client
from local.parts import FAST, Parts, running
from local.scenes.one_drain import POOL
from tests.support import least_rights
from tests.support.files.described import Described


@pytest_asyncio.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    async with running(Parts(tmp_path, settings=FAST)) as made:
        await made.start_azurite()
        yield made


@asynccontextmanager
async def served(folder: Path, **settings: str) -> AsyncIterator[Parts]:
    """All parts started once, for tests that can share them."""
    async with running(Parts(folder, settings={**FAST, **settings})) as made:
        await made.start_azurite()
        await made.start_sim(least_rights.estate(made.folder), 60.0)
        await made.start_app()
        yield made


class CheckedClient(Client):
    """Holds every answer of the app to the app's own description."""

    _described: Described | None = None

    async def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        status, came, told = await super().call(method, path, body, headers)
        if self._described is None:
            _, openapi, _ = await super().call("GET", "openapi.json")
            _, swagger, _ = await super().call("GET", "swagger.json")
            self._described = Described(openapi, swagger)
        below = path.split("/api/", 1)[-1] if path.startswith("http") else path
        self._described.check(method, below, status, told, came)
        return status, came, told


@pytest_asyncio.fixture
async def client(parts: Parts) -> AsyncIterator[Client]:
    async with CheckedClient(parts.app_url, parts.sim_url, parts.key) as made:
        yield made


@pytest_asyncio.fixture
async def estate(parts: Parts, client: Client) -> dict[str, bool]:
    """Everything started; what the finance pool was before."""
    await parts.start_sim(least_rights.estate(parts.folder), 60.0)
    await parts.start_app()
    return await client.hosts(POOL)
