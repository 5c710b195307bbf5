"""Draws what lasts for long, or for ever: refused calls, strange readings, hanging strangers,
failing rules, a deleted pool."""

from random import Random

from tests.nights.drawn.chance import HOUR, TROUBLE_UNTIL, some
from tests.nights.script import Ask, BadRule, Hang, Refusal, Spell
from tests.nights.world.badrules import LIFTED, RULES
from tests.nights.world.faults import FINAL, LOST, REFUSALS
from tests.nights.world.foreign import CONDITION, FOREIGN, HOST_UPDATE

_READS_OF_ALL = ("hosts", "sessions", "pool", "plans", "host_update", "state")
_OF_ONE = (
    "machine", "tags", "operation", "script", "power", "run", "forget", "send_message", "sign_out",
)  # fmt: skip
_BACK = ("set_allow_new_session", "set_tag")
_OF_POOL = (
    "hosts", "sessions", "pool", "plans", "host_update", "set_allow_new_session", "send_message",
    "sign_out",
)  # fmt: skip


def refusals(r: Random, names: list[str]) -> tuple[Refusal, ...]:
    """In a quarter of the nights some call is refused for long, or for ever."""
    if not some(r, 0.25):
        return ()
    return tuple(_refusal(r, names) for _ in range(r.choice((1, 1, 2, 3))))


def _refusal(r: Random, names: list[str]) -> Refusal:
    call = r.choice((*_READS_OF_ALL, *_OF_ONE, *_BACK))
    kinds = list(REFUSALS)
    if call in _READS_OF_ALL or call in _BACK:
        kinds = [k for k in kinds if k != "gone" or call == "hosts"]
    if call in ("script", "operation", "tags"):  # what is there is not told to be gone
        kinds.remove("gone")
    host = "" if call in (*_READS_OF_ALL, "operation") or some(r, 0.3) else r.choice(names)
    since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
    until, kind = _until(r, since), r.choice(kinds)
    if call in _BACK and until is None and kind not in FINAL:
        until = since + HOUR  # what is refused as if it would pass is tried for ever
    return Refusal(call, kind, since, until, host)


def _until(r: Random, since: float) -> float | None:
    lasts = r.uniform(60, 3 * HOUR)
    return None if some(r, 0.5) else since + lasts


def more_refusals(r: Random, names: list[str], start: Ask) -> tuple[Refusal, ...]:
    """In some nights a refusal comes when it does most harm: of the listing, before somebody
    cancels; of one host's reading only; of a write that is waited for; of everything in a pool that
    is deleted; with a very long text."""
    if not some(r, 0.12):
        return ()
    since = start.at + r.choice((r.uniform(5, 120), r.uniform(60, 2400)))
    match r.choice(("listing", "one", "wait", "pool", "long")):
        case "listing":
            until = None if some(r, 0.5) else since + r.uniform(1800, 9000)
            return (Refusal("hosts", r.choice(("denied", "down")), since, until),)
        case "one":
            call = r.choice(("machine", "machine", "tags"))
            return (Refusal(call, r.choice(FINAL), 0.0, None, r.choice(names)),)
        case "wait":
            call = r.choice(("set_allow_new_session", "power", "send_message"))
            return (Refusal(call, "throttled", since, since + r.uniform(1200, 5400)),)
        case "pool":
            return tuple(Refusal(call, "gone", since) for call in _OF_POOL)
    calls = (*_READS_OF_ALL, *_OF_ONE, *_BACK)
    kinds = [k for k in REFUSALS if k not in ("gone", "odd")]
    longer = r.choice((3_000, 40_000))
    return tuple(
        Refusal(call, r.choice(kinds), since, since + r.uniform(600, 5400), "", longer)
        for call in r.sample(calls, 4)
    )


def spells(r: Random, names: list[str]) -> tuple[Spell, ...]:
    if not some(r, 0.12):
        return ()
    found = []
    for _ in range(r.choice((1, 1, 2))):
        since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
        found.append(Spell(r.choice(list(FOREIGN)), since, _until(r, since), r.choice(names)))
    return tuple(found)


def update(r: Random) -> tuple[tuple[Spell, ...], tuple[Refusal, ...]]:
    """In some nights the vendor's own update of the pool's hosts begins, and mostly its status
    cannot be read: the api-version is retired, or a right is missing."""
    if not some(r, 0.05):
        return (), ()
    since = r.uniform(10, 1200)
    spell = Spell(HOST_UPDATE, since, since + r.uniform(1200, 3 * HOUR))
    if some(r, 0.3):
        return (spell,), ()
    kind = r.choice(("rejected", "denied", "down"))
    return (spell,), (Refusal("host_update", kind, max(0.0, since - 60), spell.until),)


def conditions(r: Random, starts: list[Ask]) -> tuple[tuple[Spell, ...], tuple[Hang, ...]]:
    """In some nights a policy's condition asks an address that says no for a while, or hangs."""
    if not some(r, 0.08):
        return (), ()
    asked = {"kind": "httpOk", "url": "https://hooks.example/ok?sig=topsecret"}
    for start in starts:
        start.body["policy"]["conditions"] = [asked] * r.choice((1, 1, 3))
    since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
    spell = Spell(CONDITION, since, _until(r, since))
    hang = Hang("reply", r.choice((20.0, 300.0, 3000.0)), since, _until(r, since))
    return ((spell,), ()) if some(r, 0.5) else ((), (hang,))


def hangs(r: Random) -> tuple[Hang, ...]:
    """In some nights webhooks accept calls and hang, for as long as the app's client lets them."""
    if not some(r, 0.05):
        return ()
    since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
    return (Hang("call", r.choice((10.0, 30.0)), since, _until(r, since)),)


def bad_rules(r: Random) -> tuple[BadRule, ...]:
    if not some(r, 0.05):
        return ()
    rule = r.choice(list(RULES))
    since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
    until = _until(r, since)
    return (BadRule(rule, since, since + HOUR if until is None and rule in LIFTED else until),)


def receiver(r: Random) -> tuple[bool, tuple[Refusal, ...], tuple[Hang, ...]]:
    """In a third of the nights there is a receiver of notifications, which is mostly away, or
    hangs, for a while or for ever. No drain may suffer from it."""
    if not some(r, 0.33):
        return False, (), ()
    since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
    match r.choice(("well", "away", "away", "hangs", "both")):
        case "away":
            return True, (Refusal("notify", r.choice(REFUSALS), since, _until(r, since)),), ()
        case "hangs":
            return True, (), (Hang("notify", r.choice((20.0, 300.0)), since, _until(r, since)),)
        case "both":
            refusal = Refusal("notify", r.choice(REFUSALS), since, since + r.uniform(60, 3 * HOUR))
            later = r.uniform(0, TROUBLE_UNTIL)
            return True, (refusal,), (Hang("notify", 20.0, later, later + HOUR),)
    return True, (), ()


def lost(r: Random, names: list[str]) -> tuple[Refusal, ...]:
    """In a few nights all requests that start the maintenance of a host are lost on the way."""
    if not some(r, 0.03):
        return ()
    host = r.choice(("", r.choice(names)))
    return tuple(Refusal(call, LOST, 0.0, None, host) for call in ("power", "run"))
