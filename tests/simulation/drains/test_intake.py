"""Starting a drain: what is refused touches nothing, what died half-way blocks nobody."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.core.host.status import Status
from shared.core.maintenance.none import NoMaintenance
from shared.core.policy.policy import Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.engine.drains.intake import start
from shared.errors import (
    ChangedError,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RefusalKind,
    RequestRefusedError,
    ThrottledError,
)
from tests.support.night.night import Crash, Killer, Night

POLICY = Policy(maintenance=NoMaintenance())


@pytest.mark.parametrize(
    ("call", "error", "kind", "said"),
    [
        ("pool", DeniedError("no action hostpools/read"), RefusalKind.DENIED, "hostpools/read"),
        ("hosts", DeniedError("no action sessionhosts/read"), RefusalKind.DENIED, "sessionhosts"),
        ("pool", NotFoundError("none"), RefusalKind.NOT_FOUND, "there is no host pool"),
        ("hosts", PassingError("away"), RefusalKind.UNAVAILABLE, "did not answer"),
        ("pool", ThrottledError("busy", timedelta(seconds=9)), RefusalKind.UNAVAILABLE, "busy"),
    ],
)
async def test_a_pool_that_cannot_be_read_is_refused_and_nothing_is_recorded(
    call: str, error: OutsideError, kind: RefusalKind, said: str
) -> None:
    night = Night(hosts=1)
    night.faults = [(call, error)]
    with pytest.raises(RequestRefusedError, match=said) as refused:
        await night.start(POLICY)
    assert refused.value.kind is kind
    assert await night.process.outside.store.claims(night.pool_id.key) == ()
    assert night.queue == []


async def test_every_fault_that_the_estate_shows_is_told_at_once() -> None:
    night = Night(hosts=1)
    night.pool.type = "Personal"
    asked = Start(night.pool_id, Selection(("host-7", "host-8")), "x", POLICY, False, "a", "d")
    with pytest.raises(RequestRefusedError) as refused:
        await start(night.process.outside, asked, "anna")
    codes = sorted(fault.code for fault in refused.value.faults)
    assert codes == ["PersonalHostPool", "UnknownHost", "UnknownHost"]


async def test_an_empty_pool_is_refused() -> None:
    with pytest.raises(RequestRefusedError, match="leaves no host"):
        await Night(hosts=0).start(POLICY)


async def test_a_personal_pool_is_drained_by_whoever_says_that_they_know() -> None:
    night = Night(hosts=1)
    night.pool.type = "Personal"
    asked = Start(night.pool_id, Selection(), "x", POLICY, True, "a", "d")
    drain = await start(night.process.outside, asked, "anna")
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED


async def test_a_start_that_died_half_way_and_is_never_repeated_lets_go_of_its_hosts() -> None:
    night = Night(hosts=2)
    await night.start(POLICY)
    for at_call in range(1, night.process.killer.calls + 1):
        night = Night(hosts=2)
        night.start_process(Killer(at_call, after_effect=True))
        with contextlib.suppress(Crash):
            await night.start(POLICY)
        night.start_process()
        end = night.clock.at + timedelta(minutes=30)
        while night.clock.at < end:
            await night.pass_time()
        drain = await night.start(replace(POLICY), unique="another")
        over = await night.until_over(drain.id)
        assert over.progress.status is Status.SUCCEEDED, at_call


async def test_a_request_that_is_being_recorded_by_somebody_else_is_not_said_to_be_taken() -> None:
    """The other one may still fail: then nothing would be recorded at all."""
    night = Night(hosts=1)

    class Meanwhile:
        def __getattr__(self, name: str) -> Any:
            return getattr(night.process.outside.store, name)

        async def create(self, *_: Any) -> Any:
            raise ChangedError("recorded meanwhile")

    outside = replace(night.process.outside, store=Meanwhile())
    asked = Start(night.pool_id, Selection(), "x", POLICY, False, "a", "d")
    with pytest.raises(RequestRefusedError, match="try again") as refused:
        await start(outside, asked, "anna")
    assert refused.value.kind is RefusalKind.UNAVAILABLE
    assert night.queue == []
