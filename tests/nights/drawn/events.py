"""Draws what event sources publish, and the operator's rules for events."""

import json
from random import Random
from typing import Any

from tests.nights.drawn.chance import (
    TROUBLE_UNTIL,
    minutes,
    some,
)
from tests.nights.script import (
    Published,
)


def published(r: Random, names: list[str]) -> tuple[tuple[Published, ...], str]:
    """In a quarter of the nights: runs of Update Manager, machines that may fail, platform
    events."""
    if not some(r, 0.25):
        return (), ""
    found: list[Published] = []
    for _ in range(r.choice((1, 1, 2, 4))):
        at = r.uniform(10, 0.6 * TROUBLE_UNTIL)
        hosts = tuple(r.sample(names, r.randint(1, len(names))))
        what = r.choice(("updateRun", "updateRun", "annotation", "scheduledEvent"))
        if what == "updateRun":
            found.append(Published(at, what, hosts, _run(r), _delays(r)))
        elif what == "annotation":
            loss = "VirtualMachineScheduledForServiceHealing"
            found.append(Published(at, what, hosts[:1], {"name": loss}, _delays(r)))
            if some(r, 0.8):
                later = at + r.choice((r.uniform(-60, 120), r.uniform(60, 3000)))
                found.append(Published(max(1.0, later), "availability", hosts[:1], {}, _delays(r)))
        else:
            told = {"eventId": f"e{len(found)}", "startsIn": r.uniform(300, 1800)}
            found.append(Published(at, what, hosts, told, _delays(r)))
            over = {**told, "status": r.choice(("Completed", "Canceled"))}
            found.append(Published(at + r.uniform(60, 3000), what, hosts, over, _delays(r)))
    return tuple(found), json.dumps([_rule(r, kind) for kind in _KINDS])


_KINDS = ("updateManager", "predictedLoss", "scheduledEvent")


def _run(r: Random) -> dict[str, Any]:
    return {
        "configuration": r.choice(("one", "two")),
        "startsIn": r.choice((1800.0, 2400.0, 2400.0, 900.0)),
        "lasts": r.uniform(300, 2400),
        "cutOff": r.choice((60.0, 600.0)),
        "schema": r.choice(("eventGrid", "cloudEvents")),
    }


def _delays(r: Random) -> tuple[float, ...]:
    """The delays of an event's deliveries: mostly one at once; else late, or several."""
    if some(r, 0.6):
        return (r.uniform(0, 5),)
    return tuple(
        r.choice((r.uniform(0, 5), r.uniform(0, 1500))) for _ in range(r.choice((1, 2, 3)))
    )


def _rule(r: Random, kind: str) -> dict[str, Any]:
    policy: dict[str, Any] = {
        "maxUnavailable": r.choice((1, "50%", "100%")),
        "failureBudget": "100%",
        "startWithin": "PT3H",
        "healthyWithin": minutes(r, 8, 20),
        "warnAtLeast": minutes(r, 2, 5),
        "messages": [{"title": "events"}],
    }
    rule: dict[str, Any] = {"name": kind, "on": kind, "policy": policy}
    if kind == "updateManager":
        rule["usersRemain"] = r.choice(("cancelRun", "cancelRun", "signOut", "letGoOn"))
        rule["overTheFloor"] = r.choice(("cancelRun", "drainAnyway", "drainWhatFits"))
        return rule
    policy["deadline"] = minutes(r, 10, 20)
    policy["atDeadline"] = r.choice(("signOut", "wait"))
    policy["maintenance"] = r.choice(
        (
            {"kind": "hold", "holdFor": "PT40M"},
            {"kind": "redeploy"},
            {"kind": "hold", "holdFor": "PT1H"},
        )
    )
    return rule
