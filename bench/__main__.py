"""``make bench``: the whole table, each row with what is to be reached, and one JSON file of the run.

``README.md`` beside this tells what each row does and how to read it.
"""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import record
from bench.docs import write_docs
from bench.rows import GROUPS, NAMED
from bench.size import Group, Size
from bench.table import Row, line


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", default="", help=f"some of: {','.join(NAMED)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it runs")
    parser.add_argument("--full", action="store_true", help="all sizes, as the table names them")
    parser.add_argument("--list", action="store_true", help="what there is to measure")
    parser.add_argument(
        "--write-docs", type=Path, nargs="+", metavar="FILE.json",
        help="measure nothing: write the pages' tables and plots from runs' files",
    )  # fmt: skip
    given = parser.parse_args(words)
    unknown = [name for name in names(given.only) if name not in NAMED]
    if unknown:
        parser.error(f"--only takes {', '.join(NAMED)}, not {', '.join(unknown)}")
    return given


def names(only: str) -> list[str]:
    return [name for name in only.replace(" ", "").split(",") if name]


async def measure(groups: Sequence[Group], size: Size, keep: Callable[[list[Row]], object]) -> None:
    """All rows of the groups, kept after each group; one that fails is a row that says so, and keeps none
    from running."""
    rows: list[Row] = []
    beside = [asyncio.create_task(had(group, size)) for group in groups if group.waits]
    try:
        for group in groups:
            if not group.waits:
                print(f"\n{group.name}: {group.about}", flush=True)
                began = time.monotonic()
                rows += await had(group, size, tell=True)
                print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
                keep(rows)
        for group, task in zip([g for g in groups if g.waits], beside, strict=True):
            print(f"\n{group.name}: {group.about}", flush=True)
            more = await task
            rows += more
            print("\n".join(map(line, more)), flush=True)
            keep(rows)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def had(group: Group, size: Size, *, tell: bool = False) -> list[Row]:
    rows: list[Row] = []
    try:
        async for row in group.run(size):
            rows.append(row)
            if tell:
                print(line(row), flush=True)
    except Exception as error:  # noqa: BLE001  # told, and the others are measured
        note = f"{type(error).__name__}: {error}"
        rows.append(Row(f"{group.name}.failed", group.about, (), note=note))
        print(line(rows[-1]), flush=True)
    return rows


def main() -> int:
    given = arguments()
    if given.list:
        for group in GROUPS:
            print(f"{group.name:<10} {group.about}")
        return 0
    if given.write_docs:
        for path in write_docs(given.write_docs):
            print(f"written: {path}")
        return 0
    size = Size.QUICK if given.quick else Size.FULL if given.full else Size.USUAL
    groups = [NAMED[name] for name in names(given.only)] or [
        group for group in GROUPS if size is Size.FULL or not group.extra
    ]
    about = {"size": size.name.lower(), "machine": record.machine(), **record.commit()}
    print(f"{about['machine']}\ncommit {about['commit']}{', changed' if about['changed'] else ''}")
    began = time.monotonic()
    path, rows = record.new_path(), list[Row]()

    def keep(had_: list[Row]) -> None:
        rows[:] = had_
        record.write(path, rows, {**about, "took": round(time.monotonic() - began)})

    # Who stops this means the parts, too: also from a shell that has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        asyncio.run(measure(groups, size, keep))
    except KeyboardInterrupt:
        return 130
    with_goal = [row for row in rows if row.verdict]
    met = sum(row.verdict == "met" for row in with_goal)
    lacking = sum(not row.values for row in rows)
    print(f"\n{met} of {len(with_goal)} goals met; {lacking} rows not measured; {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
