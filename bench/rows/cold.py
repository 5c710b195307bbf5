"""A cold start: what importing and indexing the app costs, with the runtime's worker loaded, against a
function app that does nothing, in turns in one run; and what the first request and the first step bring
with them. ``bench.coldstart`` measures it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

from bench.coldstart import LEAST, ROOT, called, measured, ran
from bench.size import Group, Size
from bench.table import Row, at_most

ENVIRON = {**LEAST, "PYTHONPATH": "."}
FIRST = """
import json, os, sys, time
import azure_functions_runtime.handle_event
began = time.perf_counter()
import function_app
function_app.app.get_functions()
from shared.wiring import connect
from shared.settings.settings import load
connect(load(os.environ))
import shared.engine.step.poolwork
print(json.dumps({"seconds": time.perf_counter() - began}))
"""


async def run(size: Size) -> AsyncIterator[Row]:
    runs = size.pick(3, 9, 15)
    with tempfile.TemporaryDirectory() as folder:
        bare, *ours = await asyncio.to_thread(measured, Path(folder), runs)
    for key, app in zip(("least", "ratio", "rules"), ours, strict=True):
        ratios = tuple(a / b for a, b in zip(app.seconds, bare.seconds, strict=True))
        text = f"cold start: import and index of function_app.py, {app.name.split(', ', 1)[1]}"
        note = (
            f"{median(app.seconds):.3f} s and {app.modules[0]} modules; {bare.name}: "
            f"{median(bare.seconds):.3f} s and {bare.modules[0]}"
        )
        goal = None if key == "rules" else at_most(1.6)  # what is asked for has its price
        yield Row(f"cold.{key}", f"{text}: against a bare one", ratios, "", goal, note)
    first = [await asyncio.to_thread(ran, FIRST, ROOT, LEAST) for _ in range(runs)]
    text = "... import and index, with all that a first step imports"
    yield Row("cold.first", text, tuple(each["seconds"] for each in first), "s")
    found = await called("request", size.pick(2, 5))
    yield Row("cold.request", "... the first GET of a fresh process", tuple(found["first"]), "s")
    yield Row("cold.again", "... the second", tuple(found["second"]), "s")


GROUP = Group("cold", "cold start", run)
