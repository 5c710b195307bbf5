"""The history says what was ordered, and an order that comes too late for a host says so."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.drain.history.facts import Ordered
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.drain.room import MOST
from shared.core.drain.summary.overview import Overview
from shared.core.host.orders import Order
from shared.core.maintenance.hold import Hold
from shared.core.policy.policy import Amount, Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.engine.drains import intake, orders
from shared.errors import ANY, RefusalKind, RequestRefusedError
from tests.support.night.night import EVENING, Night

HELD = Policy(maintenance=Hold(hold_for=timedelta(hours=2)), max_unavailable=Amount(1))
ANNA = Order("anna", EVENING, "because")


async def told(night: Night, drain: Drain | Overview) -> list[tuple[Entry, Ordered]]:
    """The entries of orders, oldest first, with what was ordered, and without the hosts' names."""
    page = await night.process.outside.store.history(drain.id, 200, None)
    return [
        (entry, replace(entry.fact, names=()))
        for entry in page.items
        if isinstance(entry.fact, Ordered)
    ]


def key(drain: Drain, name: str) -> str:
    return next(host.key for host in drain.hosts if host.key.startswith(name))


async def one_ended(night: Night) -> Drain:
    """host-0 was left alone, host-1 goes on."""
    drain = await night.start(HELD)
    outside = night.process.outside
    await orders.skip(outside, drain.id, ANY, ("host-0",), ANNA)
    while not any(host.ended for host in (await night.drain(drain.id)).hosts):
        await night.pass_time()
    return await night.drain(drain.id)


async def test_an_order_for_one_host_is_an_entry_of_that_host() -> None:
    night = Night(hosts=3)
    drain = await night.start(HELD)
    await orders.skip(night.process.outside, drain.id, ANY, ("host-1",), ANNA)
    ((entry, ordered),) = await told(night, drain)
    host = key(drain, "host-1")
    assert (entry.host, entry.by, entry.why) == (host, "anna", "because")
    assert ordered == Ordered("skip", (host,))
    assert "host-1" in entry.what


async def test_an_order_for_several_hosts_names_each_and_one_for_all_says_so() -> None:
    night = Night(hosts=3)
    drain = await night.start(HELD)
    outside = night.process.outside
    await orders.release(outside, drain.id, ANY, ("host-0", "host-2"), ANNA)
    later = replace(ANNA, at=EVENING + timedelta(seconds=1))
    await orders.release(outside, drain.id, ANY, None, later)
    (_, some), (entry, every) = await told(night, drain)
    assert some == Ordered("release", (key(drain, "host-0"), key(drain, "host-2")))
    assert every == Ordered("release")
    assert entry.what == "release asked for: all hosts"


async def test_the_history_says_how_much_longer_and_until_when() -> None:
    night = Night(hosts=1)
    drain = await night.start(HELD)
    while (await night.drain(drain.id)).hosts[0].out_at is None:
        await night.pass_time()
    now = night.process.outside.clock.now()
    order = replace(ANNA, at=now)
    await orders.extend(night.process.outside, drain.id, ANY, timedelta(hours=3), None, order)
    ((entry, ordered),) = await told(night, drain)
    assert ordered.more == timedelta(hours=3)
    assert ordered.until is not None
    assert ordered.until >= now + timedelta(hours=3)
    assert "by PT3H, until" in entry.what


async def test_the_history_says_whether_a_pause_stops_the_clocks_and_who_was_added() -> None:
    night = Night(hosts=2)
    outside = night.process.outside
    asked = Start(night.pool_id, Selection(("host-0",)), "x", HELD, False, "a", "d")
    drain = await intake.start(outside, asked, "anna")
    for number, give in enumerate((
        orders.pause(outside, drain.id, ANY, False, replace(ANNA, at=EVENING)),
        orders.resume(outside, drain.id, ANY, replace(ANNA, at=EVENING + timedelta(seconds=1))),
        orders.add(outside, drain.id, ANY, ("host-1",), replace(ANNA, at=EVENING + timedelta(seconds=2))),
        orders.cancel(outside, drain.id, ANY, replace(ANNA, at=EVENING + timedelta(seconds=3))),
    )):  # fmt: skip
        await give
        assert len(await told(night, drain)) == number + 1
    (_, paused), (resumed, _), (added, _), (_, canceled) = await told(night, drain)
    assert paused == Ordered("pause", stop_clocks=False)
    assert resumed.what == "resume asked for"
    assert added.host.startswith("host-1")
    assert canceled == Ordered("cancel")


