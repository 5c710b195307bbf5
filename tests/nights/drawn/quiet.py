"""The frame of a night around one situation: sound hosts, one drain, and nothing that goes wrong by
itself."""

from dataclasses import replace
from random import Random
from typing import Any

from tests.nights.script import Ask, HostPart, Script

HOLD = {"kind": "hold", "holdFor": "PT60M"}
WEBHOOK = {
    "kind": "webhook",
    "url": "https://hooks.example/patch?sig=topsecret",
    "timeLimit": "PT1H",
}
RUN = {"kind": "runCommand", "command": "patch", "parameters": {"level": "low"}}


def quiet(script: Script) -> Script:
    """The estate with sound hosts, its people and its instances."""
    hosts = tuple(replace(host, power="running", quirks=None) for host in script.hosts)
    return Script(
        script.seed,
        hosts,
        script.people,
        skews=script.skews,
        trouble_until=script.trouble_until,
        exclusion_tag=script.exclusion_tag,
        sneaks=script.sneaks,
        tells=script.tells,
        answer_after=script.answer_after,
    )


def start(r: Random, hosts: list[str] | str, maintenance: dict[str, Any], **more: Any) -> Ask:
    """A drain that takes all of its hosts out at once."""
    policy = {
        "maxUnavailable": "100%", "failureBudget": "100%", "deadline": r.choice(("PT5M", "PT20M")),
        "warnAtLeast": "PT2M", "healthyWithin": "PT20M", "messages": [{"title": "first"}],
        "maintenance": maintenance,
    }  # fmt: skip
    body = {"hosts": hosts, "reason": "patches", "policy": policy | more}
    return Ask(5.0, "start", "one", body)


def two(script: Script) -> Script:
    """With two hosts at least, and two instances."""
    hosts = script.hosts if len(script.hosts) > 1 else (*script.hosts, HostPart("h1"))
    return replace(script, hosts=hosts, skews=(*script.skews, 0.0)[: max(2, len(script.skews))])


def orders(what: str, *times: float) -> tuple[Ask, ...]:
    return tuple(Ask(at, what, "one", {"reason": "a mistake"}) for at in times)


def stopped(r: Random, script: Script, **quirks: Any) -> tuple[HostPart, Script]:
    """One host, whose VM is stopped; nobody signs in."""
    power = r.choice(("deallocated", "stopped"))
    host = replace(r.choice(script.hosts), power=power, drained=False, quirks=quirks)
    return host, replace(script, hosts=(host,), people=(), sneaks=())
