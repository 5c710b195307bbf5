"""No name, reason or error of somebody else's begins a line of the log, or is a format of one."""

import ast
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from shared.adapters.logs import keep_plain
from shared.core.values.texts import plain

ROOT = Path(__file__).parents[3]
FORGED = "hp\r\n2026-11-28 ERROR all is lost\x1b[2J\u202e\u2028x %s %(name)s {0}"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    before = logging.getLogRecordFactory()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("shared")
    logger.addHandler(handler)
    keep_plain()
    yield stream
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


def test_what_a_caller_sends_stays_in_its_line(said: io.StringIO) -> None:
    logging.getLogger("shared.engine").warning("%s: %d hosts of %s", FORGED, 3, FORGED)
    [line] = said.getvalue().splitlines()
    assert line.startswith("WARNING hp\\r\\n2026")
    assert line.isprintable()
    assert "%(name)s {0}" in line


def test_a_traceback_with_such_a_text_in_it_has_no_line_at_the_margin(said: io.StringIO) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("shared.engine").exception("it failed: %s", ValueError(FORGED))
    first, *rest = said.getvalue().splitlines()
    assert first.startswith("ERROR it failed")
    assert len(rest) > 2
    assert all(line.startswith("    ") for line in rest)


def test_records_of_others_are_as_they_were(said: io.StringIO) -> None:
    made = logging.getLogRecordFactory()("azure.core", 20, "f", 1, "%s", ("a\nb",), None)
    assert made.getMessage() == "a\nb"


def test_it_is_done_once() -> None:
    before = logging.getLogRecordFactory()
    try:
        keep_plain()
        once = logging.getLogRecordFactory()
        keep_plain()
        assert logging.getLogRecordFactory() is once
    finally:
        logging.setLogRecordFactory(before)


@given(st.text())
def test_any_text_becomes_one_line_that_can_be_read(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1
    assert plain(text).encode().decode() == plain(text)
    assert len(plain(text, 10)) <= 10 * 10


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in [ROOT / "function_app.py", *(ROOT / "shared").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                on = node.func.value
                if isinstance(on, ast.Name) and on.id in ("log", "logger", "logging"):
                    yield str(path.relative_to(ROOT)), node


def test_every_log_message_is_a_literal_and_what_it_tells_stands_beside_it() -> None:
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    found = [
        (path, c)
        for path, c in calls()
        if isinstance(c.func, ast.Attribute) and c.func.attr in levels
    ]
    assert len(found) > 30
    for path, call in found:
        first = call.args[0]
        assert isinstance(first, ast.Constant), (path, call.lineno)
        assert isinstance(first.value, str), (path, call.lineno)


def test_nothing_is_printed_but_by_commands() -> None:
    for path in (ROOT / "shared").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [
            n.func.id
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        ]
        assert "print" not in names or path.parent.name == "description", path
