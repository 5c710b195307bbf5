"""What cannot be read, or is refused for good: the hosts come back all the same, and a person is told."""

from datetime import timedelta
from typing import Any

import pytest

from shared.core.drain.model import Drain
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, HostUpdate, Policy
from shared.engine.drains import orders
from shared.engine.timers.watchdog import watch
from shared.errors import (
    ANY,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RejectedError,
    RequestRefusedError,
    ThrottledError,
)
from tests.support.night.night import Night

ALL = Amount(100, percent=True)
RESTART = Policy(max_unavailable=ALL, maintenance=Restart(), failure_budget=ALL)
NONE = Policy(max_unavailable=ALL, maintenance=NoMaintenance(), failure_budget=ALL)
DENIED = DeniedError("AuthorizationFailed: no right")
MINUTES = timedelta(minutes=1)
FOREVER = [DENIED, PassingError("no answer"), RejectedError("bad request")]


def all_open(night: Night) -> bool:
    return all(host.allow_new_session for host in night.pool.hosts.values())


def phases(drain: Drain) -> dict[str, Phase]:
    return {host.key.split(".")[0]: host.phase for host in drain.hosts}


async def out(night: Night, policy: Policy, **more: Any) -> str:
    """A drain of which all hosts are out."""
    drain = await night.start(policy, **more)
    await night.until(lambda: not any(h.allow_new_session for h in night.pool.hosts.values()))
    return drain.id


async def cancel(night: Night, drain: str) -> None:
    order = Order("anna", night.clock.at, "enough")
    await orders.cancel(night.process.outside, drain, ANY, order)


@pytest.mark.parametrize("call", ["machine", "power"])
async def test_what_is_refused_for_one_vm_ends_that_host_and_no_other(call: str) -> None:
    night = Night(4)
    night.refuse(call, DENIED, "host-1")
    began = night.clock.at
    drain = await night.until_over((await night.start(RESTART)).id)
    assert phases(drain) == {
        "host-0": Phase.DONE, "host-1": Phase.FAILED, "host-2": Phase.DONE, "host-3": Phase.DONE,
    }  # fmt: skip
    assert all_open(night)
    [bad] = [host for host in drain.hosts if host.failed]
    assert "no right" in bad.attention
    assert night.clock.at - began < 30 * MINUTES


async def test_an_operation_that_may_not_be_asked_after_is_told_by_its_vm() -> None:
    night = Night(2)
    night.refuse("operation", DENIED)
    drain = await night.until_over((await night.start(RESTART)).id)
    assert drain.progress.status is Status.SUCCEEDED
    assert len(night.happened("restart")) == 2


@pytest.mark.parametrize("error", FOREVER)
async def test_hosts_whose_sessions_cannot_be_read_are_put_back_with_a_word(
    error: OutsideError,
) -> None:
    night = Night(3)
    id_ = (await night.start(RESTART)).id
    night.refuse("sessions", error)
    drain = await night.until_over(id_, within=timedelta(hours=3))
    assert all_open(night)
    assert all(str(error) in host.attention for host in drain.hosts)
    assert not night.happened("restart")


@pytest.mark.parametrize("error", FOREVER)
@pytest.mark.parametrize("call", ["hosts", "sessions", "pool", "plans", "host_update"])
async def test_a_cancel_needs_no_reading(call: str, error: OutsideError) -> None:
    night = Night(3)
    policy = Policy(max_unavailable=ALL)
    id_ = await out(night, policy)
    night.refuse(call, error)
    await night.until(lambda: night.clock.at.minute % 5 == 4)
    asked_at = night.clock.at
    await cancel(night, id_)
    drain = await night.until_over(id_)
    assert drain.progress.status is Status.CANCELED
    assert all_open(night)
    assert drain.progress.ended_at is not None
    assert drain.progress.ended_at - asked_at < 10 * MINUTES


@pytest.mark.parametrize("error", FOREVER)
async def test_a_pool_that_cannot_be_listed_any_more_gets_its_hosts_back(
    error: OutsideError,
) -> None:
    night = Night(3)
    id_ = await out(night, Policy(max_unavailable=ALL))
    night.refuse("hosts", error)
    drain = await night.until_over(id_, within=timedelta(hours=3))
    assert all_open(night)
    assert all("could not be read" in host.attention for host in drain.hosts)


