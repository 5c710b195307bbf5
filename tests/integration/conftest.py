"""Azurite, once for all of these tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from local.parts import Parts, running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def storage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The connection string of a fresh storage emulator."""
    folder: Path = tmp_path_factory.mktemp("azurite")
    async with running(Parts(folder)) as parts:
        await parts.start_azurite()
        yield parts.storage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests share one event loop, as they share the emulator."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
