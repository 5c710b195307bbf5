"""The conversation in docs/api.md, had with the app word for word, by curl."""

import asyncio
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

from local.client import Client
from local.parts import Parts
from local.scenes.one_drain import POOL
from tests.support import least_rights
from tests.support.callers.shell import in_shell
from tests.support.wait import until

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
TURN = re.compile(r"```sh\n(.*?)\n```\n\n```http\n(.*?)\n```", re.DOTALL)


async def test_the_conversation_in_the_docs_goes_as_it_is_written(
    parts: Parts, client: Client
) -> None:
    await parts.start_sim(least_rights.estate(parts.folder), 60.0)
    await parts.start_app()
    known = {"APP": parts.app_url, "KEY": parts.key, "POOL": POOL}
    turns = TURN.findall(PAGE.split("## One conversation", 1)[1])
    assert len(turns) == 8
    for said, told in turns:
        status = int(told.split()[1])

        answer = await until(partial(answered, said, status, known), said)
        if isinstance(answer.body, dict) and "ID" not in known and "id" in answer.body:
            known |= {"ID": answer.body["id"], "ETAG": answer.headers["etag"]}
        as_written(answer, told, known)


async def answered(said: str, status: int, known: dict[str, str]) -> "_Answer | None":
    """The end is told a little later: then the same question again."""
    found = await curl(said, known)
    patient = said.endswith('/result" -H "x-functions-key: $KEY"')
    return None if patient and found.status != status else found


class _Answer:
    def __init__(self, text: str) -> None:
        head, _, body = text.replace("\r\n", "\n").partition("\n\n")
        first, *lines = head.split("\n")
        self.status = int(first.split()[1])
        self.headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }
        self.body: Any = json.loads(body)


async def curl(command: str, known: dict[str, str]) -> _Answer:
    words, environ = in_shell(command.replace("curl ", "curl -sS ", 1), known)
    process = await asyncio.create_subprocess_exec(
        *words, env=environ, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    return _Answer(told.decode())


def as_written(answer: _Answer, told: str, known: dict[str, str]) -> None:
    for name in sorted(known, key=len, reverse=True):
        told = told.replace(f"${name}", known[name].strip('"') if name != "KEY" else "$KEY")
    first, *lines = told.split("\n")
    assert answer.status == int(first.split()[1]), answer.body
    for line in lines[:-1]:
        name, _, value = line.partition(": ")
        assert answer.headers[name.lower()] == value
    for field, value in json.loads(lines[-1]).items():
        assert field in answer.body, field
        assert value in ("…", answer.body[field]), (field, answer.body[field])
