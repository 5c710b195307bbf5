"""Draws nights around one situation that chance alone would hardly ever bring about, with little else
going wrong: a write that arrives when its drain is over, an instance that dies while it takes an
order, a queue that somebody clears."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from tests.nights.drawn.chance import HOUR, some
from tests.nights.script import Ask, Crash, Disturbance, Fault, HostPart, Refusal, Script

_SHARE = 0.16
"""Of all nights."""
Make = Callable[[Random, Script], Script]


def made(r: Random, script: Script) -> Script:
    """The script, in most nights; in a few one of those situations with its estate and people."""
    return r.choice(_MAKERS)(r, _quiet(script)) if some(r, _SHARE) else script


def _quiet(script: Script) -> Script:
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


def _start(r: Random, hosts: list[str] | str, maintenance: dict[str, Any], **more: Any) -> Ask:
    """A drain that takes all of its hosts out at once."""
    policy = {
        "maxUnavailable": "100%", "failureBudget": "100%", "deadline": r.choice(("PT5M", "PT20M")),
        "warnAtLeast": "PT2M", "healthyWithin": "PT20M", "messages": [{"title": "first"}],
        "maintenance": maintenance,
    }  # fmt: skip
    body = {"hosts": hosts, "reason": "patches", "policy": policy | more}
    return Ask(5.0, "start", "one", body)


_HOLD = {"kind": "hold", "holdFor": "PT60M"}
_SCRIPT = {"kind": "runCommand", "command": "patch", "parameters": {"level": "low"}}


def _two(script: Script) -> Script:
    """With two hosts at least, and two instances."""
    hosts = script.hosts if len(script.hosts) > 1 else (*script.hosts, HostPart("h1"))
    return replace(script, hosts=hosts, skews=(*script.skews, 0.0)[: max(2, len(script.skews))])


def _orders(what: str, *times: float) -> tuple[Ask, ...]:
    return tuple(Ask(at, what, "one", {"reason": "a mistake"}) for at in times)


def failed_before(r: Random, script: Script) -> Script:
    """A host fails, and a later drain takes all in turn."""
    script = _two(script)
    n = r.randrange(len(script.hosts))
    bad = replace(script.hosts[n], quirks={"restart_fails": True}, drained=False)
    restart = {"kind": "restart"}
    later = _start(r, "all", restart, maxUnavailable=1, order="longestSinceMaintenance")
    return replace(
        script,
        hosts=(*script.hosts[:n], bad, *script.hosts[n + 1 :]),
        asks=(_start(r, "all", restart), replace(later, at=2 * HOUR, drain="four")),
    )


def late_write(r: Random, script: Script) -> Script:
    """Drain mode takes effect after a cancel, when the host is seen open again."""
    at = r.uniform(8, 25)
    again = at + r.uniform(20, 60)
    number = r.randint(1, min(2, len(script.hosts)))
    return replace(
        script,
        asks=(_start(r, "all", _HOLD), *_orders("cancel", at, again, again + r.uniform(5, 25))),
        faults=(Fault(number, "late", r.uniform(40, 60), "set_allow_new_session"),),
    )


def late_operation(r: Random, script: Script) -> Script:
    """An operation on a VM begins long after its request's response was lost."""
    kind = r.choice(("restart", "redeploy", "deallocate"))
    more = {"holdFor": "PT30M", "startAfter": "PT5M"} if kind == "deallocate" else {}
    number = r.randint(1, min(2, len(script.hosts)))
    return replace(
        script,
        asks=(_start(r, "all", {"kind": kind, **more}),),
        faults=(Fault(number, "late", r.uniform(12, 55), "power"),),
    )


def another_host(r: Random, script: Script) -> Script:
    """A host is out, and its drain's records are removed. It is registered anew, and closed by an
    administrator; the tags of its VM cannot be read."""
    host = r.choice(script.hosts).name
    lost, anew = r.uniform(40, 300), r.uniform(60, 600)
    return replace(
        script,
        hosts=tuple(replace(each, drained=False, tagged=False) for each in script.hosts),
        exclusion_tag="ExcludeFromScaling",
        asks=(_start(r, "all", _HOLD),),
        disturbances=(
            Disturbance(lost, "lose drain", host),
            Disturbance(anew, "reregister", host),
            Disturbance(anew + r.uniform(5, 100), "drain", host),
        ),
        refusals=(Refusal("tags", r.choice(("denied", "down")), r.uniform(40, 600)),),
    )


def somebody_on_it(r: Random, script: Script) -> Script:
    """Administrators sign in to a VM that was stopped and was started for its maintenance."""
    host = replace(
        r.choice(script.hosts),
        power=r.choice(("deallocated", "stopped")),
        quirks={"upgrading_for": r.uniform(200, 900), "script_takes": r.uniform(200, 900)},
    )
    kind = r.choice(({"kind": "restart"}, _SCRIPT))
    times = sorted(r.uniform(120, 900) for _ in range(5))
    return replace(
        script,
        hosts=tuple(host if each.name == host.name else each for each in script.hosts),
        asks=(_start(r, "all", kind),),
        disturbances=tuple(Disturbance(at, "sign in", host.name) for at in times),
    )


def held_up(r: Random, script: Script) -> Script:
    """An instance has saved what it is about to do, and is held up. Meanwhile the drain is cancelled,
    and others put its hosts back."""
    script = _two(script)
    at = r.uniform(95, 150)
    return replace(
        script,
        asks=(_start(r, "all", _HOLD), *_orders("cancel", at, at + 40, at + 80)),
        faults=(Fault(r.choice((7, 8, 8, 8, 9)), "stuck", r.uniform(200, 500), "transact"),),
    )


def cleared(r: Random, script: Script) -> Script:
    """Instances die, and somebody clears the queue again and again."""
    kind = r.choice(({"kind": "restart"}, {"kind": "hold", "holdFor": "PT20M"}))
    return replace(
        script,
        asks=(_start(r, "all", kind),),
        crashes=tuple(
            Crash(r.randint(20, 150), some(r, 0.5), r.choice((1.0, 30.0)), some(r, 0.5))
            for _ in range(3)
        ),
        disturbances=tuple(Disturbance(r.uniform(10, 1200), "clear queue") for _ in range(6)),
    )


def added(r: Random, script: Script) -> Script:
    """Several add the same host at the same time; or whoever takes that dies."""
    script = _two(script)
    *names, last = (host.name for host in script.hosts)
    at = r.uniform(20, 900)
    times, dies = (r.choice((2, 3)), 0) if some(r, 0.5) else (1, r.randint(11, 13))
    add = Ask(at, "add", "one", {"hosts": [last]}, times, dies)
    ends = _orders("cancel", at + r.uniform(-5, 60)) if some(r, 0.4) else ()
    hold = {"kind": "hold", "holdFor": "PT20M"}
    return replace(script, asks=(_start(r, names, hold), add, *ends))


def unlisted(r: Random, script: Script) -> Script:
    """The hosts cannot be listed for hours, and somebody cancels."""
    since = r.uniform(15, 900)
    return replace(
        script,
        asks=(_start(r, "all", _HOLD), *_orders("cancel", since + r.uniform(5, 200))),
        refusals=(
            Refusal(
                "hosts", r.choice(("down", "throttled")), since, since + r.uniform(1, 3) * HOUR
            ),
        ),
    )


_MAKERS: tuple[Make, ...] = (
    failed_before,
    late_write,
    late_operation,
    another_host,
    somebody_on_it,
    held_up,
    cleared,
    added,
    unlisted,
)
