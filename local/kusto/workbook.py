"""Makes infra/workbook.json, the Azure Monitor workbook, from the queries in infra/queries/board.

Run as: python -m local.kusto.workbook

Its items have the types of the vendor's workbooks: 1 (text), 3 (query) and 9 (parameters).
"""

import json
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.kusto.queries import ROOT, for_workbook, queries

FILE = ROOT / "infra" / "workbook.json"
WORKSPACE = "WORKSPACE_ID"
"""Replaced by infra/modules/workbook.bicep."""

LOGS = {
    "queryType": 0,
    "resourceType": "microsoft.operationalinsights/workspaces",
    "crossComponentResources": [WORKSPACE],
}
HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Part:
    """One query of the board, and how it is shown."""

    query: str
    title: str
    shown: str
    width: int = 50
    alarming: tuple[str, ...] = field(default=())
    """The columns whose numbers are red above zero. An unknown number has no colour."""
    none: str = "Nothing in this time range."


SECTIONS: dict[str, tuple[Part, ...]] = {
    "Now": (
        Part("timers", "When the timer last ran", "table", none="No tick in this time range."),
        Part("now", "What is late or needs somebody, by pool, as of the last tick", "table",
             alarming=("overdue", "attention", "refused")),
    ),
    "Hosts": (
        Part("hosts-by-phase", "Hosts of open drains by phase: the most at a time", "timechart"),
        Part("hosts-out-by-pool", "Hosts that are out, by pool: the most at a time", "areachart"),
        Part("time-to-empty", "How long hosts took to be empty, by pool", "table"),
    ),
    "Drains": (
        Part("open-drains", "Drains by their steps, the latest first", "table", alarming=("failed",)),
        Part("drains-ended", "How drains ended", "barchart"),
        Part("lateness", "How late steps began, in seconds", "timechart"),
    ),
    "The control plane and events": (
        Part("requests", "Requests to Azure Resource Manager by outcome", "barchart"),
        Part("tokens", "Tokens left, by bucket: the fewest", "timechart"),
        Part("events", "Events by source and outcome", "barchart"),
    ),
    "One drain": (
        Part("drain-steps", "Steps of the drain {Drain}", "table", 100,
             none="Write a drain's id above, under Drain."),
        Part("drain-log", "Log of the drain {Drain}", "table", 100,
             none="Write a drain's id above, under Drain."),
    ),
}  # fmt: skip


def page() -> str:
    """The workbook as text. ``WORKSPACE_ID`` stands for the resource id of the workspace."""
    made = {
        "version": "Notebook/1.0",
        "items": [_text("about", _about()), _parameters(), *_items()],
        "fallbackResourceIds": [WORKSPACE],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _about() -> str:
    return (
        "A picture of the app over time. Who has to act now sees it on the app's board (`/api/board`), and what "
        "to do in `docs/runbook.md`. Telemetry comes some minutes late."
    )


def _items() -> list[dict[str, Any]]:
    kept = queries("board")
    found: list[dict[str, Any]] = []
    for section, parts in SECTIONS.items():
        found.append(_text(section, f"## {section}"))
        found += [_query(part, kept[f"board/{part.query}"]) for part in parts]
    return found


def _text(name: str, markdown: str) -> dict[str, Any]:
    return {"type": 1, "content": {"json": markdown}, "name": name}


def _query(part: Part, query: str) -> dict[str, Any]:
    content: dict[str, Any] = {
        "version": "KqlItem/1.0",
        "query": for_workbook(query),
        "size": 0,
        "title": part.title,
        "noDataMessage": part.none,
        "timeContextFromParameter": "TimeRange",
        **LOGS,
        "visualization": part.shown,
    }
    if part.alarming:
        content["gridSettings"] = {"formatters": [_red(column) for column in part.alarming]}
    return {
        "type": 3,
        "content": content,
        "customWidth": str(part.width),
        "name": part.query,
    }


def _red(column: str) -> dict[str, Any]:
    grid = [
        {"operator": ">", "thresholdValue": "0", "representation": "redBright", "text": "{0}{1}"},
        {"operator": "Default", "thresholdValue": None, "text": "{0}{1}"},
    ]
    options = {"thresholdsOptions": "colors", "thresholdsGrid": grid}
    return {"columnMatch": f"^{column}$", "formatter": 18, "formatOptions": options}


def _parameters() -> dict[str, Any]:
    hours = (1, 4, 12, 24, 72, 168, 720)
    parameters = [
        _parameter("TimeRange", "Time range", 4, isRequired=True, value={"durationMs": 24 * HOUR})
        | {
            "typeSettings": {
                "selectableValues": [{"durationMs": number * HOUR} for number in hours],
                "allowCustom": True,
            }
        },
        _parameter("Pool", "Pools (none chosen: all)", 2, isRequired=False, multiSelect=True)
        | {
            "quote": "'",
            "delimiter": ",",
            "query": queries("board")["board/pools"].strip(),
            "typeSettings": {"additionalResourceOptions": [], "showDefault": False},
            "timeContextFromParameter": "TimeRange",
            **LOGS,
        },
        _parameter("Drain", "Drain (its id)", 1, isRequired=False, value=""),
    ]
    content = {"version": "KqlParameterItem/1.0", "parameters": parameters, "style": "pills"}
    return {"type": 9, "content": content | LOGS, "name": "parameters"}


def _parameter(name: str, label: str, kind: int, **more: object) -> dict[str, Any]:
    known: Mapping[str, object] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"avd-drain/workbook/{name}")),
        "version": "KqlParameterItem/1.0",
        "name": name,
        "label": label,
        "type": kind,
    }
    return dict(known) | more


def main() -> int:
    FILE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
