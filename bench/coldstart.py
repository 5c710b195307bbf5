"""``python -m bench.coldstart``: what the host waits for before it can call a function, against a bare
function app, and what the first request and the first tick cost beside the second.

A fresh interpreter each time, which has loaded the public runtime's worker, as the host's has; the apps by
turns, so that whatever else the machine does meets all of them. Import and index are timed together; the
first calls are timed against the storage emulator, from the call to its answer.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from local.parts import SETTINGS, Parts, running

ROOT = Path(__file__).resolve().parents[1]
RUNS = 11

BARE = """
import azure.functions as func

app = func.FunctionApp()


@app.route("hello", methods=["GET"])
async def hello(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("hello")


@app.timer_trigger("timer", schedule="0 * * * * *")
async def tick(timer: func.TimerRequest) -> None: ...


@app.queue_trigger("msg", queue_name="work", connection="AzureWebJobsStorage")
async def work(msg: func.QueueMessage) -> None: ...
"""
"""The least that somebody would deploy: one function a kind of trigger."""

INDEX = """
import json, sys, time
import azure_functions_runtime.handle_event
before, began = len(sys.modules), time.perf_counter()
import function_app
functions = function_app.app.get_functions()
took = time.perf_counter() - began
print(json.dumps({"index": took, "modules": len(sys.modules) - before, "functions": len(functions)}))
"""

CALLS = """
import asyncio, json, sys, time
import azure_functions_runtime.handle_event
import azure.functions as func
import function_app
from shared.api.routes import NAMED

def call():
    if %(kind)r == "tick":
        return function_app.drain_app.tick()
    request = func.HttpRequest("GET", "http://localhost/api/drains", body=b"")
    return function_app.drain_app.http(NAMED["list_drains"], request)

async def timed():
    began = time.perf_counter()
    await call()
    return time.perf_counter() - began

async def main():
    first = await timed()
    loaded = len(sys.modules)
    print(json.dumps({"first": first, "second": await timed(), "modules": loaded}))

asyncio.run(main())
"""

LEAST = {
    "AzureWebJobsStorage": "UseDevelopmentStorage=true",
    "TICK_SCHEDULE": "0 * * * * *",
    "WATCHDOG_SCHEDULE": "30 */5 * * * *",
    "NIGHTLY_SCHEDULE": "15 * * * * *",
}
RULES = {
    "EVENT_RULES": '[{"name": "a", "on": "alert"}]',
    "SCHEDULES": json.dumps(
        {"weekly": {"cron": "0 22 * * 6", "drain": {"hostPool": (
            "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/"
            "Microsoft.DesktopVirtualization/hostPools/hp-a"), "hosts": ["a"], "reason": "patches"}}}
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class App:
    """``modules``: what was loaded beside the runtime's worker."""

    name: str
    folder: Path
    settings: Mapping[str, str]
    seconds: list[float] = field(default_factory=list)
    modules: list[int] = field(default_factory=list)


def ran(code: str, folder: Path, settings: Mapping[str, str]) -> dict[str, float]:
    """What the code told, in an interpreter of its own."""
    environ = {"PATH": os.environ["PATH"], **settings}
    words = [sys.executable, "-c", code]
    told = subprocess.run(  # noqa: S603
        words, env=environ, cwd=folder, capture_output=True, check=True, text=True
    )
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def measured(bare: Path, runs: int = RUNS) -> list[App]:
    """The bare app, in the folder ``bare``, and this one with several settings. The first run of each, which
    may have to compile, does not count."""
    (bare / "function_app.py").write_text(BARE, encoding="utf-8")
    sample = json.loads(SETTINGS.read_text(encoding="utf-8"))["Values"]
    apps = [
        App("a bare function app", bare, {}),
        App("this app, least settings", ROOT, LEAST),
        App("this app, settings of the sample", ROOT, sample),
        App("this app, a rule and a schedule", ROOT, LEAST | RULES),
    ]
    for number in range(runs + 1):
        for app in apps:
            found = ran(INDEX, app.folder, app.settings)
            if number:
                app.seconds.append(found["index"])
                app.modules.append(int(found["modules"]))
    return apps


async def called(kind: str, runs: int = RUNS) -> dict[str, list[float]]:
    """The first and the second call of a kind (``request``, ``tick``) of a fresh process."""
    found: dict[str, list[float]] = {"first": [], "second": [], "modules": []}
    folder = Path(tempfile.mkdtemp())
    async with running(Parts(folder)) as parts:
        await parts.start_azurite()
        settings = LEAST | {"AzureWebJobsStorage": parts.storage}
        for number in range(runs + 1):
            told = await asyncio.to_thread(ran, CALLS % {"kind": kind}, ROOT, settings)
            for name, values in found.items():
                if number:
                    values.append(told[name])
    return found


def told(values: list[float], unit: str = " s") -> str:
    return f"{median(values):.3f}{unit} ({min(values):.3f}–{max(values):.3f}, n={len(values)})"


def main() -> None:
    print("import and index of function_app.py, with the runtime's worker loaded:")
    with tempfile.TemporaryDirectory() as folder:
        bare, *ours = measured(Path(folder))
    print(f"  {bare.name:<36} {told(bare.seconds)}, {bare.modules[0]} modules")
    for app in ours:
        ratios = [a / b for a, b in zip(app.seconds, bare.seconds, strict=True)]
        print(f"  {app.name:<36} {told(app.seconds)}, {app.modules[0]} modules")
        print(f"  {'... against the bare one':<36} {told(ratios, '')}")
    for kind, name in (("request", "GET /api/drains"), ("tick", "a tick with nothing due")):
        found = asyncio.run(called(kind))
        print(f"{name}, in a fresh process:")
        print(
            f"  {'the first':<36} {told(found['first'])}, {found['modules'][0]:.0f} modules by then"
        )
        print(f"  {'the second':<36} {told(found['second'])}")


if __name__ == "__main__":
    main()
