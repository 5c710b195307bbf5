"""``python -m bench.profile step`` or ``cold``: where the time of a step, or of a cold start, goes."""

import argparse
import asyncio
import pstats
import re
import sys
import sysconfig
from collections import Counter
from pathlib import Path

from bench.harness.estate import PoolOf
from bench.harness.hand import hand
from bench.harness.stage import GOING_OUT, Set, stage
from bench.rows.cold import ENVIRON
from bench.rows.steps import OUT

ROOT = Path(__file__).resolve().parents[1]
_SITE = sysconfig.get_paths()["purelib"]
_STDLIB = sysconfig.get_paths()["stdlib"]
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)")
_MOST = 14


async def step(hosts: int, *, first: bool) -> None:
    """A step's own time by package, and its dearest functions. ``first``: the one in which a hundred
    hosts go out; else one that waits."""
    pool, warm = PoolOf("hp-profile", hosts, sessions=3), PoolOf("hp-warm", 2)
    async with stage([pool, warm], Set(buckets=False, apps=0)) as st:
        by = await hand(st)
        await by.step(str((await by.post(warm.id, GOING_OUT)).body["id"]))
        posted = await by.post(pool.id, {**GOING_OUT, "maxUnavailable": OUT})
        drain, path = str(posted.body["id"]), str(st.parts.folder / "profile")
        if not first:
            await by.step(drain)
        took = await by.step(drain, path)
        await by.close()
        stats = pstats.Stats(path)
    total = sum(own for _, _, own, _, _ in stats.stats.values())  # type: ignore[attr-defined]
    kind = "the first step" if first else "a step that waits"
    print(f"{kind} at {hosts:,} hosts: {took.processor:.2f} s of the processor, {took.wall:.2f} s "
          "on the wall, with the profiler's own cost")  # fmt: skip
    by_package: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in stats.stats.items():  # type: ignore[attr-defined]
        by_package[package_of(file, name)] += own
    for package, own in by_package.most_common(_MOST):
        print(f"  {own / total:6.1%}  {package}")
    print("\nits dearest functions, with what they call:")
    stats.sort_stats("cumulative")
    print_functions(stats)


def print_functions(stats: pstats.Stats) -> None:
    """The project's own, dearest first."""
    rows = stats.stats.items()  # type: ignore[attr-defined]
    ours = [(each, row) for each, row in rows if str(ROOT / "shared") in each[0]]
    for (file, line, name), (_, calls, _, whole, _) in sorted(ours, key=lambda x: -x[1][3])[:25]:
        where = Path(file).relative_to(ROOT)
        print(f"  {whole:7.3f} s  {calls:>7} times begun or gone on  {where}:{line} {name}")


def package_of(file: str, name: str) -> str:
    """What a function belongs to, for people: a district of ours, a library, or Python."""
    if file.startswith(str(ROOT / "shared")):
        return ".".join(Path(file).relative_to(ROOT).parts[:3]).removesuffix(".py")
    if file.startswith(_SITE):
        parts = Path(file).relative_to(_SITE).parts
        return ".".join(parts[:2] if parts[0] == "azure" else parts[:1])
    if file.startswith(_STDLIB):
        return Path(file).relative_to(_STDLIB).parts[0].removesuffix(".py")
    return f"built in: {name}" if "~" in file else "Python"


async def cold() -> None:
    """What an import of function_app.py costs by package: own time, and modules."""
    words = [sys.executable, "-X", "importtime", "-c", "import function_app"]
    process = await asyncio.create_subprocess_exec(
        *words, env=ENVIRON, cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, said = await process.communicate()
    own: Counter[str] = Counter()
    modules: Counter[str] = Counter()
    for line in said.decode().splitlines():
        if (found := _IMPORT.match(line)) is not None:
            name = found[3].split(".")
            package = ".".join(name[:2] if name[0] in ("azure", "shared") else name[:1])
            own[package] += int(found[1])
            modules[package] += 1
    print(f"import function_app: {sum(own.values()) / 1e6:.3f} s, with what telling costs; "
          f"{sum(modules.values())} modules")  # fmt: skip
    for package, micro in own.most_common(_MOST):
        print(f"  {micro / 1000:7.1f} ms  {modules[package]:4} modules  {package}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description=__doc__)
    parser.add_argument("what", choices=("step", "cold"))
    parser.add_argument("--hosts", type=int, default=1000)
    parser.add_argument("--first", action="store_true", help="the step in which hosts go out")
    given = parser.parse_args()
    asyncio.run(cold() if given.what == "cold" else step(given.hosts, first=given.first))
    return 0


if __name__ == "__main__":
    sys.exit(main())
