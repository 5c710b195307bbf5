"""Commands of the docs have the same words with a shell and without one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.callers.shell import words_of

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^curl .*$", PAGE, re.MULTILINE)
KNOWN = {
    "APP": "http://127.0.0.1:7071",
    "KEY": "a key",
    "POOL": "/sub/a/hp",
    "ID": "hp~1",
    "ETAG": 'W/"1 2"',
}


def test_there_are_commands_to_be_tried() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here to compare with")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_the_words_that_bash_makes_of_it(command: str) -> None:
    asked = command.replace("curl", "printf '%s\\0' curl", 1)
    told = subprocess.run(
        ["bash", "-c", asked], env=KNOWN, capture_output=True, text=True, check=True
    )
    assert told.stdout.split("\0")[:-1] == words_of(command, KNOWN)
