"""``python -m local.sim``: runs the simulated control plane until it is stopped."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from local.sim.estate.file import SAMPLE, EstateError, read_estate
from local.sim.server import Simulator
from local.sim.side.publisher import Publisher
from local.sim.side.side import routes

_TICK = 0.1
"""The seconds after which the estate advances when nobody calls."""


def application(simulator: Simulator, app_url: str = "") -> web.Application:
    app = web.Application()

    async def live(app: web.Application) -> AsyncIterator[None]:
        async def tick() -> None:
            while True:
                simulator.catch_up()
                await asyncio.sleep(_TICK)

        if app_url:
            key = os.environ.get("FUNCTIONS_HOST_KEY", "")
            simulator.world.publish = Publisher(app_url, key).publish
        task = asyncio.create_task(tick())
        yield
        task.cancel()

    app.cleanup_ctx.append(live)
    app.add_routes(routes(simulator))
    app.router.add_route("*", "/{path:.*}", simulator.handle)
    return app


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.sim", description=__doc__)
    parser.add_argument("--estate", type=Path, default=SAMPLE, help="estate file (TOML)")
    parser.add_argument("--port", type=int, default=7090)
    parser.add_argument("--speed", type=float, help="how many times as fast as the wall's clock")
    parser.add_argument(
        "--app", default="", help="where events go; FUNCTIONS_HOST_KEY holds the app's key"
    )
    told = parser.parse_args()
    try:
        world = read_estate(told.estate, datetime.now(UTC), told.speed)
    except EstateError as error:
        print(error, file=sys.stderr)
        return 2
    app = application(Simulator(world), told.app)
    web.run_app(app, host="127.0.0.1", port=told.port, print=None, access_log=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
