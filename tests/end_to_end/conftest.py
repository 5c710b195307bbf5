"""All parts as processes of their own, started afresh for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from local.client import Client
from local.parts import FAST, Parts, running


@pytest_asyncio.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    async with running(Parts(tmp_path, settings=FAST)) as made:
        await made.start_azurite()
        yield made


@pytest_asyncio.fixture
async def client(parts: Parts) -> AsyncIterator[Client]:
    async with Client(parts.app_url, parts.sim_url, parts.key) as made:
        yield made
