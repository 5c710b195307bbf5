"""The workbook: made of its queries, and what they show of rows as the app's telemetry makes them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from local.kusto import workbook
from local.kusto.queries import FILLED, PARAMETERS, filled, for_workbook, queries
from tests.support.telemetry.workspace import Row, error, histogram, metric, run, span, trace

MADE: dict[str, Any] = json.loads(workbook.FILE.read_text(encoding="utf-8"))
SHOWN = {item["name"]: item for item in MADE["items"] if item["type"] == 3}
DAY = timedelta(days=1)
BOARD = queries("board")


def rows_of(name: str, *rows: Row, drain: str = "", pools: str = "") -> list[dict[str, Any]]:
    """What the workbook shows, with these chosen."""
    query = SHOWN[name]["content"]["query"]
    query = query.replace("{Pool}", pools).replace("{Drain}", drain)
    return run(query.replace("{TimeRange:grain}", "30m"), rows, DAY)


def total(found: list[dict[str, Any]], about: str, number: str) -> dict[str, float]:
    told: dict[str, float] = {}
    for row in found:
        told[row[about]] = told.get(row[about], 0) + row[number]
    return told


def test_it_is_made_of_its_queries() -> None:
    assert workbook.FILE.read_text(encoding="utf-8") == workbook.page()


def test_every_query_of_the_board_is_shown_once() -> None:
    assert sorted([*SHOWN, "pools"]) == sorted(name.removeprefix("board/") for name in BOARD)
    assert len({item["name"] for item in MADE["items"]}) == len(MADE["items"])


def test_every_parameter_that_it_names_is_one_of_its_own() -> None:
    [parameters] = [item for item in MADE["items"] if item["type"] == 9]
    own = {each["name"] for each in parameters["content"]["parameters"]}
    named = set(re.findall(r"\{(\w+)(?::\w+)?\}", json.dumps(MADE["items"]).replace("{0}{1}", "")))
    assert named == own - {"TimeRange"} | {"TimeRange"} == {"TimeRange", "Pool", "Drain"}


def test_every_query_sees_the_time_range_and_the_workspace() -> None:
    [parameters] = [item for item in MADE["items"] if item["type"] == 9]
    [pools] = [each for each in parameters["content"]["parameters"] if each["name"] == "Pool"]
    for content in [pools, *(item["content"] for item in SHOWN.values())]:
        assert content["timeContextFromParameter"] == "TimeRange"
        assert content["crossComponentResources"] == ["WORKSPACE_ID"]
    assert MADE["fallbackResourceIds"] == ["WORKSPACE_ID"]


def test_columns_that_are_coloured_are_columns_of_their_query() -> None:
    for item in SHOWN.values():
        for each in item["content"].get("gridSettings", {}).get("formatters", []):
            column = each["columnMatch"].strip("^$")
            assert re.search(rf"\b{column} =", item["content"]["query"]), column


def test_a_query_that_sets_a_parameter_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="let grain = 1h;"):
        for_workbook("let grain = 1h;\nAppMetrics")


def test_what_the_workbook_puts_in_leaves_nothing_open() -> None:
    assert set(PARAMETERS.values()) == {
        line.replace(FILLED[name], name)
        for line in filled("\n".join(PARAMETERS.values())).split("\n")
        for name in FILLED
        if FILLED[name] in line
    }
    for query in BOARD.values():
        assert "{" not in filled(for_workbook(query))


def test_hosts_are_counted_by_phase_as_the_most_at_a_time() -> None:
    told = [
        metric("avd_drain.hosts", 3, 2, pool="hp-1", phase="draining"),
        metric("avd_drain.hosts", 3, 2.001, pool="hp-1", phase="draining"),
        metric("avd_drain.hosts", 1, 2, pool="hp-2", phase="draining"),
        metric("avd_drain.hosts", 2, 2, pool="hp-2", phase="queued"),
    ]
    found = rows_of("hosts-by-phase", *told)
    assert max(row["hosts"] for row in found if row["phase"] == "draining") == 4
    out = rows_of("hosts-out-by-pool", *told)
    assert total(out, "pool", "hosts") == {"hp-1": 3, "hp-2": 1}
    chosen = rows_of("hosts-out-by-pool", *told, pools="'hp-2','hp-9'")
    assert total(chosen, "pool", "hosts") == {"hp-2": 1}
    assert [row["pool"] for row in run(BOARD["board/pools"], told, DAY)] == ["hp-1", "hp-2"]


def test_what_is_amiss_now_is_as_of_the_last_tick_and_what_is_unknown_is_not_none() -> None:
    told = [
        metric("avd_drain.ticks", 1, 300),
        metric("avd_drain.hosts.overdue", 2, 301, pool="hp-1"),
        metric("avd_drain.claims.refused", 1, 309, pool="hp-1"),
        metric("avd_drain.hosts.overdue", 9, 309, pool="hp-2"),
        metric("avd_drain.hosts.attention", 0, 301, pool="hp-3"),
    ]
    found = {row["pool"]: row for row in rows_of("now", *told)}
    assert set(found) == {"hp-1", "hp-3"}
    assert (found["hp-1"]["overdue"], found["hp-1"]["refused"]) == (2, 1)
    assert found["hp-1"]["attention"] is None
    assert found["hp-3"]["attention"] == 0
    [timers] = rows_of("timers", *told)
    assert (timers["minutes"], timers["ticks"]) == (300, 1)


def test_counters_are_added_up() -> None:
    requests = [
        metric("avd_drain.arm.requests", 5, minutes, kind=kind, outcome=outcome)
        for minutes, kind, outcome in (
            (2, "reads", "ok"),
            (3, "writes", "ok"),
            (3, "reads", "lost"),
        )
    ]
    assert total(rows_of("requests", *requests), "outcome", "requests") == {"ok": 10, "lost": 5}
    came = metric("avd_drain.events", 2, source="health", outcome="started")
    assert total(rows_of("events", came), "event", "events") == {"health: started": 2}
    ended = metric("avd_drain.drains.ended", 1, pool="hp-1", status="Canceled")
    assert total(rows_of("drains-ended", ended), "status", "drains") == {"Canceled": 1}


def test_the_fewest_tokens_count() -> None:
    told = [metric("avd_drain.arm.tokens", n, 0.001 * n, kind="reads") for n in (180, 7, 90)]
    assert min(row["tokens"] for row in rows_of("tokens", *told)) == 7


def test_of_histograms_the_mean_and_the_worst_are_shown() -> None:
    late = [
        histogram("avd_drain.step.lateness", 1, 3, 8, minutes=0.001, pool="hp-1"),
        histogram("avd_drain.step.lateness", 4, minutes=0.002, pool="hp-2"),
    ]
    [both] = rows_of("lateness", *late)
    assert (both["mean"], both["worst"]) == (4, 8)
    [one] = rows_of("lateness", *late, pools="'hp-1'")
    assert one["mean"] == 4
    emptied = histogram("avd_drain.host.time_to_empty", 600, 1800, pool="hp-1")
    [row] = rows_of("time-to-empty", emptied)
    assert (row["hosts"], row["mean_minutes"], row["worst_minutes"]) == (2, 20, 30)


STEPS = [
    span("drain.step", 9, Id="a", Success=True, DurationMs=900.0, OperationId="t-1",
         Properties={"drain.id": "drn-1", "pool": "hp-1", "step.number": "1"}),
    span("drain.step", 4, Id="b", Success=False, DurationMs=70.0, table="AppRequests", OperationId="t-1",
         Properties={"drain.id": "drn-1", "pool": "hp-1", "step.number": "2"}),
    span("drain.step", 5, Id="c", Success=True, DurationMs=10.0, OperationId="t-2",
         Properties={"drain.id": "drn-2", "pool": "hp-2", "step.number": "7"}),
    span("observe", 4, Id="d", ParentId="b", Success=True, DurationMs=50.0, OperationId="t-1"),
    span("observe", 5, Id="e", ParentId="c", Success=True, DurationMs=5.0, OperationId="t-2"),
]  # fmt: skip


def test_drains_are_known_by_their_steps() -> None:
    first, second = rows_of("open-drains", *STEPS)
    assert (first["drain"], first["step"], first["failed"], first["slowest_ms"]) == (
        "drn-1", 2, 1, 900,
    )  # fmt: skip
    assert (second["drain"], second["failed"]) == ("drn-2", 0)
    assert [row["drain"] for row in rows_of("open-drains", *STEPS, pools="'hp-2'")] == ["drn-2"]


def test_one_drain_is_shown_with_the_parts_of_its_steps_and_its_log() -> None:
    found = rows_of("drain-steps", *STEPS, drain="drn-1")
    assert [(row["Name"], row["step"]) for row in found] in (
        [("drain.step", 2), ("observe", None), ("drain.step", 1)],
        [("observe", None), ("drain.step", 2), ("drain.step", 1)],
    )
    logs = [trace("taken out", 3, drain="drn-1", host="h-1"), trace("other", 3, drain="drn-2")]
    logs.append(error("TimeoutError", "a step failed", 2, drain="drn-1"))
    found = rows_of("drain-log", *logs, drain="drn-1")
    assert [row["Message"] for row in found] == ["TimeoutError: a step failed", "taken out"]
    assert [row["host"] for row in found] == ["", "h-1"]


def test_with_no_drain_named_nothing_is_shown_of_one() -> None:
    assert rows_of("drain-steps", *STEPS) == []
    assert rows_of("drain-log", trace("no drain's", 3)) == []