@pytest.mark.parametrize("what", ["release", "extend", "add"])
async def test_an_order_that_comes_too_late_for_one_host_is_given_to_none(what: str) -> None:
    night = Night(hosts=2)
    drain = await one_ended(night)
    outside, both = night.process.outside, ("host-0", "host-1")
    give: dict[str, Callable[[], Awaitable[Overview]]] = {
        "release": lambda: orders.release(outside, drain.id, ANY, both, ANNA),
        "extend": lambda: orders.extend(outside, drain.id, ANY, timedelta(hours=1), both, ANNA),
        "add": lambda: orders.add(outside, drain.id, ANY, both, ANNA),
    }
    with pytest.raises(RequestRefusedError, match=r"host-0.* has ended") as refused:
        await give[what]()
    assert (refused.value.kind, refused.value.code) == (RefusalKind.CONFLICT, "HostEnded")
    assert [fault.target for fault in refused.value.faults] == ["hosts"]
    after = await night.drain(drain.id)
    assert after.control == drain.control


async def test_the_same_skip_again_holds_though_the_host_has_ended() -> None:
    night = Night(hosts=2)
    drain = await one_ended(night)
    later = replace(ANNA, by="bert")
    await orders.skip(night.process.outside, drain.id, ANY, ("host-0",), later)
    assert (await night.drain(drain.id)).control == drain.control


async def test_who_cannot_read_a_refusal_releases_the_others() -> None:
    night = Night(hosts=2)
    drain = await one_ended(night)
    both = ("host-0", "host-1")
    outside = night.process.outside
    await orders.release(outside, drain.id, ANY, both, ANNA, pass_over_ended=True)
    assert set((await night.drain(drain.id)).control.releases) == {key(drain, "host-1")}


async def test_a_host_that_was_just_added_can_be_skipped_at_once() -> None:
    night = Night(hosts=2)
    outside = night.process.outside
    asked = Start(night.pool_id, Selection(("host-0",)), "x", HELD, False, "a", "d")
    drain = await intake.start(outside, asked, "anna")
    await orders.add(outside, drain.id, ANY, ("host-1",), ANNA)
    await orders.skip(outside, drain.id, ANY, ("host-1",), ANNA)
    after = await night.drain(drain.id)
    assert [k.split(".")[0] for k in after.control.skips] == ["host-1"]


async def test_a_full_record_takes_nothing_more_but_what_brings_hosts_back() -> None:
    night = Night(hosts=3)
    drain = await night.start(HELD)
    outside = night.process.outside
    long = replace(ANNA, why="x" * (MOST // 2))
    hour = timedelta(hours=1)
    await orders.extend(outside, drain.id, ANY, hour, None, long)
    given: tuple[Callable[[], Awaitable[Overview]], ...] = (
        lambda: orders.extend(outside, drain.id, ANY, hour, None, long),
        lambda: orders.release(outside, drain.id, ANY, ("host-0",), long),
        lambda: orders.pause(outside, drain.id, ANY, True, long),
    )
    for give in given:
        with pytest.raises(RequestRefusedError) as refused:
            await give()
        assert (refused.value.kind, refused.value.code) == (RefusalKind.CONFLICT, "TooManyOrders")
    await orders.skip(outside, drain.id, ANY, ("host-0",), ANNA)
    await orders.release(outside, drain.id, ANY, None, ANNA)
    after = await orders.cancel(outside, drain.id, ANY, ANNA)
    assert after.cancel == ANNA
