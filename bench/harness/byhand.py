"""The process behind ``Hand``: commands come as lines of JSON, and so does what each took."""

import asyncio
import cProfile
import json
import os
import resource
import sys
import time
from typing import Any

import azure.functions as func

from shared.api.routes import NAMED
from shared.app import DrainApp

_MEGABYTE = 1024 if sys.platform == "linux" else 1024 * 1024
_BASE = "http://localhost:7071/api/"


async def run() -> None:
    app = DrainApp(os.environ)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        profile = cProfile.Profile(time.process_time) if "profile" in command else None
        wall, processor = time.perf_counter(), time.process_time()
        try:
            if profile is not None:
                profile.enable()
            told = await _do(app, command)
        except Exception as error:  # noqa: BLE001  # the bench tells of it, and ends
            told = {"error": f"{type(error).__name__}: {error}"}
        else:
            told["processor"] = time.process_time() - processor
            told["wall"] = time.perf_counter() - wall
            told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
        if profile is not None:
            profile.disable()
            profile.dump_stats(command["profile"])
        print(json.dumps(told), flush=True)


async def _do(app: DrainApp, command: dict[str, Any]) -> dict[str, Any]:
    match command["do"]:
        case "step":
            await app.step(json.dumps({"drain": command["drain"], "step": None}))
        case "tick":
            await app.tick()
        case "watch":
            await app.watch()
        case "request":
            return await _request(app, command)
    return {}


async def _request(app: DrainApp, command: dict[str, Any]) -> dict[str, Any]:
    route, path = NAMED[command["route"]], command.get("path", {})
    body = json.dumps(command["body"]).encode() if "body" in command else b""
    headers = {"Content-Type": "application/json", "If-Match": "*"}
    url = _BASE + route.path.format(**path)
    request = func.HttpRequest(route.method, url, headers=headers, route_params=path, body=body)
    response = await app.http(route, request)
    raw = response.get_body()
    return {"status": response.status_code, "size": len(raw), "body": json.loads(raw)}


if __name__ == "__main__":
    asyncio.run(run())
