"""The API, fuzzed from its own description."""

import asyncio
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from local.parts import Parts

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
WHOLE = "examples,coverage,fuzzing,stateful"
SHORT = "examples,fuzzing,stateful"
"""Without the thousands of requests that try each constraint of the description by turns."""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """``made``: how many requests were sent. ``faults``: what is wrong, empty if nothing is."""

    made: int
    faults: str
    text: str


async def fuzz(parts: Parts, folder: Path, phases: str, examples: int, seed: int) -> Fuzzed:
    """Send what the description allows, and what it does not, to an app that is started for that."""
    await parts.start_sim(None, 60.0)
    await parts.start_app()
    program = Path(sys.executable).with_name("schemathesis")
    words = ["run", f"{parts.app_url}/api/openapi.json", "-H", f"x-functions-key: {parts.key}"]
    words += ["--checks", CHECKS, "--phases", phases, "--max-examples", str(examples)]
    words += ["--seed", str(seed), "--no-color", "--workers", "1"]
    process = await asyncio.create_subprocess_exec(
        str(program), *words,
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await asyncio.wait_for(process.communicate(), 900)
    text = told.decode()
    made = re.search(r"(\d+) generated", text)
    faults = text if process.returncode != 0 or made is None else ""
    if "incident" in parts.running["app"].said.read_text(errors="replace", encoding="utf-8"):
        faults += "the app's log tells of an incident"
    return Fuzzed(int(made[1]) if made is not None else 0, faults, text)
