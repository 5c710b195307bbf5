"""The API, fuzzed from its own description: whatever is sent, no answer is a server's fault or one
that the description does not know."""

import asyncio
import re
import sys
from pathlib import Path

from local.parts import Parts

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)
LEAST = 1000
"""Requests that must have been made: else it proved little."""


async def test_whatever_is_sent_the_answer_is_one_that_is_described(
    parts: Parts, tmp_path: Path
) -> None:
    await parts.start_sim(None, 60.0)
    await parts.start_app()
    program = Path(sys.executable).with_name("schemathesis")
    words = ["run", f"{parts.app_url}/api/openapi.json", "-H", f"x-functions-key: {parts.key}"]
    words += ["--checks", CHECKS, "--phases", "examples,coverage,fuzzing,stateful"]
    words += ["--max-examples", "8", "--seed", "20261124", "--no-color", "--workers", "1"]
    process = await asyncio.create_subprocess_exec(
        str(program), *words,
        cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await asyncio.wait_for(process.communicate(), 400)
    text = told.decode()
    assert process.returncode == 0, text
    made = re.search(r"(\d+) generated", text)
    assert made is not None, text
    assert int(made[1]) > LEAST
    assert "incident" not in parts.running["app"].said.read_text(errors="replace")
