"""The API, fuzzed from its own description: whatever is sent, no answer is a server's fault or one
that the description does not know. ``python dev.py fuzz`` does the same at length."""

from pathlib import Path

from local.parts import Parts
from tests.fuzzing import SHORT, fuzz

LEAST = 300
"""Requests that must have been made: else it proved little."""


async def test_whatever_is_sent_the_answer_is_one_that_is_described(
    parts: Parts, tmp_path: Path
) -> None:
    came = await fuzz(parts, tmp_path, SHORT, examples=12, seed=20261124)
    assert came.faults == ""
    assert came.made > LEAST
