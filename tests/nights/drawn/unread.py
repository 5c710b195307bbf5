"""Nights in which something cannot be read just when it matters."""

from dataclasses import replace
from random import Random

from local.sim.estate.people import Manner
from tests.nights.drawn.chance import HOUR, some
from tests.nights.drawn.quiet import HOLD, RUN, WEBHOOK, orders, start, stopped, two
from tests.nights.script import Disturbance, Fault, PersonPart, Refusal, Script, Spell
from tests.nights.world.faults import BLANK, FINAL


def another_host(r: Random, script: Script) -> Script:
    """A host is out, and its drain's records are removed. It is registered anew, and closed by an
    administrator; the tags of its VM cannot be read."""
    host = r.choice(script.hosts).name
    lost, anew = r.uniform(40, 300), r.uniform(60, 600)
    return replace(
        script,
        hosts=tuple(replace(each, drained=False, tagged=False) for each in script.hosts),
        exclusion_tag="ExcludeFromScaling",
        asks=(start(r, "all", HOLD),),
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
    kind = r.choice(({"kind": "restart"}, RUN))
    times = sorted(r.uniform(120, 900) for _ in range(5))
    return replace(
        script,
        hosts=tuple(host if each.name == host.name else each for each in script.hosts),
        asks=(start(r, "all", kind),),
        disturbances=tuple(Disturbance(at, "sign in", host.name) for at in times),
    )


def blank(r: Random, script: Script) -> Script:
    """Users stay on all hosts but one, and every other listing of sessions is empty, or lacks those of
    a host: pages by offset lack what has moved to the page before."""
    script = two(script)
    hosts = script.hosts[: len(script.hosts) // 2 * 2]
    names = [host.name for host in hosts]
    stay = (str(Manner.STUBBORN), str(Manner.WORKS))
    users = tuple(
        PersonPart(f"stays{n}@contoso.example", r.choice(stay), r.uniform(1500, 3000), on=name)
        for n, name in enumerate(names[1:])
    )
    kind = r.choice(({"kind": "restart"}, {"kind": "none"}, HOLD, WEBHOOK))
    at_deadline = r.choice(("signOut", "wait", "giveUp"))
    lacks = r.choice(("", *names[1:]))
    return replace(
        script,
        hosts=hosts,
        people=users,
        sneaks=(),
        asks=(start(r, "all", kind, atDeadline=at_deadline),),
        faults=_every_other(r, lacks),
    )


def blank_at_last(r: Random, script: Script) -> Script:
    """Administrators get onto a VM that is to be stopped again, and every other listing lacks them."""
    script = somebody_on_it(r, two(script))
    stopped_ = next(host for host in script.hosts if host.power != "running")
    other = next(host for host in script.hosts if host is not stopped_)
    return replace(
        script,
        hosts=(stopped_, other),
        people=(),
        sneaks=(),
        asks=(start(r, [stopped_.name], script.asks[0].body["policy"]["maintenance"]),),
        faults=_every_other(r, ""),
    )


def _every_other(r: Random, lacks: str) -> tuple[Fault, ...]:
    """The first listing is that of the request. Of two or four hosts' sessions those are listed that
    are wanted, so each look lists once."""
    first = r.choice((2, 3))
    return tuple(Fault(number, BLANK, 0.0, "sessions", lacks) for number in range(first, 14, 2))


def not_put_back(r: Random, script: Script) -> Script:
    """Hosts may not be put back until their drain is over, and the operator is told of everything."""
    until = r.uniform(1.2, 3) * HOUR
    kind = r.choice(({"kind": "restart"}, {"kind": "none"}, RUN))
    return replace(
        script,
        tells=True,
        asks=(start(r, "all", kind),),
        refusals=(Refusal("set_allow_new_session", r.choice(FINAL), r.uniform(20, 60), until),),
    )


def unlisted(r: Random, script: Script) -> Script:
    """The hosts cannot be listed for hours; mostly somebody cancels."""
    since = r.uniform(15, 900)
    cancels = some(r, 0.5)
    kind = r.choice(("down", "throttled") if cancels else FINAL)
    return replace(
        script,
        asks=(
            start(r, "all", HOLD),
            *(orders("cancel", since + r.uniform(5, 200)) if cancels else ()),
        ),
        refusals=(Refusal("hosts", kind, since, since + r.uniform(1.5, 3) * HOUR),),
    )


def drained_before(r: Random, script: Script) -> Script:
    """A host that a person has closed is out, and its drain mode is not told for a while."""
    host = replace(r.choice(script.hosts), drained=True)
    since = r.uniform(60, 1200)
    return replace(
        script,
        hosts=tuple(host if each.name == host.name else each for each in script.hosts),
        people=(),
        asks=(start(r, "all", r.choice((HOLD, RUN))),),
        spells=(Spell("no drain mode", since, since + r.uniform(300, 3000), host.name),),
    )


def opened_unseen(r: Random, script: Script) -> Script:
    """A VM is to be stopped again. Its host was opened, and its drain mode is not told."""
    host, script = stopped(r, script, upgrading_for=r.uniform(200, 900))
    since = r.uniform(60, 200)
    opened = Disturbance(since + r.uniform(1, 60), "undrain", host.name)
    return replace(
        script,
        asks=(start(r, "all", {"kind": "restart"}, readWithin="PT10M"),),
        spells=(Spell("no drain mode", since, None, host.name),),
        disturbances=(opened,),
    )


def unseen(r: Random, script: Script) -> Script:
    """A VM that was stopped is started, or is stopped again, and nobody can see how far that is for
    so long that a person is told. In half of these nights the host is not opened at once, either."""
    _, script = stopped(r, script, restart_takes=r.uniform(60, 400))
    since = r.uniform(90, 450)
    until = since + r.uniform(500, 900)
    calls = r.choice((("hosts",), ("hosts",), ("operation", "machine")))
    kind, write = r.choice(FINAL), "set_allow_new_session"
    refusals = [Refusal(call, kind, since, until) for call in calls]
    if some(r, 0.5):
        refusals.append(Refusal(write, "down", since + 60, until + r.uniform(200, 900)))
    asks = (start(r, "all", {"kind": "restart"}),)
    return replace(script, asks=asks, refusals=tuple(refusals))


def not_listed(r: Random, script: Script) -> Script:
    """Listings lack a host while it is out, and others of its pool wait for their turn."""
    host, since = script.hosts[0].name, r.uniform(60, 200)
    until = r.choice((since + r.uniform(20, 60), since + r.uniform(600, 9000)))
    return replace(
        script,
        asks=(
            start(r, "all", HOLD, maxUnavailable=1),
            *orders("cancel", since + r.uniform(200, 2000)),
        ),
        people=(),
        spells=(Spell("not listed", since, until, host),),
    )


def unnamed(r: Random, script: Script) -> Script:
    """A protected user stays on a host whose listings never have whole user names."""
    host = r.choice(script.hosts).name
    vip = PersonPart("vip9@contoso.example", str(Manner.STUBBORN), 3000.0, on=host)
    protects = {
        "protectedUsers": r.choice((["VIP*"], ["VIP*@contoso.example"])),
        "protectedUsersThen": r.choice(("wait", "giveUp")),
        "atDeadline": "signOut",
        "deadline": "PT5M",
    }
    return replace(
        script,
        people=(*script.people, vip),
        asks=(start(r, "all", {"kind": "restart"}, **protects),),
        spells=(Spell(r.choice(("no UPN", "no user")), 0.0, None, host),),
    )


def stopped_unseen(r: Random, script: Script) -> Script:
    """Nothing tells that the VM of a host is stopped."""
    host, script = stopped(r, script)
    kind = r.choice((RUN, {"kind": "deallocate", "holdFor": "PT30M", "startAfter": "PT5M"}))
    until = r.choice((None, r.uniform(600, 5000)))
    return replace(
        script,
        asks=(start(r, "all", kind),),
        spells=(Spell("no power state", 0.0, until, host.name),),
    )
