"""A host that a drain left drained on purpose: whoever has it next puts back what was before."""

import contextlib
from datetime import timedelta

import pytest

from shared.core.drain.model import Claim
from shared.core.host.orders import Order
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy, WhenUnhealthy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.core.values.hostnames import host_key
from shared.engine.drains import claims, intake, orders
from shared.engine.step.step import ABANDONED
from shared.engine.timers import poisoned
from shared.engine.timers.watchdog import watch
from shared.errors import ANY, ChangedError, DeniedError, RequestRefusedError
from shared.ports import TakeStep
from tests.support.night.night import EVENING, Crash, Killer, Night
from tests.support.night.promises import Before, as_it_was_before

TAG = "no-autoscale"
ANNA = Order("anna", EVENING, "because")
NOTHING = Policy(maintenance=NoMaintenance())


async def kept_drained(hosts: int = 1) -> tuple[Night, Before]:
    """A night in which ``host-0`` was left drained, and is well by now; and what was before."""
    night = Night(hosts)
    night.pool.exclusion_tag = TAG
    host = night.host("host-0")
    host.quirks.never_comes_back = True
    before = Before(night)
    policy = Policy(maintenance=Restart(), when_unhealthy=WhenUnhealthy.KEEP_DRAINED)
    asked = Start(night.pool_id, Selection(("host-0",)), "x", policy, False, "a", "d")
    drain = await intake.start(night.process.outside, asked, "anna")
    over = await night.until_over(drain.id)
    assert over.hosts[0].attention
    assert not host.allow_new_session
    assert TAG in host.vm.tags
    host.quirks.never_comes_back = False
    night.world.power(host, "start", lambda error: None)
    return night, before


async def claim_of(night: Night, name: str) -> Claim | None:
    key = host_key(night.host(name).name)
    claims = await night.process.outside.store.claims(night.pool_id.key)
    return next((claim for claim in claims if claim.host == key), None)


async def test_it_is_put_back_by_its_next_drain() -> None:
    night, before = await kept_drained()
    again = await night.start(NOTHING, unique="b")
    over = await night.until_over(again.id)
    assert over.progress.status is Status.SUCCEEDED
    as_it_was_before(night, before)
    assert await claim_of(night, "host-0") is None


async def test_it_is_put_back_by_a_drain_to_which_it_was_added() -> None:
    night, before = await kept_drained(hosts=2)
    held = Policy(maintenance=Hold(hold_for=timedelta(hours=2)))
    asked = Start(night.pool_id, Selection(("host-1",)), "x", held, False, "b", "d")
    outside = night.process.outside
    drain = await intake.start(outside, asked, "anna")
    await orders.add(outside, drain.id, ANY, ("host-0",), ANNA)
    await orders.release(outside, drain.id, ANY, None, ANNA)
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    as_it_was_before(night, before)


async def test_a_start_that_died_half_way_takes_nothing_from_what_is_known_of_it() -> None:
    night, before = await kept_drained()
    known = await claim_of(night, "host-0")
    assert known is not None
    left = None
    for at_call in range(1, 40):
        night.start_process(Killer(at_call, after_effect=True))
        with contextlib.suppress(Crash):
            await night.start(NOTHING, unique=f"dies-{at_call}")
        night.start_process()
        left = await claim_of(night, "host-0")
        assert left is not None
        if not left.kept_drained:
            break
    assert left is not None
    assert left.before is known.before
    night.clock.at += ABANDONED * 2
    for _ in range(50):
        await night.pass_time()
    left = await claim_of(night, "host-0")
    assert left is not None
    assert left.kept_drained
    assert (left.before, left.tag) == (known.before, known.tag)
    again = await night.start(NOTHING, unique="b")
    await night.until_over(again.id)
    as_it_was_before(night, before)


async def test_a_host_that_could_not_be_added_belongs_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    night, _ = await kept_drained(hosts=3)
    held = Policy(maintenance=Hold(hold_for=timedelta(hours=2)))
    asked = Start(night.pool_id, Selection(("host-1",)), "x", held, False, "b", "d")
    outside = night.process.outside
    drain = await intake.start(outside, asked, "anna")

    async def change(*told: object) -> None:
        raise ChangedError("somebody is always faster")

    monkeypatch.setattr(outside.store, "change", change)
    with pytest.raises(RequestRefusedError, match="changed since"):
        await orders.add(outside, drain.id, ANY, ("host-0", "host-2"), ANNA)
    assert await claim_of(night, "host-2") is None
    left = await claim_of(night, "host-0")
    assert left is not None
    assert left.kept_drained
    assert left.before is True


async def test_it_is_listed_until_it_is_put_back_and_found_by_the_watchdogs_index() -> None:
    night, _ = await kept_drained()
    outside = night.process.outside
    await watch(outside)
    assert [found.claim.kept_drained for found in await claims.out(outside, None)] == [True]
    again = await night.start(NOTHING, unique="b")
    await night.until_over(again.id)
    await watch(outside)
    assert await claims.out(outside, None) == ()
    assert await outside.store.maybe_out() == ()


async def test_a_step_that_was_put_aside_is_told_in_the_drains_history() -> None:
    night = Night(hosts=1)
    drain = await night.start(NOTHING)
    await poisoned.report(night.process.outside, TakeStep(drain.id))
    page = await night.process.outside.store.history(drain.id, 100, None)
    assert any("failed several times" in entry.what for entry in page.items)


async def test_a_dry_run_names_the_rights_that_are_missing() -> None:
    night = Night(hosts=1)
    night.pool.rights = "read"
    policy = Policy(maintenance=Restart())
    asked = Start(night.pool_id, Selection(), "x", policy, False, "a", "d")
    told = await intake.preview(night.process.outside, asked, "anna")
    lacking = {m.action.rsplit("virtualMachines/")[-1] for m in told.missing}
    assert "restart/action" in lacking
    assert any(action.endswith("sessionhosts/write") for action in lacking)
    night.faults = [("permissions", DeniedError("not yours"))]
    told = await intake.preview(night.process.outside, asked, "anna")
    assert (told.missing, "not yours" in told.unknown) == ((), True)
