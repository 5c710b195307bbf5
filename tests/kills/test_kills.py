"""A few dozen real kills; ``python dev.py kills --kills 200`` does more."""

from pathlib import Path
from random import Random

from tests.kills.chaos import chaos
from tests.kills.fleet import fleet
from tests.kills.verdict import judge


async def test_instances_that_are_killed_at_random_keep_every_promise(tmp_path: Path) -> None:
    r = Random(1)
    async with fleet(tmp_path, r) as made:
        before = await made.client.sim("GET", "world")
        await made.begin()
        done = await chaos(made, 25)
        assert done["drains"] >= 3
        assert await judge(made, before) == []
