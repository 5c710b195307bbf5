"""What the bench makes of its figures. What it measures is nowhere a test's limit."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.__main__ import arguments, measure
from bench.docs import DocsError, about, latest, replaced
from bench.night import TIMERS_AN_HOUR, night_of, night_table
from bench.plot import Line, svg
from bench.rows import GROUPS, NAMED
from bench.rows.buckets import floor
from bench.size import Group, Size
from bench.table import Row, at_least, at_most, line, markdown, read_row, row_json

ROOT = Path(__file__).parents[3]


def test_a_row_is_met_by_its_median_and_shows_its_range() -> None:
    row = Row("k", "m", (3.0, 1.0, 1.04), "s", at_most(1.05))
    assert (row.verdict, row.figure) == ("met", "1.04 s (1–3, n=3)")
    assert Row("k", "m", (0.89,), "", at_least(0.9)).verdict == "NOT MET"


def test_what_was_not_measured_is_neither_met_nor_a_number() -> None:
    row = Row("k", "az rest", (), "s", at_most(1), "pip failed")
    assert (row.verdict, row.figure, row.median) == ("", "not measured", None)
    assert "pip failed" in line(row)
    assert "pip failed" in markdown([row])


def test_a_row_is_read_back_as_it_was_written() -> None:
    row = Row("k", "m", (1.0, 2.0), "s", at_least(2), "note")
    assert read_row(row_json(row)) == row


def test_the_floor_is_what_the_buckets_alone_take() -> None:
    assert [floor(1000), floor(300), floor(600), floor(100)] == [80, 10, 40, 0]
    assert floor(300, share=0.8) == 17.5


def test_a_block_of_a_page_is_replaced_and_the_rest_stays() -> None:
    page = "a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb <!-- bench:y -->\n<!-- /bench:y -->"
    made = replaced(page, "x", "| new \\1 |")
    assert made.startswith("a\n<!-- bench:x -->\n\n| new \\1 |\n\n<!-- /bench:x -->\nb ")
    assert "old" not in made
    with pytest.raises(DocsError, match="bench:z"):
        replaced(page, "z", "")


def test_of_each_kind_of_row_the_last_run_counts() -> None:
    def run(*rows: Row) -> dict[str, list[object]]:
        return {"rows": [row_json(row) for row in rows]}

    first = run(
        Row("cold.ratio", "m", (4.0,)), Row("cold.gone", "m", (1.0,)), Row("idle.a", "m", (1.0,))
    )
    rows = latest([first, run(Row("cold.ratio", "m", (1.2,)))])
    assert {key: row.median for key, row in rows.items()} == {"cold.ratio": 1.2, "idle.a": 1.0}


def test_a_busy_machine_is_said_to_be_one() -> None:
    machine = {"processor": "p", "cores": 2, "python": "3.13", "node": "v20", "loadBefore": 3.0}
    run = {"at": "2026-11-28T20:00:00", "size": "usual", "commit": "c" * 40, "machine": machine}
    assert "busy" in about([run])
    assert "busy" not in about([{**run, "machine": {**machine, "loadBefore": 0.2}}])


def test_a_night_is_counted_up_from_the_largest_that_was_measured() -> None:
    rows = {
        f"night.{name}-100": Row("", "", (value,))
        for name, value in {
            "steps": 50.0, "processor": 100.0, "tables": 400.0, "rows": 900.0, "sent": 3.0, "came": 8.0
        }.items()
    }  # fmt: skip
    night = night_of(rows, 1000)
    assert night is not None
    assert (night.measured, night.steps, night.tables, night.seconds) == (100, 500, 4000, 2.0)
    assert night.gb_seconds == (500 * 2.0 + TIMERS_AN_HOUR * 8) * 2
    assert "1,000 hosts, counted up from 100" in night_table(rows)
    assert night_of({}, 100) is None
    assert "Not measured" in night_table({})


def test_a_plot_has_its_lines_and_nothing_is_not_drawn() -> None:
    drawn = svg(
        "t", "seconds", [Line("a < b", [(10, 1.0), (100, 9.0)]), Line("c", [(10, 2.0)], True)]
    )
    assert drawn.count("<polyline") == 2
    assert "a &lt; b" in drawn
    with pytest.raises(ValueError, match="nothing to draw"):
        svg("t", "seconds", [Line("a", [])])


def test_only_groups_that_there_are_can_be_asked_for() -> None:
    assert arguments(["--only", "cold, idle"]).only == "cold, idle"
    with pytest.raises(SystemExit):
        arguments(["--only", "warm"])


def test_the_page_on_the_bench_tells_of_each_group() -> None:
    page = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    assert len(NAMED) == len(GROUPS)
    assert [name for name in NAMED if f"`{name}`" not in page] == []


def test_the_page_on_scale_has_the_blocks_that_are_written() -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    for name in ("about", "table", "night"):
        assert replaced(page, name, "x") != page


async def test_a_group_that_fails_is_a_row_that_says_so_and_keeps_none_from_running() -> None:
    async def fails(size: Size) -> AsyncIterator[Row]:
        yield Row("a.one", "one", (1.0,))
        raise RuntimeError("the app ended")

    async def waits(size: Size) -> AsyncIterator[Row]:
        yield Row("b.one", "waits", (2.0,))

    async def well(size: Size) -> AsyncIterator[Row]:
        yield Row("c.one", "well", (3.0,))

    kept: list[list[str]] = []
    groups = [
        Group("b", "waits", waits, waits=True),
        Group("a", "fails", fails),
        Group("c", "well", well),
    ]
    await measure(groups, Size.QUICK, lambda rows: kept.append([row.key for row in rows]))
    assert kept[0] == ["a.one", "a.failed"]
    assert kept[-1] == ["a.one", "a.failed", "c.one", "b.one"]
