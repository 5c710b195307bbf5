"""The parts that run the app on one machine, each in a process of its own: starts and stops
them."""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from local.stopping import ASKED, own_group

ROOT = Path(__file__).resolve().parent.parent
AZURITE = ROOT / ".local" / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
SETTINGS = ROOT / "local.settings.sample.json"

# The published account and key of Azurite: it has no other.
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_READY_WITHIN = 60.0

FAST = {
    "LOOK_SOON": "PT1S",
    "LOOK_USUAL": "PT2S",
    "LOOK_IDLE": "PT5S",
    "TICK_SCHEDULE": "*/10 * * * * *",
    "NIGHTLY_SCHEDULE": "*/2 * * * * *",
    "OVERDUE_AFTER": "PT10S",
    "LEASE_FOR": "PT20S",
    "LATE_WRITES": "PT5S",
}
"""Settings for an app whose simulated estate runs faster than the wall clock, so that the app looks
more often, too."""


class PartError(Exception):
    """A part that does not start. The text has its name and its last output."""


@dataclass(slots=True)
class Part:
    """A running process, with the file that holds its output."""

    name: str
    process: asyncio.subprocess.Process
    said: Path

    def last_words(self, lines: int = 15) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(
                self.said.read_text(errors="replace", encoding="utf-8").splitlines()[-lines:]
            )
        return ""

    async def stop(self) -> None:
        """Ask it to stop, and kill it if it takes too long."""
        if self.process.returncode is not None:
            return
        self.process.send_signal(ASKED)
        try:
            await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once, without a chance to clean up, as a crash would."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@dataclass(slots=True)
class Ports:
    """The ports of the parts. 0: any free port."""

    app: int = 0
    sim: int = 0
    blob: int = 0
    queue: int = 0
    table: int = 0

    def __post_init__(self) -> None:
        for name in ("app", "sim", "blob", "queue", "table"):
            if getattr(self, name) == 0:
                setattr(self, name, free_port())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Parts:
    """All parts of one run. ``settings`` override those of the sample settings file."""

    folder: Path
    ports: Ports = field(default_factory=Ports)
    settings: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    running: dict[str, Part] = field(default_factory=dict)

    @property
    def app_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.app}"

    @property
    def sim_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.sim}"

    @property
    def storage(self) -> str:
        """The connection string of the emulator."""
        services = {"Blob": "blob", "Queue": "queue", "Table": "table"}
        points = ";".join(
            f"{name}Endpoint=http://127.0.0.1:{getattr(self.ports, port)}/{_ACCOUNT}"
            for name, port in services.items()
        )
        return f"DefaultEndpointsProtocol=http;AccountName={_ACCOUNT};AccountKey={_KEY};{points};"

    async def start_azurite(self) -> Part:
        node = shutil.which("node")
        if node is None or not AZURITE.exists():
            raise PartError("the storage emulator is not installed: run `python dev.py setup`")
        places = [
            word
            for service in ("blob", "queue", "table")
            for word in (f"--{service}Port", str(getattr(self.ports, service)))
        ]
        words = ["--skipApiVersionCheck", "--disableTelemetry", "--silent", "--location"]
        part = await self.start("azurite", [node, str(AZURITE), *words, str(self.folder), *places])
        await self.ready(part, f"http://127.0.0.1:{self.ports.table}/")
        return part

    async def start_sim(self, estate: Path | None, speed: float | None) -> Part:
        words = [sys.executable, "-m", "local.sim", "--port", str(self.ports.sim)]
        words += ["--estate", str(estate)] if estate is not None else []
        words += ["--speed", str(speed)] if speed is not None else []
        words += ["--app", self.app_url]
        part = await self.start("sim", words)
        await self.ready(part, f"{self.sim_url}/_sim/calls")
        return part

    async def start_app(self, name: str = "app", port: int | None = None) -> Part:
        """Start an instance of the function app. Several instances may share one storage."""
        port = self.ports.app if port is None else port
        settings = self.folder / "local.settings.json"
        settings.write_text(
            json.dumps({"IsEncrypted": False, "Values": self.values()}), encoding="utf-8"
        )
        settings.chmod(0o600)  # on Windows the folder is its owner's alone already
        words = [sys.executable, "-m", "local.host", "--app", str(ROOT), "--port", str(port)]
        part = await self.start(name, [*words, "--settings", str(settings)])
        await self.ready(part, f"http://127.0.0.1:{port}/")
        return part

    def values(self) -> dict[str, str]:
        """The settings of an instance of the app."""
        sample = json.loads(SETTINGS.read_text(encoding="utf-8"))["Values"]
        own = {
            "AzureWebJobsStorage": self.storage,
            "ARM_ENDPOINT": self.sim_url,
            "EVENT_TOPIC_ENDPOINT": f"{self.sim_url}/_sim/topic",
            "EVENT_TOPIC_KEY": "any-will-do",
        }
        return {**sample, **own, **self.settings}

    async def start(self, name: str, words: list[str]) -> Part:
        """Start a process as one of the parts. Its output goes to a file named after it."""
        said = self.folder / f"{name}.log"
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "FUNCTIONS_HOST_KEY": self.key}
        with said.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environ,
                cwd=ROOT,
                **own_group(),
            )
        part = Part(name, process, said)
        self.running[name] = part
        return part

    async def ready(self, part: Part, url: str) -> None:
        """Wait until the address responds. Raises PartError."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _READY_WITHIN
        async with aiohttp.ClientSession() as session:
            while loop.time() < end:
                if part.process.returncode is not None:
                    raise PartError(f"{part.name} ended at its start:\n{part.last_words()}")
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with session.get(url, timeout=aiohttp.ClientTimeout(2)):
                        return
                await asyncio.sleep(0.05)
        raise PartError(f"{part.name} does not answer:\n{part.last_words()}")

    async def stop(self) -> None:
        """Stop all parts, the app first, so that it can finish what it is doing."""
        for part in reversed(list(self.running.values())):
            await part.stop()


@contextlib.asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[Parts]:
    """Stop all parts at the end, whatever happened."""
    try:
        yield parts
    finally:
        await parts.stop()
