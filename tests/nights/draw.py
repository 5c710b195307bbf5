"""Makes a script of a seed: an estate, what is asked of the app, and all that goes wrong."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from local.sim.people import Manner
from tests.nights.faults import KINDS
from tests.nights.script import (
    Ask,
    Crash,
    Disturbance,
    Fault,
    HostPart,
    Jump,
    PersonPart,
    Published,
    Script,
)

HOUR = 3600.0
TROUBLE_UNTIL = HOUR
"""Nothing is disturbed later: then all must come to rest."""
CALLS = 500
"""A night makes about so many calls while it is disturbed."""
LONGEST_SIGN_IN = 15.0
"""Less than two readings are apart: a longer one no drain could know of."""
MOST_SKEW = 2.0
MOST_JUMP = 20.0


def draw(seed: int) -> Script:
    r = Random(f"script {seed}")
    hosts = _hosts(r)
    names = [host.name for host in hosts]
    tag = "ExcludeFromScaling" if r.random() < 0.5 else ""
    published, rules = _published(Random(f"events {seed}"), names)
    calm = r.random() < (0.4 if published else 0.1)
    starts = _starts(r, names)
    asks = [*starts, *(order for start in starts for order in _orders(r, start, names))]
    hasty_asks, hasty_faults = _hasty(Random(f"hasty {seed}"), starts[0])
    _windows(Random(f"windows {seed}"), starts)
    return Script(
        seed=seed,
        trouble_until=TROUBLE_UNTIL,
        published=published,
        rules=rules,
        hosts=hosts,
        people=_people(r, names),
        asks=(*asks, *hasty_asks),
        disturbances=() if calm else _disturbances(r, names, bool(tag)),
        faults=hasty_faults if calm else (*_faults(r), *hasty_faults),
        crashes=tuple(_crash(r) for _ in range(r.choice((0, 0, 1, 1, 2, 4)))) if not calm else (),
        jumps=tuple(_jump(r) for _ in range(r.choice((0, 0, 0, 1, 2)))) if not calm else (),
        skews=tuple(r.uniform(-MOST_SKEW, MOST_SKEW) for _ in range(r.choice((1, 2, 2, 3)))),
        exclusion_tag=tag,
        autoscale=r.choice((0.0, 300.0, 900.0)) if tag or r.random() < 0.1 else 0.0,
        sneaks=tuple(r.uniform(0, LONGEST_SIGN_IN) for _ in range(r.choice((0, 0, 1, 3)))),
        answer_after=r.choice((None, 60.0, 600.0, 2400.0)),
    )


def _hasty(r: Random, start: Ask) -> tuple[tuple[Ask, ...], tuple[Fault, ...]]:
    """In a few nights somebody cancels just when the first hosts were closed, and the listings of that
    moment lag, or a write of that moment comes late."""
    if not _some(r, 0.08):
        return (), ()
    cancel = Ask(start.at + r.uniform(3, 12), "cancel", start.drain, {"reason": "a mistake"})
    if _some(r, 0.3):
        return (cancel,), (Fault(r.randint(1, 2), "late", 60.0, "set_allow_new_session"),)
    stale = [Fault(number, "stale", 10.0, "hosts") for number in range(2, 2 + r.choice((1, 2, 4)))]
    return (cancel,), tuple(stale)


def _windows(r: Random, starts: list[Ask]) -> None:
    """In some nights a drain keeps to a window, which may end while hosts are out."""
    for start in starts:
        if _some(r, 0.12):
            start.body["policy"]["window"] = {
                "starts": r.choice(("17:00", "18:00", "18:20")),
                "ends": r.choice(("18:30", "19:00", "20:00", "23:00")),
                "timeZone": "UTC",
                "atEnd": r.choice(("finish", "restore", "carryOver")),
                "hostTakes": r.choice(("PT1M", "PT20M")),
                "carryFor": "P2D",
            }


def _published(r: Random, names: list[str]) -> tuple[tuple[Published, ...], str]:
    """In a quarter of the nights: runs of Update Manager, machines that may fail, platform events."""
    if not _some(r, 0.25):
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
            if _some(r, 0.8):
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
    """Once at once, as a rule; late, or several times, else."""
    if _some(r, 0.6):
        return (r.uniform(0, 5),)
    return tuple(
        r.choice((r.uniform(0, 5), r.uniform(0, 1500))) for _ in range(r.choice((1, 2, 3)))
    )


def _rule(r: Random, kind: str) -> dict[str, Any]:
    policy: dict[str, Any] = {
        "maxUnavailable": r.choice((1, "50%", "100%")),
        "failureBudget": "100%",
        "startWithin": "PT3H",
        "healthyWithin": _minutes(r, 8, 20),
        "warnAtLeast": _minutes(r, 2, 5),
        "messages": [{"title": "events"}],
    }
    rule: dict[str, Any] = {"name": kind, "on": kind, "policy": policy}
    if kind == "updateManager":
        rule["usersRemain"] = r.choice(("cancelRun", "cancelRun", "signOut", "letGoOn"))
        rule["overTheFloor"] = r.choice(("cancelRun", "drainAnyway", "drainWhatFits"))
        return rule
    policy["deadline"] = _minutes(r, 10, 20)
    policy["atDeadline"] = r.choice(("signOut", "wait"))
    policy["maintenance"] = r.choice(
        (
            {"kind": "hold", "holdFor": "PT40M"},
            {"kind": "redeploy"},
            {"kind": "hold", "holdFor": "PT1H"},
        )
    )
    return rule


def _some(r: Random, chance: float) -> bool:
    return r.random() < chance


def _hosts(r: Random) -> tuple[HostPart, ...]:
    return tuple(
        HostPart(
            name=f"h{n}",
            drained=_some(r, 0.12),
            power=r.choice(("deallocated", "stopped")) if _some(r, 0.1) else "running",
            tagged=_some(r, 0.1),
            quirks=_quirks(r),
        )
        for n in range(r.choice((1, 1, 2, 2, 3, 3, 4, 5)))
    )


def _quirks(r: Random) -> dict[str, Any] | None:
    makers: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("restart_takes", lambda: r.uniform(20, 300)),
        ("boot_takes", lambda: r.uniform(20, 300)),
        ("never_comes_back", lambda: True),
        ("restart_fails", lambda: True),
        ("session_count_lag", lambda: r.uniform(10, 120)),
        ("sign_out_takes", lambda: r.uniform(1, 200)),
        ("upgrading_for", lambda: r.uniform(60, 900)),
        ("flips_drain_after", lambda: r.uniform(1, 300)),
        ("ghost_sessions", lambda: True),
        ("messages_fail", lambda: True),
        ("script_takes", lambda: r.uniform(10, 900)),
        ("script_fails", lambda: True),
    )
    found = {name: make() for name, make in makers if _some(r, 0.08)}
    return found or None


def _people(r: Random, names: list[str]) -> tuple[PersonPart, ...]:
    people = []
    for n in range(r.choice((0, 1, 2, 3, 4, 6))):
        settled = _some(r, 0.5)
        people.append(
            PersonPart(
                upn=f"{r.choice(('user', 'user', 'user', 'vip'))}{n}@contoso.example",
                manner=str(r.choice(list(Manner))),
                after=r.uniform(10, 3000),
                arrives=0.0 if settled else r.uniform(1, TROUBLE_UNTIL),
                takes=0.0 if settled else r.uniform(0, LONGEST_SIGN_IN),
                on=r.choice(names) if settled else None,
                disconnected=settled and _some(r, 0.2),
            )
        )
    return tuple(people)


def _starts(r: Random, names: list[str]) -> list[Ask]:
    starts = [Ask(5.0, "start", "one", _request(r, names), r.choice((1, 1, 1, 2)))]
    if _some(r, 0.4):
        at = r.choice((5.0, r.uniform(5, 2400)))
        starts.append(Ask(at, "start", "two", _request(r, names)))
    elif len(names) > 1 and _some(r, 0.2):  # two drains at once, each with hosts of its own
        middle = r.randint(1, len(names) - 1)
        starts[0].body["hosts"] = names[:middle]
        starts.append(Ask(5.0, "start", "two", {**_request(r, names), "hosts": names[middle:]}))
    if _some(r, 0.25):
        at = r.uniform(0.5 * HOUR, 2 * HOUR)
        starts.append(Ask(at, "start", "three", _request(r, names)))
    if _some(r, 0.05):
        starts.append(Ask(r.uniform(10, 60), "start", "one", _request(r, names)))
    return starts


def _request(r: Random, names: list[str]) -> dict[str, Any]:
    hosts: Any = "all"
    if _some(r, 0.4):
        hosts = r.sample(names, r.randint(1, len(names)))
    elif _some(r, 0.1):
        hosts = {"exclude": {"names": [r.choice(names)]}}
    return {"hosts": hosts, "reason": "patches", "policy": _policy(r)}


def _minutes(r: Random, *choices: int) -> str:
    return f"PT{r.choice(choices)}M"


def _policy(r: Random) -> dict[str, Any]:
    policy: dict[str, Any] = {
        "maxUnavailable": r.choice((1, 1, 2, 3, "50%", "100%")),
        "failureBudget": r.choice((1, 2, 2, "50%", "100%")),
        "order": r.choice(("emptiestFirst", "asListed", "longestSinceMaintenance")),
        "startWithin": _minutes(r, 40, 80),
        "deadline": _minutes(r, 5, 10, 20, 40),
        "atDeadline": r.choice(("signOut", "signOut", "wait", "giveUp")),
        "warnAtLeast": _minutes(r, 0, 2, 5),
        "forceSignOut": _some(r, 0.5),
        "healthyWithin": _minutes(r, 8, 20),
        "whenUnhealthy": r.choice(("restore", "restore", "keepDrained")),
        "strictHealth": _some(r, 0.2),
        "canary": _some(r, 0.2),
        "maintenance": _maintenance(r),
    }
    if _some(r, 0.3):
        policy["minimumAvailable"] = r.choice((1, 2, "30%", "50%"))
    if _some(r, 0.15):
        policy["minimumCapacity"] = {"sessions": r.choice((0, 5, 10, 20)), "headRoomPercent": 20}
    if _some(r, 0.1):
        policy["scalingPlanFloor"] = True
    if _some(r, 0.2):
        policy["batches"] = r.choice(([1, 2], [2], ["50%"]))
    if _some(r, 0.2):
        policy["disconnectedFor"] = _minutes(r, 3, 8)
    if _some(r, 0.15):
        policy["protectedUsers"] = ["VIP*"]
        policy["protectedUsersThen"] = r.choice(("wait", "giveUp"))
    policy["messages"] = [{"title": "first"}]
    if _some(r, 0.25):
        policy["messages"].append({"title": "second", "beforeDeadline": "PT3M"})
    if policy["atDeadline"] != "signOut" and "disconnectedFor" not in policy and _some(r, 0.2):
        policy["messages"] = []
    return policy


def _maintenance(r: Random) -> dict[str, Any]:
    kind = r.choice(
        ("none", "hold", "restart", "restart", "deallocate", "redeploy", "runCommand", "webhook")
    )
    match kind:
        case "hold":
            return {"kind": kind, "holdFor": _minutes(r, 20, 60)}
        case "deallocate":
            start: dict[str, Any] = {"startAfter": _minutes(r, 5, 20)} if _some(r, 0.6) else {}
            return {"kind": kind, "holdFor": "PT30M", **start}
        case "runCommand":
            return {"kind": kind, "command": "patch", "parameters": {"level": "low"}}
        case "webhook":
            return {
                "kind": kind,
                "url": "https://hooks.example/patch?sig=topsecret",
                "timeLimit": "PT1H",
                "askAgainAfter": "PT15M",
            }
    return {"kind": kind}


def _orders(r: Random, start: Ask, names: list[str]) -> list[Ask]:
    orders: list[Ask] = []

    def give(chance: float, what: str, body: dict[str, Any], longest: float = HOUR) -> float:
        if not _some(r, chance):
            return 0.0
        at = start.at + r.choice((r.uniform(0.5, 60), r.uniform(1, longest)))
        orders.append(Ask(at, what, start.drain, body, r.choice((1, 1, 1, 2))))
        return at

    one = [r.choice(names)]
    kind = start.body["policy"]["maintenance"]["kind"]
    give(0.7 if kind in ("hold", "deallocate") else 0.05, "release", {})
    give(0.15, "cancel", {"reason": "not tonight"})
    give(0.15, "skip", {"hosts": one})
    give(0.15, "add", {"hosts": one})
    give(0.12, "extend", {"by": "PT10M"})
    if paused := give(0.15, "pause", {"stopClocks": _some(r, 0.5)}):
        at = paused + r.uniform(60, HOUR)
        orders.append(Ask(at, "resume", start.drain, {}))
    return orders


def _disturbances(r: Random, names: list[str], tag: bool) -> tuple[Disturbance, ...]:
    whats = ["drain", "undrain", "restart", "delete", "reregister", "new host", "sign in"]
    whats += ["old state"]
    whats += ["tag", "untag"] if tag else []
    whats += ["lose drain"] if _some(r, 0.2) else []
    return tuple(
        Disturbance(r.uniform(10, TROUBLE_UNTIL), r.choice(whats), r.choice(names))
        for _ in range(r.choice((0, 0, 1, 2, 3)))
    )


def _faults(r: Random) -> tuple[Fault, ...]:
    anywhere = [
        Fault(r.randint(1, CALLS), r.choice(KINDS), _seconds(r))
        for _ in range(r.choice((0, 1, 3, 8, 20)))
    ]
    on_writes = [
        Fault(r.randint(1, 5), r.choice(KINDS), _seconds(r), r.choice(_WRITES))
        for _ in range(r.choice((0, 0, 1, 2)))
    ]
    held_up = [
        Fault(r.randint(5, 60), "stuck", r.uniform(200, 500), "transact")
        for _ in range(r.choice((0, 0, 0, 0, 1)))
    ]
    return (*anywhere, *on_writes, *held_up)


_WRITES = (
    "cancel", "machines", "set_allow_new_session", "set_allow_new_session", "send_message", "sign_out", "set_tag",
    "power", "run", "hosts", "transact",
)  # fmt: skip


def _seconds(r: Random) -> float:
    return round(r.choice((1.0, 10.0, 60.0, 60.0, 400.0)) * r.random(), 2)


def _crash(r: Random) -> Crash:
    return Crash(r.randint(1, CALLS), _some(r, 0.5), r.choice((1.0, 30.0, 900.0)), _some(r, 0.5))


def _jump(r: Random) -> Jump:
    return Jump(r.uniform(1, TROUBLE_UNTIL), r.randint(0, 2), r.uniform(-MOST_JUMP, MOST_JUMP))
