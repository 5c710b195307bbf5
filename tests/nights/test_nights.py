"""Some hundreds of nights, and those that once found something."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nights.draw import draw
from tests.nights.night import night
from tests.nights.script import load, save
from tests.nights.story import shortest, story

FOUND = Path(__file__).with_name("found")
NIGHTS = 600
PARTS = 12


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_goes_wrong_in_a_night_every_promise_is_kept(part: int) -> None:
    for seed in range(part, NIGHTS, PARTS):
        if night(seed).broken is not None:
            pytest.fail(story(shortest(draw(seed))))


def test_the_nights_are_not_idle() -> None:
    """They drain, fail, crash and end in every way: else they would prove little."""
    came = [night(seed) for seed in range(80)]
    assert sum(night.crashes for night in came) > 40
    assert sum(night.faults for night in came) > 100
    assert sum(night.steps for night in came) > 2000
    ends = {end for night in came for end in night.ends.values()}
    assert {"Succeeded", "Failed", "Canceled"} <= ends


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.json")), ids=lambda path: path.stem)
def test_a_night_that_once_found_something_keeps_its_promises_now(path: Path) -> None:
    came = night(load(path))
    assert came.broken is None, story(load(path))


@pytest.mark.parametrize("seed", [3, 40, 155, 9264])
def test_a_night_is_its_seeds_alone(seed: int) -> None:
    """In another process, with other hashes of its strings, the same things happen."""
    code = (
        "from tests.nights.night import night; import hashlib;"
        f"print(hashlib.sha256(repr(night({seed}, tell=True).story).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            cwd=root,
        ).stdout
        for hashes in ("1", "2")
    }
    assert len(told) == 1


def test_a_script_can_be_kept_and_carried_out_again(tmp_path: Path) -> None:
    script = draw(7)
    save(script, tmp_path / "night.json")
    assert load(tmp_path / "night.json") == script
