"""Hosts that no drain works on any more, and what keeps autoscale away from those that one does."""

from datetime import timedelta

from local.sim.estate.people import Manner, Person
from shared.adapters.storage.tables.table import Op
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy
from shared.engine.timers.watchdog import watch
from tests.support.night.night import Night
from tests.support.night.promises import Before, as_it_was_before

HELD = Policy(maintenance=Hold(hold_for=timedelta(hours=2)))
TAG = "ExcludeFromScaling"


async def held_night() -> tuple[Night, Before, str]:
    """A night in which one of two hosts is held for maintenance."""
    night = Night(hosts=2)
    night.pool.exclusion_tag = TAG
    before = Before(night)
    drain = await night.start(HELD)
    await night.until(lambda: bool(night.happened("drain mode on")))
    for _ in range(6):
        await night.pass_time()
    return night, before, drain.id


async def lose(night: Night, drain: str, *parts: str) -> None:
    """Remove rows of a drain, as a mistaken hand or a lost table would."""
    table = night.tables[0]
    pool = night.pool_id.key
    listed = await table.scan(pool, f"drain|{drain}|", f"drain|{drain}|~")
    gone = [row.key for row in listed if not parts or row.key.rsplit("|", 1)[-1] in parts]
    await table.transact(pool, [Op("delete", key) for key in gone])


async def watch_often(night: Night) -> int:
    """Let the watchdog run a few times, as its timer would."""
    closed = 0
    for _ in range(3):
        closed += await watch(night.process.outside)
        night.clock.at += timedelta(minutes=5)
    return closed


async def test_a_host_that_is_out_carries_the_exclusion_tag_and_loses_it_again() -> None:
    night = Night(hosts=2)
    night.pool.exclusion_tag = TAG
    before = Before(night)
    drain = await night.start(Policy(maintenance=NoMaintenance()))
    await night.until(lambda: any(TAG in host.vm.tags for host in night.pool.hosts.values()))
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert [host.vm.tags for host in night.pool.hosts.values()] == [{}, {}]
    as_it_was_before(night, before)


async def test_a_tag_that_was_there_before_is_left_as_it_was() -> None:
    night = Night(hosts=1)
    night.pool.exclusion_tag = TAG
    night.host("host-0").vm.tags = {TAG.lower(): "by hand"}
    drain = await night.start(Policy(maintenance=Restart()))
    await night.until_over(drain.id)
    assert night.host("host-0").vm.tags == {TAG.lower(): "by hand"}


async def test_a_tag_that_somebody_changed_meanwhile_is_left_alone_and_noted() -> None:
    night = Night(hosts=1)
    night.pool.exclusion_tag = TAG
    host = night.host("host-0")
    drain = await night.start(Policy(maintenance=Restart()))
    await night.until(lambda: TAG in host.vm.tags)
    host.vm.tags[TAG] = "mine now"
    over = await night.until_over(drain.id)
    assert host.vm.tags == {TAG: "mine now"}
    tag = over.hosts[0].tag
    assert tag is not None
    assert "mine now" in tag.note


async def test_a_host_whose_drain_was_deleted_is_put_back_by_its_claim_alone() -> None:
    night, before, drain = await held_night()
    assert any(TAG in host.vm.tags for host in night.pool.hosts.values())
    await lose(night, drain)
    night.queue.clear()
    night.clock.at += timedelta(minutes=16)
    assert await watch_often(night) == 1
    as_it_was_before(night, before)
    assert [host.vm.tags for host in night.pool.hosts.values()] == [{}, {}]
    claims = await night.process.outside.store.claims(night.pool_id.key)
    assert not any(claim.out for claim in claims)


async def test_a_drain_that_works_is_left_to_its_work() -> None:
    night, _, drain = await held_night()
    assert await watch(night.process.outside) == 0
    assert (await night.drain(drain)).progress.status is Status.RUNNING


async def test_a_drain_that_cannot_be_read_keeps_its_hosts_until_they_should_be_back() -> None:
    night, before, drain = await held_night()
    pool, key = night.pool_id.key, f"drain|{drain}|progress"
    row = await night.tables[0].get(pool, key)
    assert row is not None
    await night.tables[0].transact(pool, [Op("upsert", key, {**row.values, "schema": 99})])
    night.queue.clear()
    night.clock.at += timedelta(minutes=30)
    assert await watch_often(night) == 0
    night.clock.at += timedelta(days=2)
    assert await watch_often(night) == 1
    as_it_was_before(night, before)
    await night.tables[0].transact(pool, [Op("upsert", key, row.values)])
    over = await night.until_over(drain, within=timedelta(days=3))
    taken_back = [host for host in over.hosts if host.attention]
    assert "the watchdog put it back" in taken_back[0].attention
    as_it_was_before(night, before)


async def test_a_stopped_host_with_ghosts_on_it_is_started_for_a_restart_and_stopped_again() -> (
    None
):
    night = Night(hosts=1)
    host = night.host("host-0")
    night.world.arrive(night.pool, Person("jan@contoso.example", Manner.STUBBORN))
    host.vm.power, host.up_since = "deallocated", None
    drain = await night.start(Policy(maintenance=Restart()))
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert [len(night.happened(what)) for what in ("start", "deallocate", "message")] == [1, 1, 0]
    assert host.vm.power == "deallocated"
    assert host.allow_new_session


async def test_a_vm_that_somebody_got_onto_meanwhile_is_left_running_and_reported() -> None:
    night = Night(hosts=1)
    host = night.host("host-0")
    host.vm.power, host.up_since = "deallocated", None
    drain = await night.start(Policy(maintenance=Restart()))
    await night.until(lambda: bool(night.happened("agent up")))
    night.world.sign_in(night.pool, host, Person("eva@contoso.example", Manner.STUBBORN))
    over = await night.until_over(drain.id)
    assert host.vm.power == "running"
    assert "somebody is on it" in over.hosts[0].attention
