"""The page on security names a test for each threat, and each is there; and it says what the code says."""

import ast
import re
from pathlib import Path

import pytest

from shared.api.routes import ROUTES
from shared.core.access.roles import Role
from shared.settings.settings import Settings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
THREATS = [
    line
    for line in PAGE.split("## Threats")[1].split("## ")[0].splitlines()
    if line.startswith("| ")
][2:]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_each_threat_has_something_that_stops_it_and_a_test_that_shows_it() -> None:
    assert len(THREATS) > 20
    for line in THREATS:
        threat, stopped, shown = (part.strip() for part in line.strip("|").split(" | "))
        assert threat
        assert stopped
        assert re.search(r"`tests/[\w/]+\.py::\w+`", shown), threat


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_test_that_is_named_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name.startswith("test_")
    assert name in functions


def test_the_roles_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `(Drain\.\w+)` \|", PAGE, re.MULTILINE)
    assert rows == list(Role)
    assert {route.access.role for route in ROUTES} - {None} == set(Role)


def test_the_settings_that_are_named_are_settings() -> None:
    known = {setting.name for setting in Settings.settings()}
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+|ACCESS)`", PAGE))
    families = tuple(family.name.rstrip("*") for family in Settings.families())
    assert {name for name in named - known if not name.startswith(families)} == set()
