"""The columns of each kind of answer, for people."""

from typing import Any

from cli.screen.output import Row
from cli.screen.text import short, shortened


def time(value: Any) -> str:
    """RFC 3339 in UTC, to the minute."""
    return str(value)[:16].replace("T", " ") + "Z" if value else ""


def expected(one: Row) -> str:
    """When it is expected to have ended; an app that is older than this tells nothing of it."""
    told = one.get("expectedEnd")
    return "" if not told else time(told["at"]) or "unknown"


def expected_line(one: Row) -> str:
    """The same with its range, and what it is made of; empty where nothing is told."""
    told = one.get("expectedEnd")
    if not told:
        return ""
    if not told["at"]:
        return f"when it ends is not known: {told['because']}"
    day = told["at"][:10]
    low, high = (
        time(t)[11:] if t[:10] == day else time(t) for t in (told["earliest"], told["latest"])
    )
    return f"expected to end {time(told['at'])} ({low} to {high}): {told['because']}"


def drains(found: list[Row]) -> list[Row]:
    return [
        {"id": one["id"], "status": status(one),
         "hosts": ", ".join(f"{n} {phase}" for phase, n in one["summary"].items()),
         "expected end": expected(one),
         "asked": time(one["askedAt"]), "reason": one["reason"]}
        for one in found
    ]  # fmt: skip


def status(drain: Row) -> str:
    """With what a person should know beside it."""
    also = [drain["status"]]
    if drain.get("paused"):
        also.append("paused")
    if drain.get("cancelAsked") and drain["status"] in ("NotStarted", "Running"):
        also.append("being canceled")
    if drain["attentionCount"]:
        also.append(f"! {drain['attentionCount']}")
    return ", ".join(also)


def heading(drain: Row) -> list[str]:
    """What stands above its hosts."""
    phases = ", ".join(f"{n} {phase}" for phase, n in drain["summary"].items())
    asked = f"asked by {drain['askedBy']}, " if drain.get("askedBy") else ""
    return [f"{short(drain['hostPool'])}: {status(drain)}  {phases}",
            f"{asked}{time(drain['askedAt'])}: {drain['reason']}", *available(drain)]  # fmt: skip


def available(drain: Row) -> list[str]:
    """How the pool stands against the floor; nothing once the drain has ended."""
    now = drain.get("availability")
    if not now:
        return []
    floor = "" if now["floor"] is None else f", the policy keeps {now['floor']}"
    return [f"{now['available']} of {now['hosts']} hosts of the pool take users{floor}"]


def hosts(drain: Row) -> list[Row]:
    names = shortened([host["name"] for host in drain["hosts"]])
    return [
        {"host": names[host["name"]], "phase": host["phase"], "sessions": host["sessions"],
         "deadline": time(deadline(host)), "expected end": expected(host),
         "waits for, or came to": state(host)}
        for host in drain["hosts"]
    ]  # fmt: skip


def deadline(host: Row) -> Any:
    """When its users must be gone; nothing once they are."""
    return host["deadline"] if host["phase"] in ("queued", "draining") else None


def state(host: Row) -> str:
    """What a person wants to know of a host first."""
    told = host.get("attention") or host.get("outcome") or host.get("waitsFor")
    return str(told["text"] if isinstance(told, dict) else told or "")


def plan(found: Row) -> list[Row]:
    names = shortened([host["name"] for host in found["hosts"]])
    return [
        {"batch": host["batch"] or "", "host": names[host["name"]], "users": len(host["users"]),
         "out from": time(host["outFrom"]), "expected back": expected(host),
         "back by": time(host["backBy"]),
         "cannot go": host["cannotGo"]}
        for host in found["hosts"]
    ]  # fmt: skip


def plans(found: list[Row]) -> list[Row]:
    """What each of several drains would do, in short."""
    return [_plan(one) for one in found]


def waves(found: Row) -> list[Row]:
    """The same, of a campaign."""
    return [
        {"wave": wave["name"], **_plan(one)} for wave in found["waves"] for one in wave["drains"]
    ]


def _plan(one: Row) -> Row:
    found = one["plan"] or {"hosts": [], "heldBy": None}
    why = "; ".join(one["refused"]) or (f"held back: {found['heldBy']}" if found["heldBy"] else "")
    return {
        "pool": short(one["hostPool"]), "hosts": len(found["hosts"]) if one["plan"] else "refused",
        "users": len({user for host in found["hosts"] for user in host["users"]}),
        "expected end": expected(found), "why not, or not now": why,
    }  # fmt: skip


def runs(found: list[Row]) -> list[Row]:
    return [
        {"at": time(one["at"]), "state": one["state"], "drains": ", ".join(one["drains"]),
         "campaign": one["campaign"], "text": one["text"]}
        for one in found
    ]  # fmt: skip


def history(found: list[Row]) -> list[Row]:
    return [
        {"at": str(one["at"] or "")[:19].replace("T", " ") + "Z", "host": short(one["host"] or ""),
         "what": one["what"], "by": one["by"], "why": one["why"]}
        for one in found
    ]  # fmt: skip


def claims(found: list[Row]) -> list[Row]:
    return [
        {"host": short(one["host"]), "pool": short(one["hostPool"]), "state": one["state"],
         "since": time(one["since"]), "back by": time(one["restoreBy"]), "drain": one["drain"]}
        for one in found
    ]  # fmt: skip


def schedules(found: list[Row]) -> list[Row]:
    return [
        {"name": one["name"], "cron": one["cron"], "time zone": one["timeZone"],
         "enabled": one["enabled"], "next": time((one["next"] or [None])[0]),
         "last run": (one["lastRun"] or {}).get("state"), "warnings": "; ".join(one["warnings"])}
        for one in found
    ]  # fmt: skip


def campaigns(found: list[Row]) -> list[Row]:
    return [
        {"id": one["id"], "status": one["status"], "waves": len(one["waves"]),
         "expected end": expected(one), "asked": time(one["askedAt"]), "reason": one["reason"], "stopped": one["stopped"]}
        for one in found
    ]  # fmt: skip


def findings(told: Row) -> list[Row]:
    return [
        {"": one["severity"], "about": tail(one["about"]),
         "found, and what to do": f"{one['text']}. {one['whatToDo'] or ''}".strip()}
        for one in told["findings"]
    ]  # fmt: skip


def receivers(told: Row) -> list[Row]:
    return [
        {"receiver": one["name"], "kind": one["kind"], "": one["state"], "taken": one["taken"],
         "waiting": len(one["waiting"]), "given up": one["givenUpCount"] or "",
         "next": time(one["nextAt"]), "last result": one["lastResult"]}
        for one in told["value"]
    ]  # fmt: skip


def tail(about: str) -> str:
    """Of a resource id its last two parts: they tell what it is."""
    return "/".join(about.rsplit("/", 2)[-2:]) if about.startswith("/") else about
