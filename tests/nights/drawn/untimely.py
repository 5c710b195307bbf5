"""Nights in which something comes at the wrong moment: a write when its drain is over, a death while an
order is taken, a request while a host is left drained."""

from dataclasses import replace
from random import Random

from tests.nights.drawn.chance import HOUR, some
from tests.nights.drawn.quiet import HOLD, RUN, orders, start, two
from tests.nights.script import Ask, Crash, Disturbance, Fault, Hang, Script


def failed_before(r: Random, script: Script) -> Script:
    """A host fails, and a later drain takes all in turn."""
    script = two(script)
    n = r.randrange(len(script.hosts))
    bad = replace(script.hosts[n], quirks={"restart_fails": True}, drained=False)
    restart = {"kind": "restart"}
    later = start(r, "all", restart, maxUnavailable=1, order="longestSinceMaintenance")
    return replace(
        script,
        hosts=(*script.hosts[:n], bad, *script.hosts[n + 1 :]),
        asks=(start(r, "all", restart), replace(later, at=2 * HOUR, drain="four")),
    )


def late_write(r: Random, script: Script) -> Script:
    """Drain mode takes effect after a cancel, when the host is seen open again."""
    at = r.uniform(8, 25)
    again = at + r.uniform(20, 60)
    number = r.randint(1, min(2, len(script.hosts)))
    return replace(
        script,
        asks=(start(r, "all", HOLD), *orders("cancel", at, again, again + r.uniform(5, 25))),
        faults=(Fault(number, "late", r.uniform(40, 60), "set_allow_new_session"),),
    )


def late_operation(r: Random, script: Script) -> Script:
    """An operation on a VM, or a script, begins long after its request's response was lost."""
    kind = r.choice(("restart", "redeploy", "deallocate", *["runCommand"] * 3))
    more = {"holdFor": "PT30M", "startAfter": "PT5M"} if kind == "deallocate" else {}
    number = r.randint(1, min(2, len(script.hosts)))
    maintenance = RUN if kind == "runCommand" else {"kind": kind, **more}
    return replace(
        script,
        asks=(start(r, "all", maintenance),),
        faults=(
            Fault(number, "late", r.uniform(12, 55), "run" if maintenance is RUN else "power"),
        ),
    )


def anew(r: Random, script: Script) -> Script:
    """A host is registered anew while the write that closes it is under way."""
    host = replace(r.choice(script.hosts), drained=False)
    slow = r.uniform(20, 55)
    return replace(
        script,
        hosts=(host,),
        asks=(start(r, "all", HOLD),),
        disturbances=(Disturbance(r.uniform(10, slow), "reregister", host.name),),
        faults=(Fault(1, "slow", slow, "set_allow_new_session"),),
    )


def held_up(r: Random, script: Script) -> Script:
    """An instance has saved what it is about to do, and is held up. Meanwhile the drain is cancelled,
    and others put its hosts back."""
    script = two(script)
    at = r.uniform(95, 150)
    return replace(
        script,
        asks=(start(r, "all", HOLD), *orders("cancel", at, at + 40, at + 80)),
        faults=(Fault(r.choice((7, 8, 8, 8, 9)), "stuck", r.uniform(200, 500), "transact"),),
    )


def cleared(r: Random, script: Script) -> Script:
    """Instances die, and somebody clears the queue again and again."""
    kind = r.choice(({"kind": "restart"}, {"kind": "hold", "holdFor": "PT20M"}))
    return replace(
        script,
        asks=(start(r, "all", kind),),
        crashes=tuple(
            Crash(r.randint(20, 150), some(r, 0.5), r.choice((1.0, 30.0)), some(r, 0.5))
            for _ in range(3)
        ),
        disturbances=tuple(Disturbance(r.uniform(10, 1200), "clear queue") for _ in range(6)),
    )


def added(r: Random, script: Script) -> Script:
    """Several add the same host at the same time; or whoever takes that dies."""
    script = two(script)
    *names, last = (host.name for host in script.hosts)
    at = r.uniform(20, 900)
    times, dies = (r.choice((2, 3)), 0) if some(r, 0.5) else (1, r.randint(11, 13))
    add = Ask(at, "add", "one", {"hosts": [last]}, times, dies)
    ends = orders("cancel", at + r.uniform(-5, 60)) if some(r, 0.4) else ()
    hold = {"kind": "hold", "holdFor": "PT20M"}
    return replace(script, asks=(start(r, names, hold), add, *ends))


def at_once(r: Random, script: Script) -> Script:
    """Several ask for the same hosts at nearly the same moment, and storage is slow just then."""
    script = two(script)
    names = [host.name for host in script.hosts]
    asks = [_for_the_same(r, names, drain) for drain in ("one", "two", "three")]
    return replace(
        script,
        skews=(*script.skews, 0.0, 0.0)[:3],
        asks=tuple(asks),
        faults=tuple(
            Fault(number, "slow", r.uniform(1, 20), "transact")
            for number in r.sample(range(1, 13), 5)
        ),
    )


def _for_the_same(r: Random, names: list[str], drain: str) -> Ask:
    kind = r.choice(({"kind": "restart"}, {"kind": "hold", "holdFor": "PT20M"}, {"kind": "none"}))
    hosts = "all" if some(r, 0.5) else sorted({names[0], *r.sample(names, 1)})
    return replace(start(r, hosts, kind), at=5.0 + r.uniform(0, 1), drain=drain)


def lost(r: Random, script: Script) -> Script:
    """The records of a drain are removed when the watchdog has looked at its hosts before."""
    at = r.uniform(650, 3000)
    return replace(
        script,
        asks=(start(r, "all", HOLD),),
        disturbances=(Disturbance(at, "lose drain"),),
    )


def left_drained(r: Random, script: Script) -> Script:
    """A drain leaves its host in drain mode while a slow request for the next one is under way."""
    host = replace(script.hosts[0], quirks={"never_comes_back": True}, drained=False)
    restart = {"kind": "restart"}
    first = start(r, "all", restart, healthyWithin="PT5M", whenUnhealthy="keepDrained")
    second = replace(start(r, "all", {"kind": "none"}), at=r.uniform(420, 480), drain="two")
    return replace(
        script,
        hosts=(host,),
        people=(),
        sneaks=(),
        asks=(first, second),
        hangs=(Hang("permissions", r.uniform(30, 60), 60.0),),
    )


def untagged(r: Random, script: Script) -> Script:
    """A request that sets an exclusion tag is lost, and autoscale opens what carries none."""
    return replace(
        script,
        hosts=tuple(replace(host, drained=False, tagged=False) for host in script.hosts),
        exclusion_tag="ExcludeFromScaling",
        autoscale=r.choice((300.0, 900.0)),
        asks=(start(r, "all", HOLD),),
        faults=tuple(
            Fault(number, "fail", 1.0, "set_tag") for number in range(1, r.choice((2, 4)))
        ),
    )
