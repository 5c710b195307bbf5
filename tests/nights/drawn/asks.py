"""Draws what the app is asked to do: drains of all kinds, and orders for them."""

from random import Random
from typing import Any

from tests.nights.drawn.chance import HOUR, minutes, some
from tests.nights.script import Ask, Refusal


def windows(r: Random, starts: list[Ask]) -> None:
    """In some nights a drain has a window, which may end while hosts are out."""
    for start in starts:
        if some(r, 0.12):
            start.body["policy"]["window"] = {
                "starts": r.choice(("17:00", "18:00", "18:20")),
                "ends": r.choice(("18:30", "19:00", "20:00", "23:00")),
                "timeZone": "UTC",
                "atEnd": r.choice(("finish", "restore", "carryOver")),
                "hostTakes": r.choice(("PT1M", "PT20M")),
                "carryFor": "P2D",
            }


def starts(r: Random, names: list[str]) -> list[Ask]:
    starts = [Ask(5.0, "start", "one", _request(r, names), r.choice((1, 1, 1, 2)))]
    if some(r, 0.4):
        at = r.choice((5.0, r.uniform(5, 2400)))
        starts.append(Ask(at, "start", "two", _request(r, names)))
    elif len(names) > 1 and some(r, 0.2):  # two drains at once, each with hosts of its own
        middle = r.randint(1, len(names) - 1)
        starts[0].body["hosts"] = names[:middle]
        starts.append(Ask(5.0, "start", "two", {**_request(r, names), "hosts": names[middle:]}))
    if some(r, 0.25):
        at = r.uniform(0.5 * HOUR, 2 * HOUR)
        starts.append(Ask(at, "start", "three", _request(r, names)))
    if some(r, 0.05):
        starts.append(Ask(r.uniform(10, 60), "start", "one", _request(r, names)))
    return starts


def _request(r: Random, names: list[str]) -> dict[str, Any]:
    hosts: Any = "all"
    if some(r, 0.4):
        hosts = r.sample(names, r.randint(1, len(names)))
    elif some(r, 0.1):
        hosts = {"exclude": {"names": [r.choice(names)]}}
    return {"hosts": hosts, "reason": "patches", "policy": _policy(r)}


def _policy(r: Random) -> dict[str, Any]:
    policy: dict[str, Any] = {
        "maxUnavailable": r.choice((1, 1, 2, 3, "50%", "100%")),
        "failureBudget": r.choice((1, 2, 2, "50%", "100%")),
        "order": r.choice(("emptiestFirst", "asListed", "longestSinceMaintenance")),
        "startWithin": minutes(r, 40, 80),
        "deadline": minutes(r, 5, 10, 20, 40),
        "atDeadline": r.choice(("signOut", "signOut", "wait", "giveUp")),
        "warnAtLeast": minutes(r, 0, 2, 5),
        "forceSignOut": some(r, 0.5),
        "healthyWithin": minutes(r, 8, 20),
        "whenUnhealthy": r.choice(("restore", "restore", "keepDrained")),
        "strictHealth": some(r, 0.2),
        "canary": some(r, 0.2),
        "maintenance": _maintenance(r),
    }
    if some(r, 0.3):
        policy["minimumAvailable"] = r.choice((1, 2, "30%", "50%"))
    if some(r, 0.15):
        policy["minimumCapacity"] = {"sessions": r.choice((0, 5, 10, 20)), "headRoomPercent": 20}
    if some(r, 0.1):
        policy["scalingPlanFloor"] = True
    if some(r, 0.2):
        policy["batches"] = r.choice(([1, 2], [2], ["50%"]))
    if some(r, 0.2):
        policy["disconnectedFor"] = minutes(r, 3, 8)
    if some(r, 0.15):
        policy["protectedUsers"] = r.choice((["VIP*"], ["VIP*@contoso.example"]))
        policy["protectedUsersThen"] = r.choice(("wait", "giveUp"))
    policy["messages"] = [{"title": "first"}]
    if some(r, 0.25):
        policy["messages"].append({"title": "second", "beforeDeadline": "PT3M"})
    if policy["atDeadline"] != "signOut" and "disconnectedFor" not in policy and some(r, 0.2):
        policy["messages"] = []
    return policy


def _maintenance(r: Random) -> dict[str, Any]:
    kind = r.choice(
        ("none", "hold", "restart", "restart", "deallocate", "redeploy", "runCommand", "webhook")
    )
    match kind:
        case "hold":
            return {"kind": kind, "holdFor": minutes(r, 20, 60)}
        case "deallocate":
            start: dict[str, Any] = {"startAfter": minutes(r, 5, 20)} if some(r, 0.6) else {}
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


def orders(r: Random, start: Ask, names: list[str]) -> list[Ask]:
    orders: list[Ask] = []

    def give(chance: float, what: str, body: dict[str, Any], longest: float = HOUR) -> float:
        if not some(r, chance):
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
    if paused := give(0.15, "pause", {"stopClocks": some(r, 0.5)}):
        at = paused + r.uniform(60, HOUR)
        orders.append(Ask(at, "resume", start.drain, {}))
    return orders


def cancels(r: Random, refused: tuple[Refusal, ...], start: Ask) -> tuple[Ask, ...]:
    """In most nights in which the hosts cannot be listed, somebody cancels the drain."""
    if not any(refusal.call == "hosts" for refusal in refused) or some(r, 0.3):
        return ()
    at = refused[0].since + r.uniform(5, 200)
    return (Ask(at, "cancel", start.drain, {"reason": "it does not go on"}),)


def again(r: Random, names: list[str]) -> tuple[Ask, ...]:
    """In some nights a second drain takes all hosts one after another, those with the longest time
    since their maintenance first; some may have failed in the first drain."""
    if len(names) < 2 or not some(r, 0.1):
        return ()
    policy = {
        **_policy(r),
        "order": "longestSinceMaintenance",
        "maxUnavailable": 1,
        "failureBudget": "100%",
        "maintenance": {"kind": "restart"},
    }
    for name in ("batches", "minimumAvailable", "minimumCapacity", "scalingPlanFloor"):
        policy.pop(name, None)
    body = {"hosts": "all", "reason": "again", "policy": policy | {"canary": False}}
    return (Ask(r.uniform(1.5 * HOUR, 2.5 * HOUR), "start", "four", body),)