async def test_a_write_that_is_refused_for_good_ends_with_attention_and_the_watchdog_goes_on() -> (
    None
):
    night = Night(2)
    id_ = await out(night, Policy(max_unavailable=ALL))
    refusals = [night.refuse("hosts", DENIED), night.refuse("set_allow_new_session", DENIED)]
    await cancel(night, id_)
    drain = await night.until_over(id_)
    assert drain.progress.status is Status.FAILED
    assert all("not as it was" in host.attention for host in drain.hosts)
    assert not any(host.allow_new_session for host in night.pool.hosts.values())
    for refusal in refusals:
        night.refusals.remove(refusal)
    for _ in range(2):
        await watch(night.process.outside)
    assert all_open(night)
    assert await night.process.outside.store.claims(night.pool_id.key) == ()


async def test_the_watchdog_puts_back_what_it_cannot_see() -> None:
    night = Night(2)
    id_ = await out(night, Policy(max_unavailable=ALL))
    refusals = [night.refuse("hosts", DENIED), night.refuse("set_allow_new_session", DENIED)]
    await cancel(night, id_)
    await night.until_over(id_)
    night.refusals.remove(refusals[1])
    assert await watch(night.process.outside) == 2
    assert all_open(night)


async def test_a_pool_that_is_deleted_ends_its_drain() -> None:
    night = Night(2)
    id_ = await out(night, Policy(max_unavailable=ALL))
    night.refuse("hosts", NotFoundError("no such pool"))
    night.refuse("set_allow_new_session", NotFoundError("no such pool"))
    began = night.clock.at
    drain = await night.until_over(id_)
    assert {host.ending.code for host in drain.hosts if host.ending} == {"PoolGone"}
    assert night.clock.at - began < 10 * MINUTES
    assert await night.process.outside.store.claims(night.pool_id.key) == ()


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), RuntimeError("x"), TypeError()])
@pytest.mark.parametrize("call", ["hosts", "sessions"])
async def test_an_error_that_nobody_foresaw_ends_in_the_way_back(
    call: str, error: Exception
) -> None:
    night = Night(2)
    id_ = await out(night, Policy(max_unavailable=ALL))
    night.refuse(call, error)
    began = night.clock.at
    drain = await night.until_over(id_)
    assert all_open(night)
    assert all(type(error).__name__ in host.attention for host in drain.hosts)
    assert night.clock.at - began < 15 * MINUTES


async def test_a_step_that_fails_once_goes_on() -> None:
    night = Night(2)
    id_ = (await night.start(NONE)).id
    refusal = night.refuse("hosts", ValueError("x"))
    while not (await night.drain(id_)).progress.failures:
        await night.pass_time()
    night.refusals.remove(refusal)
    drain = await night.until_over(id_)
    assert drain.progress.status is Status.SUCCEEDED


async def test_tags_that_cannot_be_read_are_removed_by_their_value() -> None:
    night = Night(1)
    night.pool.exclusion_tag = "no-autoscale"
    id_ = await out(night, Policy())
    await night.until(lambda: "no-autoscale" in night.host("host-0").vm.tags)
    night.refuse("tags", DENIED)
    await cancel(night, id_)
    drain = await night.until_over(id_)
    assert drain.progress.status is Status.CANCELED
    assert not night.host("host-0").vm.tags
    assert all_open(night)


async def test_a_tag_whose_write_was_lost_without_effect_is_set_again() -> None:
    night = Night(1)
    night.pool.exclusion_tag = "no-autoscale"
    from shared.errors import AnswerLostError  # noqa: PLC0415

    lost = night.refuse("set_tag", AnswerLostError("no answer"))
    await out(night, Policy())
    await night.until(lambda: any(m.tries == 0 for m in night.queue))
    night.refusals.remove(lost)
    await night.until(lambda: "no-autoscale" in night.host("host-0").vm.tags)


@pytest.mark.parametrize(
    ("call", "text"), [("plans", "scaling plans"), ("host_update", "session host update")]
)
@pytest.mark.parametrize("error", FOREVER)
async def test_what_autoscale_or_the_vendor_does_is_never_taken_for_nothing(
    call: str, text: str, error: OutsideError
) -> None:
    night = Night(2)
    id_ = (await night.start(NONE)).id
    night.refuse(call, error)
    drain = await night.until_over(id_, within=timedelta(days=2))
    assert not night.happened("drain mode on")
    assert all(text in host.ending.text for host in drain.hosts if host.ending)


