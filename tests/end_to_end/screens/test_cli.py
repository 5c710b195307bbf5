"""The command line as a process of its own, against the running app."""

import asyncio
import json
import os
import sys
from typing import Any

from local.client import Client
from local.parts import Parts
from local.scenes.one_drain import POOL


async def test_a_drain_from_the_command_line(
    parts: Parts, client: Client, estate: dict[str, bool]
) -> None:
    asked = (POOL, "avd-fin-1", "--reason", "from a script", "--maintenance", "none")
    policy = ("--policy", json.dumps({"deadline": "PT5S", "atDeadline": "signOut",
                                      "warnAtLeast": "PT2S", "maxUnavailable": "70%"}))  # fmt: skip

    code, told, _ = await avd_drain(parts, "plan", *asked, *policy)
    assert code == 0
    assert "avd-fin-1" in told
    assert await listed(parts) == []

    code, told, said = await avd_drain(parts, "start", *asked, *policy, "--wait", "-o", "json")
    assert code == 0, said
    drain = json.loads(told)
    assert drain["status"] == "Succeeded"
    assert [one["id"] for one in await listed(parts)] == [drain["id"]]

    code, told, _ = await avd_drain(
        parts, "show", drain["id"], "--check", "--query", "hosts[].phase"
    )
    assert (code, "done" in told) == (0, True)
    code, told, _ = await avd_drain(parts, "watch", drain["id"])
    assert (code, "avd-fin-1  done" in told) == (0, True)
    code, told, _ = await avd_drain(parts, "history", drain["id"])
    assert (code, "from a script" in told) == (0, True)
    for listing in ("claims", "schedules", "campaigns"):
        assert (await avd_drain(parts, listing, "-o", "json"))[:2] == (0, "[]\n")

    words = ("doctor", "--pool", POOL, "-o", "json", "--query")
    code, told, said = await avd_drain(parts, *words, "findings[?severity=='error']")
    assert (code in (0, 5), told) == (True, "[]\n"), said
    code, told, _ = await avd_drain(parts, *words, "findings[?code=='TimerRuns'].about")
    assert "TICK_SCHEDULE" in told

    body = {"cron": "0 22 1 1 *", "drain": {
        "hostPool": POOL, "hosts": ["avd-fin-1"], "reason": "by hand",
        "policy": {"maintenance": {"kind": "none"}, "deadline": "PT5S", "atDeadline": "signOut",
                   "warnAtLeast": "PT2S", "maxUnavailable": "70%"}}}  # fmt: skip
    assert (await client.call("PUT", "schedules/yearly", body))[0] == 201
    code, told, said = await avd_drain(parts, "run", "yearly", "--dry-run")
    assert (code, "hp-finance" in told) == (0, True), said
    code, told, said = await avd_drain(parts, "run", "yearly", "--wait", "-o", "json")
    assert (code, json.loads(told)["state"]) == (0, "ended"), said
    waves = {"reason": "in waves", "waves": [{"name": "one", "drains": [body["drain"]]}]}
    file = parts.folder / "campaign.json"
    file.write_text(json.dumps(waves), encoding="utf-8")
    code, told, said = await avd_drain(parts, "plan", "--file", str(file))
    assert (code, "hp-finance" in told) == (0, True), said
    code, told, said = await avd_drain(parts, "start", "--file", str(file), "-o", "json")
    assert code == 0, said
    campaign = json.loads(told)["id"]
    code, told, said = await avd_drain(parts, "cancel", "--campaign", campaign)
    assert (code, campaign in told) == (0, True), said
    code, _, _ = await avd_drain(parts, "watch", "--campaign", campaign)
    assert code in (0, 1)  # canceled, unless it was quicker
    code, told, _ = await avd_drain(parts, "campaigns", campaign, "--query", "history[].what")
    assert (code, "cancel" in told) == (0, True)

    code, _, said = await avd_drain(parts, "pause", drain["id"])
    assert (code, "DrainEnded" in said) == (3, True)
    code, _, said = await avd_drain(parts, "start", POOL, "nobody", "nowhere", "--reason", "typo")
    assert (code, said.count("UnknownHost [")) == (3, 2)
    code, _, said = await avd_drain(parts, "report", "nightly")
    assert (code, "NotFound" in said) == (3, True)
    assert await client.hosts(POOL) == estate


async def listed(parts: Parts) -> list[dict[str, Any]]:
    code, told, said = await avd_drain(parts, "list", "--pool", POOL, "-o", "json")
    assert code == 0, said
    return list(json.loads(told))


async def avd_drain(parts: Parts, *words: str) -> tuple[int | None, str, str]:
    """The exit code, stdout and stderr; the key is in none."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", *words,
        env={**os.environ, "AVD_DRAIN_URL": parts.app_url, "AVD_DRAIN_KEY": parts.key},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, said = (text.decode() for text in await process.communicate())
    assert parts.key not in told + said
    return process.returncode, told, said
