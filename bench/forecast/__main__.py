"""How good forecasts are: ``python -m bench.forecast`` lives through simulated weeks of drains, holds each
forecast to when it truly ended, and writes one JSON file. ``--write-docs FILE.json`` writes ``docs/forecast.md``
from such a file."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import record
from bench.docs import DocsError, replaced
from bench.forecast.cost import costs
from bench.forecast.estates import ESTATES
from bench.forecast.score import as_json, at_first, on_the_way, score
from bench.forecast.weeks import Lived, live

PAGE = record.ROOT / "docs" / "forecast.md"
AGES = (("the first", 0, 1), ("2 and 3", 1, 3), ("4 to 9", 3, 9), ("10 and later", 9, 10**6))
"""How many drains of a pool were seen before."""
SEEN = 3
"""Drains of a pool that are seen before its forecasts count in the table of estates."""


def lived(told: tuple[int, int, int]) -> Lived:
    place, nights, seed = told
    return asyncio.run(live(ESTATES[place], nights, seed))


def measure(nights: int, seeds: Sequence[int]) -> dict[str, Any]:
    jobs = [(place, nights, seed) for seed in seeds for place in range(len(ESTATES))]
    with ProcessPoolExecutor() as pool:
        found = list(zip(jobs, pool.map(lived, jobs), strict=True))
    estates = []
    for place, estate in enumerate(ESTATES):
        mine = [each for job, each in found if job[0] == place]
        drains = [c for each in mine for c in each.drains if c.night >= SEEN]
        hosts = [c for each in mine for c in each.hosts if c.night >= SEEN]
        estates.append({
            "name": estate.name, "about": estate.about,
            "atFirst": as_json(score(at_first(drains))),
            "onTheWay": as_json(score(on_the_way(drains))),
            "hosts": as_json(score(at_first(hosts))),
        })  # fmt: skip
    ages = []
    every = [c for _, each in found for c in each.drains]
    for name, first, beyond in AGES:
        these = [c for c in every if first <= c.night < beyond]
        ages.append({"name": name, "atFirst": as_json(score(at_first(these))),
                     "onTheWay": as_json(score(on_the_way(these)))})  # fmt: skip
    cost = [asdict(each) for each in costs()]
    return {
        "nights": nights, "seeds": len(seeds), "estates": estates, "ages": ages, "cost": cost,
    }  # fmt: skip


def write_docs(path: Path) -> None:
    """Raises DocsError."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        blocks = {"about": about(run), "estates": estate_table(run), "hosts": host_table(run), "ages": age_table(run),
                  "cost": cost_table(run)}  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        raise DocsError(f"{path}: {type(error).__name__}: {error}") from None
    text = PAGE.read_text(encoding="utf-8")
    for name, block in blocks.items():
        text = replaced(text, f"forecast-{name}", block)
    PAGE.write_text(text, encoding="utf-8")


def about(run: dict[str, Any]) -> str:
    changed = " with changes" if run["changed"] else ""
    return (
        f"{run['at'][:16].replace('T', ' ')} UTC, the tree of commit {run['commit'][:10]}{changed}: "
        f"`python -m bench.forecast --nights {run['nights']} --seeds {run['seeds']}`, {run['took']} s."
    )


def estate_table(run: dict[str, Any]) -> str:
    lines = [
        "| estate | off by, at the start | deadline plus last time | as the last drain | in the range | "
        "its width | off by, on the way | in the range |",
        "| --- " * 8 + "|",
    ]
    for each in run["estates"]:
        first, way = each["atFirst"], each["onTheWay"]
        cells = [
            f"{each['name']}: {each['about']}",
            _min(first["error"]), _min(first["simple"]), _min(first["last"]),
            _share(first["inside"]), _min(first["width"]),
            _min(way["error"]), _share(way["inside"]),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def host_table(run: dict[str, Any]) -> str:
    lines = [
        "| estate | hosts | off by, as it goes out | deadline plus last time | in the range | its width |",
        "| --- " * 6 + "|",
    ]
    for each in run["estates"]:
        hosts = each["hosts"]
        cells = [
            each["name"], f"{hosts['number']:,}", _min(hosts["error"]), _min(hosts["simple"]),
            _share(hosts["inside"]), _min(hosts["width"]),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def age_table(run: dict[str, Any]) -> str:
    lines = [
        "| drains of a pool | of so many | said that nobody can know | off by, at the start | in the range | "
        "off by, on the way | in the range |",
        "| --- " * 7 + "|",
    ]
    for each in run["ages"]:
        first, way = each["atFirst"], each["onTheWay"]
        cells = [
            each["name"], str(first["number"]), _share(first["unknown"]), _min(first["error"]),
            _share(first["inside"]), _min(way["error"]), _share(way["inside"]),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def cost_table(run: dict[str, Any]) -> str:
    lines = ["| hosts | a forecast | the decision of the same look |", "| --- | --- | --- |"]
    lines += [
        f"| {each['hosts']:,} | {1000 * each['forecast']:.1f} ms | {1000 * each['decision']:.1f} ms |"
        for each in run["cost"]
    ]
    return "\n".join(lines)


def _min(minutes: float | None) -> str:
    return (
        "" if minutes is None else f"{minutes:.0f} min" if minutes >= 10 else f"{minutes:.1f} min"
    )


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.forecast", description=__doc__)
    parser.add_argument(
        "--nights", type=int, default=20, help="drains of each estate, one after the other"
    )
    parser.add_argument(
        "--seeds", type=int, default=4, help="so often each estate is lived through"
    )
    parser.add_argument(
        "--write-docs", type=Path, metavar="FILE.json", help="measure nothing: write the page"
    )
    told = parser.parse_args()
    if told.write_docs is not None:
        write_docs(told.write_docs)
        print(f"written: {PAGE}")
        return 0
    began = time.monotonic()
    found = measure(told.nights, range(1, told.seeds + 1))
    run = {
        "at": datetime.now(UTC).isoformat(), "machine": record.machine(), **record.commit(), **found,
        "took": round(time.monotonic() - began),
    }  # fmt: skip
    path = record.new_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run, indent=1, ensure_ascii=False), encoding="utf-8")
    print(
        f"{about(run)}\n\n{estate_table(run)}\n\n{host_table(run)}\n\n{age_table(run)}\n\n{cost_table(run)}\n\n{path}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
