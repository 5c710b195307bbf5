"""Windows runs what other systems run: what only one of them has is called where its twin stands beside it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
POSIX_ONLY = re.compile(
    r"start_new_session|add_signal_handler|os\.(?:killpg|setsid|fork|getuid|uname|mkfifo)\b|SIGKILL|"
    r"SIGHUP|SIGUSR|^import (?:fcntl|pwd|grp|termios)$|[\"']/tmp|shell=True|subprocess_shell",
    re.MULTILINE,
)
TWINS = {"local/stopping.py"}


@pytest.mark.parametrize("place", ["dev.py", "local", "cli", "tests"])
def test_what_only_posix_has_stands_beside_its_twin(place: str) -> None:
    path = ROOT / place
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    found = {
        file.relative_to(ROOT).as_posix()
        for file in files
        if file != Path(__file__) and POSIX_ONLY.search(file.read_text(encoding="utf-8"))
    }
    assert files
    assert found <= TWINS
    for file in found:
        assert 'sys.platform == "win32"' in (ROOT / file).read_text(encoding="utf-8")


TEXTS = {"open": 3, "read_text": 1, "write_text": 2}
"""Calls by which a text is read or written, and from how many plain arguments on one is its encoding."""


def without_encoding(file: Path) -> Iterator[int]:
    """The lines of such calls: Windows would take its code page."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        plain = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if name == "open" and not any(value in ("r", "w", "a", "x") for value in plain):
            continue
        told = {word.arg for word in node.keywords}
        if name in TEXTS and "encoding" not in told and len(node.args) < TEXTS[name]:
            yield node.lineno


@pytest.mark.parametrize("place", ["dev.py", "shared", "local", "cli", "tests", "bench"])
def test_a_text_is_read_and_written_in_the_same_letters_everywhere(place: str) -> None:
    path = ROOT / place
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    found = {file.relative_to(ROOT).as_posix(): [*without_encoding(file)] for file in files}
    assert {file: lines for file, lines in found.items() if lines} == {}