async def test_who_knows_that_no_update_runs_may_say_so() -> None:
    night = Night(1)
    night.refuse("host_update", RejectedError("no such api-version"))
    policy = Policy(maintenance=NoMaintenance(), during_host_update=HostUpdate.IGNORE)
    drain = await night.until_over((await night.start(policy)).id)
    assert drain.progress.status is Status.SUCCEEDED


async def test_being_told_to_wait_is_no_refusal() -> None:
    night = Night(2)
    id_ = (await night.start(RESTART)).id
    refusal = night.refuse("power", ThrottledError("too many writes", timedelta(seconds=30)))
    began = night.clock.at
    await night.until(lambda: night.clock.at - began > 20 * MINUTES)
    night.refusals.remove(refusal)
    drain = await night.until_over(id_)
    assert drain.progress.status is Status.SUCCEEDED


async def test_a_deadline_that_gives_up_needs_no_reading() -> None:
    night = Night(1)
    policy = Policy(deadline=20 * MINUTES, at_deadline=AtDeadline.GIVE_UP)
    id_ = await out(night, policy)
    night.refuse("hosts", PassingError("no answer"))
    began = night.clock.at
    drain = await night.until_over(id_)
    assert drain.hosts[0].ending is not None
    assert drain.hosts[0].ending.code == "GaveUp"
    assert night.clock.at - began < 30 * MINUTES
    assert all_open(night)


async def test_the_watchdog_does_not_take_looks_that_fail_for_work() -> None:
    """Here the way back itself fails, too: only the claim is left."""
    night = Night(1)
    id_ = await out(night, Policy(deadline=10 * MINUTES))
    drain = await night.drain(id_)
    restore_by = drain.hosts[0].restore_by
    assert restore_by is not None
    from dataclasses import replace  # noqa: PLC0415

    stuck = replace(drain.progress, trouble="x", trouble_since=night.clock.at)
    store = night.process.outside.store
    lease = await store.acquire(night.pool_id.key, "test", night.clock.now(), MINUTES)
    await store.save(lease, drain, replace(drain, progress=stuck), [], last=True)
    night.queue.clear()
    night.clock.at = restore_by + 2 * MINUTES
    await watch(night.process.outside)
    assert all_open(night)


@pytest.mark.parametrize("call", ["sessions", "plans", "host_update"])
async def test_a_start_is_refused_if_a_reading_that_it_needs_is_refused_for_good(call: str) -> None:
    night = Night(1)
    night.refuse(call, DENIED)
    with pytest.raises(RequestRefusedError, match="cannot be read: AuthorizationFailed") as refused:
        await night.start(RESTART)
    assert refused.value.code == "MissingRights"
    assert await night.process.outside.store.claims(night.pool_id.key) == ()


async def test_a_start_is_refused_with_every_right_that_is_missing_and_a_role_that_has_it() -> None:
    night = Night(1)
    night.pool.rights = "read"
    with pytest.raises(RequestRefusedError) as refused:
        await night.start(RESTART)
    texts = " ".join(refused.value.texts)
    assert "sessionhosts/write is missing on /subscriptions/" in texts
    assert "the role 'Desktop Virtualization Session Host Operator' has it" in texts
    assert "virtualMachines/restart/action is missing on" in texts


async def test_what_cannot_be_told_at_a_start_is_remembered_with_the_drain() -> None:
    night = Night(1)
    night.refuse("permissions", PassingError("no answer"))
    id_ = (await night.start(RESTART)).id
    page = await night.process.outside.store.history(id_, 10, None)
    assert "not known at its start: the rights cannot be read: no answer" in {
        entry.what for entry in page.items
    }


async def test_a_restart_that_fails_each_time_as_nobody_foresaw_is_not_asked_for_for_ever() -> None:
    night = Night(2)
    night.refuse("power", ValueError("a surprise"))
    drain = await night.start(RESTART)
    over = await night.until_over(drain.id)
    assert all_open(night)
    assert {host.ending.code for host in over.hosts if host.ending is not None} == {"CannotBegin"}
    assert all("5 times" in host.attention for host in over.hosts)
