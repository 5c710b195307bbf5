"""Writes what runs have measured into the pages that show it: tables between markers, and plots.

A page holds ``<!-- bench:NAME -->`` and ``<!-- /bench:NAME -->``; what is between them is written from
the runs' files, of each kind of row the last file's that has any.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.night import night_table
from bench.plot import Line, svg
from bench.rows.buckets import floor
from bench.rows.latency import LATENCY
from bench.table import Row, markdown, read_row

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
TIME_PLOT, LOOK_PLOT = ROOT / "docs" / "scale-time.svg", ROOT / "docs" / "scale-look.svg"
BUSY = 0.7
"""Of the cores: with more load than that before a run, its absolute times are to be measured again."""

Rows = Mapping[str, Row]


class DocsError(Exception):
    """What was to be written from these files cannot be; the text says why."""


def write_docs(paths: Sequence[Path]) -> list[Path]:
    """The page and the plots that were written. Raises DocsError."""
    runs = [_read(path) for path in paths]
    rows = latest(runs)
    text = PAGE.read_text(encoding="utf-8")
    blocks: dict[str, Callable[[], str]] = {
        "about": lambda: about(runs),
        "table": lambda: markdown(rows.values()),
        "night": lambda: night_table(rows),
    }
    for name, made in blocks.items():
        text = replaced(text, name, made())
    PAGE.write_text(text, encoding="utf-8")
    written = [PAGE]
    for path, title, name, lines in _plots(rows):
        if any(line.points and not line.dashed for line in lines):
            path.write_text(svg(title, name, lines), encoding="utf-8")
            written.append(path)
    return written


def latest(runs: Sequence[Mapping[str, Any]]) -> dict[str, Row]:
    """The rows of all runs by their keys: of each kind (what stands before the key's dot) only the last
    run's that has any, so that no row outlives its measurement."""
    kinds: dict[str, dict[str, Row]] = {}
    for run in runs:
        found: dict[str, dict[str, Row]] = {}
        for row in map(read_row, run["rows"]):
            found.setdefault(row.key.split(".", 1)[0], {})[row.key] = row
        kinds |= found
    return {key: row for rows in kinds.values() for key, row in rows.items()}


def replaced(text: str, name: str, block: str) -> str:
    """The page with another text between a block's markers. Raises DocsError if it has none."""
    pattern = rf"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)"
    found, count = re.subn(pattern, lambda m: f"{m[1]}\n{block}\n\n{m[2]}", text, flags=re.DOTALL)
    if count != 1:
        raise DocsError(f"the page has {count} blocks bench:{name}, not one")
    return found


def about(runs: Sequence[Mapping[str, Any]]) -> str:
    """Where and of what the runs were, a line each."""
    return "\n".join(_about(run) for run in runs)


def _about(run: Mapping[str, Any]) -> str:
    machine = run["machine"]
    load, cores = machine.get("loadBefore"), machine.get("cores") or 1
    changed = " with changes" if run.get("changed") else ""
    line = (
        f"- {run['at'][:16].replace('T', ' ')} UTC, size {run['size']}, the app of commit "
        f"{(run.get('app') or run['commit'] or 'unknown')[:10]}{changed}: {machine['processor']}, {cores} cores, "
        f"Python {machine['python']}, Node {machine['node']}"
    )
    if load is not None and load > BUSY * cores:
        line += (
            f". **The machine was busy (load {load:.1f} before the run): ratios side by side hold, "
            "absolute times are to be measured again**"
        )
    return line


def _plots(rows: Rows) -> list[tuple[Path, str, str, list[Line]]]:
    loop = _points(rows, "growth.sdk-")
    ours = _points(rows, "growth.app-")
    whole = rows.get("buckets.one-1000")
    if whole is not None and whole.median is not None and "growth.app-1000" not in rows:
        ours.append((1000.0, whole.median * floor(1000)))
    least = [(float(n), max(LATENCY, floor(n))) for n in (10, 200, 300, 500, 1000, 3000, 10_000)]
    counted = [(n, n * loop[-1][1] / loop[-1][0]) for n in (loop[-1][0], 10_000.0)] if loop else []
    first = _points(rows, "growth.first-") + _points(rows, "steps.first-")
    waits = _points(rows, "growth.waiting-") + _points(rows, "steps.waiting-")
    time = [Line("the app", ours), Line("the SDK in a loop", loop)]
    time.append(Line("... counted up", counted, dashed=True))
    time.append(Line("what the buckets allow", least, dashed=True))
    look = [Line("a first step, 100 go out", first), Line("a step that waits", waits)]
    return [
        (TIME_PLOT, "Until the last host is in drain mode, at 120 ms", "seconds", time),
        (LOOK_PLOT, "Processor time of a step", "seconds", look),
    ]


def _points(rows: Rows, prefix: str) -> list[tuple[float, float]]:
    found = []
    for key, row in rows.items():
        rest = key.removeprefix(prefix)
        if key.startswith(prefix) and rest.isdigit() and row.median is not None:
            found.append((float(rest), row.median))
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DocsError(f"{path}: {error}") from None
    if missing := {"rows", "at", "machine", "commit", "size"} - set(run):
        raise DocsError(f"{path} is no run's file: no {', '.join(sorted(missing))}")
    return run
