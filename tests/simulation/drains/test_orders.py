"""Orders for a running drain, and the dry run of one that is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.sim.estate.people import Manner, Person
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.policy.policy import Amount, HostUpdate, Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.engine.drains import intake, orders
from shared.errors import ANY, RefusalKind, RequestRefusedError
from shared.ports import TakeStep
from tests.support.night.night import EVENING, Night
from tests.support.night.promises import Before, as_it_was_before

HELD = Policy(maintenance=Hold(hold_for=timedelta(hours=2)), max_unavailable=Amount(1))
ANNA = Order("anna", EVENING, "because")


async def test_an_order_on_an_older_version_is_refused_and_changes_nothing() -> None:
    night = Night(hosts=1)
    drain = await night.start(HELD)
    read = await night.drain(drain.id)
    outside = night.process.outside
    await orders.extend(outside, drain.id, read.version, timedelta(hours=1), None, ANNA)
    with pytest.raises(RequestRefusedError) as refused:
        await orders.cancel(outside, drain.id, read.version, ANNA)
    assert refused.value.kind is RefusalKind.CHANGED
    now = await night.drain(drain.id)
    assert now.control.cancel is None
    assert len(now.control.extensions) == 1


async def test_progress_alone_leaves_the_version_as_it_is() -> None:
    night = Night(hosts=1)
    drain = await night.start(HELD)
    read = await night.drain(drain.id)
    for _ in range(4):
        await night.pass_time()
    assert (await night.drain(drain.id)).version == read.version


async def test_a_paused_drain_takes_no_further_host_until_it_is_resumed() -> None:
    night = Night(hosts=2)
    before = Before(night)
    policy = Policy(maintenance=NoMaintenance(), max_unavailable=Amount(2))
    drain = await night.start(policy)
    outside = night.process.outside
    await orders.pause(outside, drain.id, ANY, True, ANNA)
    for _ in range(10):
        await night.pass_time()
    assert night.happened("drain mode on") == []
    await orders.resume(outside, drain.id, ANY, ANNA)
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED
    as_it_was_before(night, before)


async def test_a_host_that_is_added_is_maintained_too_and_belongs_to_this_drain() -> None:
    night = Night(hosts=2)
    outside = night.process.outside
    asked = Start(night.pool_id, Selection(("host-0",)), "x", HELD, False, "a", "d")
    drain = await intake.start(outside, asked, "anna")
    await orders.add(outside, drain.id, ANY, ("host-1",), ANNA)
    with pytest.raises(RequestRefusedError, match="already in another drain"):
        await night.start(HELD, unique="b")
    await orders.release(outside, drain.id, ANY, None, ANNA)
    over = await night.until_over(drain.id)
    assert [host.phase for host in over.hosts] == [Phase.DONE, Phase.DONE]
    assert await outside.store.claims(night.pool_id.key) == ()


async def test_a_host_that_is_skipped_is_left_alone() -> None:
    night = Night(hosts=2)
    outside = night.process.outside
    drain = await night.start(replace(HELD, maintenance=NoMaintenance()))
    await orders.skip(outside, drain.id, ANY, ("host-1",), ANNA)
    over = await night.until_over(drain.id)
    assert {h.key.split(".")[0]: str(h.phase) for h in over.hosts} == {
        "host-0": "done",
        "host-1": "skipped",
    }


async def test_a_dry_run_tells_all_and_touches_nothing() -> None:
    night = Night(hosts=3)
    person = Person("bert@contoso.example", Manner.STUBBORN, on="host-1")
    night.world.arrive(night.pool, person)
    written = len(night.world.log)
    policy = replace(HELD, canary=True, max_unavailable=Amount(2))
    chosen = Selection(exclude_names=("host-2",))
    asked = Start(night.pool_id, chosen, "x", policy, False, "a", "d")
    told = await intake.preview(night.process.outside, asked, "anna")
    checked, plan = told.checked, told.plan
    assert (told.missing, told.unknown) == ((), "")
    waves = [(host.name.split(".")[0], host.batch, host.users) for host in plan.hosts]
    assert waves == [("host-0", 1, ()), ("host-1", 2, ("bert@contoso.example",))]
    assert [host.back_by is None for host in plan.hosts] == [False, True]
    assert [e.code for e in checked.excluded] == ["ExcludedByName"]
    assert "host-0" in plan.messages[0].text
    assert len(night.world.log) == written
    assert night.queue == []
    assert await night.process.outside.store.claims(night.pool_id.key) == ()


async def test_a_pool_under_the_vendors_own_update_is_refused_or_waited_for() -> None:
    night = Night(hosts=1)
    night.pool.host_update = "UpdatingSessionHosts"
    with pytest.raises(RequestRefusedError, match="UpdatingSessionHosts"):
        await night.start(HELD)
    waits = Policy(maintenance=NoMaintenance(), during_host_update=HostUpdate.WAIT)
    drain = await night.start(waits)
    for _ in range(5):
        await night.pass_time()
    assert night.happened("drain mode on") == []
    night.pool.host_update = ""
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED


async def test_an_order_that_is_repeated_wakes_the_drain_again() -> None:
    """Found by a simulated night: whoever took the order died before the message was sent."""
    night = Night(hosts=1)
    drain = await night.start(HELD)
    outside = night.process.outside
    await orders.cancel(outside, drain.id, ANY, ANNA)
    night.queue.clear()
    await orders.cancel(outside, drain.id, ANY, ANNA)
    assert [message.work for message in night.queue] == [TakeStep(drain.id)]
