"""The host as a whole: loads the app, starts its triggers, and stops them without losing
anything."""

import asyncio
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from local.host.config import read_host_json
from local.host.eventgrid import EventGridTriggers
from local.host.functions import AppError, load
from local.host.outputs import Outputs
from local.host.queues import QueueTrigger
from local.host.timers import TimerTrigger
from local.host.web import HttpTriggers

log = logging.getLogger("host")

_KINDS = {"httptrigger", "timertrigger", "queuetrigger", "eventgridtrigger"}


async def serve(
    folder: Path, settings: Mapping[str, str], port: int, key: str, stop: asyncio.Event
) -> None:
    """Run the app in ``folder`` until ``stop`` is set. Raises AppError or ConfigError if it cannot
    start."""
    config = read_host_json(folder, settings)
    os.environ.update(settings)
    functions = await load(folder)
    unknown = sorted({f.kind for f in functions} - _KINDS)
    if unknown:
        raise AppError(f"triggers that are not in this host: {', '.join(unknown)}")
    environ = dict(os.environ)
    outputs = Outputs(environ, config.queues.base64)
    http = HttpTriggers(functions, config.route_prefix, key, outputs)
    app = web.Application(client_max_size=100 * 1024 * 1024)
    http.add_to(app)
    EventGridTriggers(functions, http, outputs).add_to(app)
    triggers: list[TimerTrigger | QueueTrigger] = [
        *(TimerTrigger(f, environ, outputs) for f in functions if f.kind == "timertrigger"),
        *(QueueTrigger(f, config.queues, outputs) for f in functions if f.kind == "queuetrigger"),
    ]
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    log.info("host started: %s", ", ".join(sorted(f.name for f in functions)))
    try:
        async with asyncio.TaskGroup() as running:
            for trigger in triggers:
                running.create_task(trigger.run(stop))
            await stop.wait()
    finally:
        await runner.cleanup()
        await outputs.close()
        log.info("host stopped")
        # An app is not told that its process ends, so it cannot close its connections: warnings
        # about that are no news.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
