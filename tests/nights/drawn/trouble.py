"""All that goes wrong."""

from random import Random

from tests.nights.drawn.chance import CALLS, HOUR, MOST_JUMP, TROUBLE_UNTIL, some
from tests.nights.faults import KINDS, REFUSALS
from tests.nights.script import (
    Ask,
    Crash,
    Disturbance,
    Fault,
    Jump,
    Refusal,
)


def hasty(r: Random, start: Ask) -> tuple[tuple[Ask, ...], tuple[Fault, ...]]:
    """In a few nights somebody cancels just when the first hosts were closed, and the listings of that
    moment lag, or a write of that moment comes late."""
    if not some(r, 0.08):
        return (), ()
    cancel = Ask(start.at + r.uniform(3, 12), "cancel", start.drain, {"reason": "a mistake"})
    if some(r, 0.3):
        return (cancel,), (Fault(r.randint(1, 2), "late", 60.0, "set_allow_new_session"),)
    stale = [Fault(number, "stale", 10.0, "hosts") for number in range(2, 2 + r.choice((1, 2, 4)))]
    return (cancel,), tuple(stale)


def disturbances(r: Random, names: list[str], tag: bool) -> tuple[Disturbance, ...]:
    whats = ["drain", "undrain", "restart", "delete", "reregister", "new host", "sign in"]
    whats += ["old state"]
    whats += ["tag", "untag"] if tag else []
    whats += ["lose drain"] if some(r, 0.2) else []
    return tuple(
        Disturbance(r.uniform(10, TROUBLE_UNTIL), r.choice(whats), r.choice(names))
        for _ in range(r.choice((0, 0, 1, 2, 3)))
    )


def faults(r: Random) -> tuple[Fault, ...]:
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


def crashes(r: Random) -> tuple[Crash, ...]:
    return tuple(_crash(r) for _ in range(r.choice((0, 0, 1, 1, 2, 4))))


def jumps(r: Random) -> tuple[Jump, ...]:
    return tuple(_jump(r) for _ in range(r.choice((0, 0, 0, 1, 2))))


def _crash(r: Random) -> Crash:
    return Crash(r.randint(1, CALLS), some(r, 0.5), r.choice((1.0, 30.0, 900.0)), some(r, 0.5))


def _jump(r: Random) -> Jump:
    return Jump(r.uniform(1, TROUBLE_UNTIL), r.randint(0, 2), r.uniform(-MOST_JUMP, MOST_JUMP))


def refusals(r: Random, names: list[str]) -> tuple[Refusal, ...]:
    """In a quarter of the nights something is refused for long, or for ever. The writes that put back are
    allowed again some time: else there would be nothing to come to rest."""
    if not some(r, 0.25):
        return ()
    return tuple(_refusal(r, names) for _ in range(r.choice((1, 1, 2, 3))))


_READS_OF_ALL = ("hosts", "sessions", "pool", "plans", "host_update", "state")
_OF_ONE = (
    "machine", "tags", "operation", "script", "power", "run", "forget", "send_message", "sign_out",
)  # fmt: skip
_BACK = ("set_allow_new_session", "set_tag")


def _refusal(r: Random, names: list[str]) -> Refusal:
    call = r.choice((*_READS_OF_ALL, *_OF_ONE, *_BACK))
    kinds = [k for k in REFUSALS if k != "odd" or call in _READS_OF_ALL]
    if call in _READS_OF_ALL or call in _BACK:
        kinds = [k for k in kinds if k != "gone" or call == "hosts"]
    if call in ("script", "operation", "tags"):  # what is there is not told to be gone
        kinds.remove("gone")
    host = "" if call in (*_READS_OF_ALL, "operation") or some(r, 0.3) else r.choice(names)
    since = r.choice((0.0, r.uniform(0, TROUBLE_UNTIL)))
    lasts = r.uniform(60, 3 * HOUR)
    for_ever = call not in _BACK and some(r, 0.5)
    return Refusal(call, r.choice(kinds), since, None if for_ever else since + lasts, host)
