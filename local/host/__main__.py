"""``python -m local.host``: run a function app, as ``func start`` would."""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from local.host.config import ConfigError, read_settings
from local.host.functions import AppError
from local.host.host import serve
from local.stopping import when_asked


async def _run(told: argparse.Namespace) -> None:
    settings = read_settings(told.settings) if told.settings else {}
    stop = asyncio.Event()
    when_asked(stop.set)
    key = os.environ.get("FUNCTIONS_HOST_KEY", "")
    if not key:
        raise ConfigError("FUNCTIONS_HOST_KEY: the key that callers must send")
    await serve(told.app.resolve(), settings, told.port, key, stop)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.host", description=__doc__)
    parser.add_argument("--app", type=Path, default=Path.cwd(), help="folder of the function app")
    parser.add_argument("--settings", type=Path, help="a local.settings.json")
    parser.add_argument("--port", type=int, default=7071)
    told = parser.parse_args()
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s"
    )
    for chatty in ("azure", "azure_functions_runtime", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        asyncio.run(_run(told))
    except (AppError, ConfigError, OSError) as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
