"""Windows runs what other systems run: what only one of them has is called where its twin stands beside it."""

import re
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
