"""The board in a real browser, over all parts: a drain watched, and an order given from it."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.client import Client
from local.install import BROWSERS
from local.parts import FAST, ROOT, Parts, running
from local.scenes.one_drain import POOL
from tests.support.callers.asked import ended, started
from tests.support.callers.principals import headers_of
from tests.support.wait import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

HERE = Path(__file__).with_name("board")
PACKAGES = ROOT / ".local" / "browser"
REASON = "monthly patches <img src=x onerror=alert(1)>"
REQUEST: dict[str, Any] = {
    "hostPool": POOL,
    "hosts": [f"avd-fin-{n}" for n in (0, 1, 2, 3, 5)],
    "reason": REASON,
    "policy": {
        "maxUnavailable": 5,
        "deadline": "PT2H",
        "atDeadline": "signOut",
        "maintenance": {"kind": "hold", "holdFor": "PT4H"},
    },
}
PEOPLE = POOL.replace("hp-finance", "hp-people")
SCHEDULE = {
    "cron": "0 22 1 1 *",
    "drain": {
        "hostPool": PEOPLE,
        "hosts": ["avd-ppl-0"],
        "reason": "new agent",
    },
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with running(Parts(tmp_path_factory.mktemp("board"), settings=FAST)) as made:
        await made.start_azurite()
        await made.start_sim(HERE / "estate.toml", 20.0)
        await made.start_app()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def drain(parts: Parts) -> str:
    """A drain with users on its hosts, who were told."""
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        made, _, _ = await client.call("PUT", "schedules/people", SCHEDULE)
        assert made == 201
        id_ = await started(client, REQUEST)

        async def told() -> bool | None:
            users = [u for host in await client.drain_hosts(id_) for u in host["users"]]
            return (len(users) == 4 and all(user["warnedAt"] for user in users)) or None

        await until(told, "four users who were told")
    return id_


def chromium() -> str:
    found = [path for name in BROWSERS if (path := shutil.which(name))]
    assert found, f"no browser: install one of {BROWSERS}; on Debian `apt-get install chromium`"
    assert (PACKAGES / "node_modules").is_dir(), "run `python dev.py test`: it installs the driver"
    return found[0]


async def in_browser(script: str, **told: Any) -> None:
    """Run one of ``board/*.mjs``, which fails with what did not hold."""
    told |= {"packages": str(PACKAGES), "chromium": chromium(), "shots": os.environ.get("SHOTS")}
    process = await asyncio.create_subprocess_exec(
        *("node", str(HERE / f"{script}.mjs"), json.dumps(told)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, said.decode(errors="replace")


@pytest.mark.parametrize(
    ("width", "scheme", "hostile"),
    [(1280, "light", True), (360, "dark", False)],
    ids=["on a desk, hostile names", "on a phone"],
)
async def test_a_drain_is_watched_and_its_users_are_given_more_time(
    parts: Parts, drain: str, width: int, scheme: str, hostile: bool
) -> None:
    """No script of a name runs, axe-core finds nothing, no other host is asked (``board/watch.mjs``)."""
    why = f"month end, at {width}"
    await in_browser(
        "watch",
        url=parts.app_url,
        key=parts.key,
        drain=drain,
        width=width,
        scheme=scheme,
        hostile=hostile,
        reason=REASON,
        why=why,
        sees="waits for 3 sessions to end",
        touches=r"^Touches 4 users \(.*anna@contoso.example.*\) on 2 hosts",
    )
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        [given] = [e for e in (await client.drain(drain))["extensions"] if e["why"] == why]
        _, history, _ = await client.call("GET", f"drains/{drain}/history?$top=200")
    assert (given["more"], given["hosts"]) == ("PT2H", 2)
    [entry] = [e for e in history["value"] if e["kind"] == "order" and e["why"] == why]
    assert {host.split(".")[0] for host in entry["order"]["hosts"]} == {"avd-fin-0", "avd-fin-1"}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
async def test_a_pool_is_drawn_against_its_floor_and_told_in_words_and_numbers(
    parts: Parts, drain: str, width: int, scheme: str
) -> None:
    """What was, is, and is expected; of two drains together, too (``board/floor.mjs``)."""
    await in_browser(
        "floor", url=parts.app_url, key=parts.key, drain=drain, width=width, scheme=scheme
    )


@pytest.mark.usefixtures("drain")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (360, "light")])
async def test_a_drain_is_started_from_the_page_once_it_has_told_what_it_would_do(
    parts: Parts, width: int, scheme: str
) -> None:
    """With the keyboard, after a wrong key and faults that the page or the app names (``board/begin.mjs``)."""
    reason = f"a new agent, at {width}"
    await in_browser(
        "begin", url=parts.app_url, key=parts.key, width=width, scheme=scheme, reason=reason
    )
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        _, listed, _ = await client.call("GET", "drains?$top=200")
        [made] = [each for each in listed["value"] if each["reason"] == reason]
        assert [host["name"] for host in await client.drain_hosts(made["id"])] == [
            "avd-ppl-2.contoso.example"
        ]
        _, told, _ = await client.call("GET", f"drains/{made['id']}/policy")
        policy = told["policy"]
        asked = (policy["deadline"], policy["atDeadline"], policy["maxUnavailable"])
        assert asked == ("PT4H", "wait", "100%")
        await ended(client, made["id"])


async def test_a_report_is_read_and_a_campaign_takes_orders(parts: Parts, drain: str) -> None:
    """``board/afterwards.mjs``."""

    def of(host: str, kind: str) -> dict[str, Any]:
        policy = {"maxUnavailable": "100%", "maintenance": {"kind": kind}}
        return {"hostPool": PEOPLE, "hosts": [host], "reason": "for the report", "policy": policy}

    run, hold = of("avd-ppl-2", "none"), of("avd-ppl-0", "hold")
    waves = [{"name": str(n), "drains": [hold]} for n in (1, 2)]
    async with Client(parts.app_url, parts.sim_url, parts.key) as client:
        made, _, _ = await client.call(
            "PUT", "schedules/quick", {"cron": "0 22 1 1 *", "drain": run}
        )
        assert made == 201
        assert (await client.call("POST", "schedules/quick/run"))[0] == 202

        async def reported() -> bool | None:
            _, schedule, _ = await client.call("GET", "schedules/quick")
            return schedule["lastRun"]["hasReport"] or None

        await until(reported, "the report")
        made, campaign, _ = await client.call(
            "POST", "campaigns", {"reason": "two waves", "waves": waves}
        )
        assert made == 202

        async def begun() -> bool | None:
            _, campaigns, _ = await client.call("GET", "campaigns")
            return (
                any(slot["drain"] for slot in campaigns["value"][0]["waves"][0]["drains"]) or None
            )

        await until(begun, "the first wave")
        await in_browser(
            "afterwards", url=parts.app_url, key=parts.key, width=1280, scheme="light",
            schedule="quick", campaign="two waves",
        )  # fmt: skip

        async def canceled() -> bool | None:
            _, told, _ = await client.call("GET", f"campaigns/{campaign['id']}")
            return told["status"] == "Canceled" or None

        await until(canceled, "the campaign's end")


async def test_who_signs_in_sees_what_their_role_lets_them_do(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The headers are those of App Service authentication, whose own part is not there (``board/sign_in.mjs``)."""
    readers = {
        name: headers_of(*roles, name=f"{who}@contoso.example")
        for name, who, roles in (
            ("none", "nobody", ()),
            ("read", "reader", ("Drain.Read",)),
            ("operate", "operator", ("Drain.Operate",)),
        )
    }
    settings = {**FAST, "HTTP_AUTH": "appService", "WEBSITE_AUTH_ENABLED": "true"}
    async with running(Parts(tmp_path_factory.mktemp("entra"), settings=settings)) as parts:
        await parts.start_azurite()
        await parts.start_sim(HERE / "estate.toml", 20.0)
        await parts.start_app()
        async with aiohttp.ClientSession(headers=readers["operate"]) as session:
            body = {**REQUEST, "policy": {"maxUnavailable": 1, "maintenance": {"kind": "none"}}}
            body["hosts"] = ["avd-fin-0"]
            async with session.post(f"{parts.app_url}/api/drains", json=body) as answer:
                assert answer.status == 202, await answer.text()
        await in_browser("sign_in", url=parts.app_url, width=360, scheme="dark", readers=readers)
