"""A cold start: what importing and indexing the app costs, against a function app that does nothing, in
turns in one run. Each in a fresh interpreter, without the interpreter's own start."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

from bench.size import Group, Size
from bench.table import Row, at_most

_TIMED = """
import json, sys, time
began = time.perf_counter()
{code}
took = time.perf_counter() - began
print(json.dumps([took, len(sys.modules)]))
"""
APP = "import function_app\nfunction_app.app.get_functions()"
BARE = """
import azure.functions as func
app = func.FunctionApp()
@app.route("a")
async def a(req: func.HttpRequest) -> func.HttpResponse: ...
@app.timer_trigger("timer", schedule="0 * * * * *")
async def b(timer: func.TimerRequest) -> None: ...
@app.queue_trigger("msg", queue_name="q", connection="AzureWebJobsStorage")
async def c(msg: func.QueueMessage) -> None: ...
app.get_functions()
"""
ENVIRON = {
    "AzureWebJobsStorage": "UseDevelopmentStorage=true",
    "PYTHONPATH": ".",
    **{f"{name}_SCHEDULE": "0 * * * * *" for name in ("TICK", "WATCHDOG", "NIGHTLY")},
}
FIRST = """
import function_app
from shared.wiring import connect
from shared.settings.settings import load
import os
connect(load(os.environ))
import shared.engine.step.poolwork
"""


async def run(size: Size) -> AsyncIterator[Row]:
    runs = size.pick(3, 9, 15)
    await timed(APP)
    pairs = [(await timed(APP), await timed(BARE)) for _ in range(runs)]
    ratios = tuple(app[0] / bare[0] for app, bare in pairs)
    measure = "cold start: import and index of function_app.py, against a bare function app"
    yield Row("cold.ratio", measure, ratios, "", at_most(1.6))
    yield Row("cold.app", "... the app", tuple(app[0] for app, _ in pairs), "s")
    yield Row("cold.bare", "... the bare function app", tuple(bare[0] for _, bare in pairs), "s")
    app, bare = pairs[0]
    yield Row("cold.modules", f"... modules (the bare one: {bare[1]:.0f})", (app[1],))
    first = [await timed(FIRST) for _ in range(runs)]
    measure = "... the app with all that its first step imports"
    yield Row("cold.first", measure, tuple(each[0] for each in first), "s")


async def timed(code: str) -> tuple[float, float]:
    """Seconds, and how many modules are there then."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TIMED.format(code=code), env=ENVIRON,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, error = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"the import failed: {error.decode()[-500:]}")
    seconds, modules = json.loads(out)
    return seconds, modules


GROUP = Group("cold", "cold start", run)
