"""Draws crashes, faults and disturbances."""

from random import Random

from tests.nights.drawn.chance import CALLS, HOUR, MOST_JUMP, TROUBLE_UNTIL, some
from tests.nights.judges.promises.forecasts import FORECASTS, SPOILT
from tests.nights.script import (
    Ask,
    Crash,
    Disturbance,
    Fault,
    Jump,
)
from tests.nights.world.faults import KINDS


def hasty(r: Random, start: Ask) -> tuple[tuple[Ask, ...], tuple[Fault, ...]]:
    """In a few nights somebody cancels just after the first hosts were set to drain mode, and the
    listings of that time are stale, or a write of that time takes effect late."""
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


def newer(r: Random, names: list[str]) -> tuple[Disturbance, ...]:
    """In some nights a newer version of the app ran for a moment, and left a record."""
    if not some(r, 0.06):
        return ()
    at = r.uniform(10, TROUBLE_UNTIL)
    what = r.choice(("newer claim", "newer drain", "newer signal"))
    again = Disturbance(
        at + r.choice((r.uniform(30, 600), r.uniform(600, 4 * HOUR))), "older again"
    )
    return (Disturbance(at, what, r.choice(names)), again)


def destroyed(r: Random, names: list[str]) -> tuple[Disturbance, ...]:
    """In some nights somebody deletes a VM, and its session host stays listed."""
    if not some(r, 0.05):
        return ()
    return (Disturbance(r.uniform(1, TROUBLE_UNTIL), "destroy VM", r.choice(names)),)


def spoilt(r: Random) -> tuple[Disturbance, ...]:
    """Now and then the stored basis of forecasts is spoilt, before the app has read it or after."""
    if r.random() > 0.25:
        return ()
    whats = (*SPOILT, FORECASTS)
    return tuple(
        Disturbance(r.choice((0.0, r.uniform(0, TROUBLE_UNTIL))), r.choice(whats), "")
        for _ in range(r.choice((1, 2, 4)))
    )
