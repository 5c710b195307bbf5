"""What the engine tells of itself while it works, and that a figure that fails fails nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.sim.estate.people import Manner, Person
from shared.core.drain.summary import measured
from shared.core.drain.summary.standing import Standing, levels_of, standing_of
from shared.core.events.sources import source_of
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.policy.policy import Amount, Policy
from shared.engine.timers import levels
from shared.engine.timers.overdue import resend_overdue
from shared.engine.timers.watchdog import watch
from shared.errors import DeniedError, StorageError
from shared.events.translators import TYPES
from shared.ports import Telemetry
from shared.ports.measures import (
    ATTENTION,
    CLAIMS_REFUSED,
    ENDED,
    EVENTS,
    HOSTS,
    LATENESS,
    OVERDUE,
    TIME_TO_EMPTY,
    WAITING,
    SpanName,
)
from shared.triggers import queues, tick as tick_trigger
from tests.simulation.failures.test_watchdog import lose
from tests.support.alarms import LOSS, Alarmed
from tests.support.builders import NOON
from tests.support.night.night import Night
from tests.support.telemetry.noted import Noted, noting

POLICY = Policy(max_unavailable=Amount(2), maintenance=NoMaintenance())


def with_a_user(night: Night, host: str, minutes: float) -> None:
    user = Person("ada@contoso.example", Manner.WORKS, after=minutes * 60)
    night.world.sign_in(night.pool, night.host(host), user)


async def test_a_drain_tells_its_steps_and_how_long_its_hosts_took_to_empty() -> None:
    night = Night(hosts=3)
    with_a_user(night, "host-1", 20)
    noted = noting(night)
    drain = await night.start(POLICY)
    assert noted.new_trace() != drain.control.trace != ""
    over = await night.until_over(drain.id)
    batch = noted.take(all_=True)
    steps = [span for span in batch.spans if span.name == SpanName.STEP]
    assert {step.trace for step in steps} == {drain.control.trace.split("-")[1]}
    assert [step.attributes["step.number"] for step in steps] == list(
        range(1, over.progress.step_number + 1)
    )
    assert all(not span.failed for span in batch.spans)
    assert {span.name for span in batch.spans} == set(SpanName)
    told = {point.metric: point for point in batch.points}
    took = told[TIME_TO_EMPTY].values
    assert len(took) == 3
    assert 1_100 < max(took) < 1_600
    assert all(0 <= late < 60 for late in told[LATENESS].values)
    assert told[ENDED].attributes == {"pool": night.pool_id.key, "status": "Succeeded"}
    assert told[ENDED].values == (1,)


async def test_a_step_that_somebody_else_took_or_that_holds_no_lease_leaves_no_span() -> None:
    night = Night()
    noted = noting(night)
    drain = await night.start(POLICY)
    outside = night.process.outside
    lease = await outside.store.acquire(
        night.pool_id.key, "another", night.clock.now(), timedelta(minutes=1)
    )
    await night.pass_time()
    await outside.store.release(lease)
    assert noted.spans() == ()
    await night.until_over(drain.id)
    before = len(noted.spans())
    assert before > 0
    await queues.step(outside, f'{{"drain": "{drain.id}", "step": 1}}')  # a repeat
    assert noted.spans() == ()


async def test_a_reading_that_is_refused_is_a_span_that_failed_and_not_its_step() -> None:
    night = Night()
    noted = noting(night)
    drain = await night.start(POLICY)
    night.faults.append(("hosts", DeniedError("no right", ())))
    await night.pass_time()
    failed = {span.name: span.failed for span in noted.spans() if span.failed}
    assert failed == {"observe": "DeniedError"}
    await night.until_over(drain.id)


async def test_the_tick_tells_how_the_open_drains_stand_and_asks_nothing_for_it() -> None:
    night = Night(hosts=4)
    for name in night.pool.hosts:
        with_a_user(night, name, 600)
    noted = noting(night)
    drain = await night.start(POLICY)
    for _ in range(6):
        await night.pass_time()
    noted.values()
    await tick_trigger.run(night.process.outside)
    pool = night.pool_id.key
    told = noted.values()
    phases = {key[1]: value for key, value in told[HOSTS.name].items() if key[0] == pool}
    stands = [host.phase for host in (await night.drain(drain.id)).hosts]
    assert phases == {str(phase): (stands.count(phase),) for phase in set(stands)}
    assert phases == {"queued": (2,), "draining": (2,)}
    assert told[WAITING.name] == {(pool,): (2,)}
    assert OVERDUE.name not in told
    assert told["avd_drain.ticks"] == {(): (1,)}
    await night.until_over(drain.id)
    await resend_overdue(night.process.outside)
    gone = noted.of(HOSTS)
    assert set(gone.values()) == {(0,)}
    await resend_overdue(night.process.outside)
    assert noted.of(HOSTS) == {}


async def test_a_host_that_is_out_for_too_long_is_told_though_its_steps_fail() -> None:
    night = Night(hosts=1)
    noted = noting(night)
    policy = replace(POLICY, maintenance=Hold(hold_for=timedelta(hours=1)))
    drain = await night.start(policy)
    await night.until(lambda: not night.host("host-0").allow_new_session)
    found = await night.drain(drain.id)
    standing = standing_of(found)
    assert standing.overdue == 0
    assert standing.overdue_from == found.hosts[0].restore_by
    assert standing.overdue_from is not None
    night.queue.clear()  # and no step comes any more
    night.clock.at = standing.overdue_from + timedelta(minutes=1)
    await resend_overdue(night.process.outside)
    assert noted.of(OVERDUE) == {(night.pool_id.key,): (1,)}


async def test_the_watchdog_tells_whose_writes_are_refused_until_they_are_not() -> None:
    night = Night(hosts=1)
    noted = noting(night)
    drain = await night.start(replace(POLICY, maintenance=Hold(hold_for=timedelta(hours=9))))
    await night.until(lambda: not night.host("host-0").allow_new_session)
    night.queue.clear()
    await lose(night, drain.id)
    refusal = night.refuse("set_allow_new_session", DeniedError("no right", ()))
    night.clock.at += timedelta(hours=1)
    for _ in range(2):
        await watch(night.process.outside)
    assert noted.of(CLAIMS_REFUSED) == {(night.pool_id.key,): (1,)}
    night.refusals.remove(refusal)
    for _ in range(3):
        night.clock.at += timedelta(minutes=5)
        await watch(night.process.outside)
    assert night.host("host-0").allow_new_session
    assert noted.of(CLAIMS_REFUSED) == {(night.pool_id.key,): (0,)}


async def test_messages_that_are_put_aside_are_counted_by_their_queue() -> None:
    night = Night()
    noted = noting(night)
    await queues.poisoned(night.process.outside, "avd-drain-work-poison", "no message of ours")
    assert noted.values()["avd_drain.poison"] == {("avd-drain-work-poison",): (1,)}


async def test_events_are_counted_by_their_source_once_and_again_when_they_are_settled() -> None:
    night = Alarmed(3)
    noted = noting(night)
    night.emit("annotation", host="host-0", name=LOSS)
    night.emit("annotation", host="host-1", name="Somebody elses annotation")
    await night.deliver_all()
    assert noted.of(EVENTS) == {
        ("resourceHealth", "waiting"): (1,),
        ("resourceHealth", "ignored"): (1,),
    }
    await night.settled()
    assert noted.of(EVENTS) == {("resourceHealth", "acted"): (1,)}


@pytest.mark.parametrize("broken", ["measured", "levels"])
async def test_figures_that_fail_fail_no_drain(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    if broken == "measured":
        for name in ("lateness", "emptied", "ended"):
            monkeypatch.setattr(measured, name, fail)
    else:
        monkeypatch.setattr(levels, "levels_of", fail)
    night = Night()
    noting(night)
    drain = await night.start(POLICY)
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED


async def test_a_tick_whose_query_fails_says_so_and_tells_nothing() -> None:
    night = Night()
    noted = noting(night)
    night.refuse("scan", StorageError("away"))
    with pytest.raises(StorageError):
        await resend_overdue(night.process.outside)
    assert noted.values() == {}


def test_drains_of_one_pool_are_added_up() -> None:
    one = Standing({Phase.QUEUED: 2, Phase.DRAINING: 1}, 3, 1, 0, NOON)
    two = Standing({Phase.DRAINING: 4}, 5, 0, 2)
    found = levels_of([("a", one), ("a", two), ("b", two)], NOON + timedelta(seconds=1))
    assert found.hosts == {("a", "queued"): 2, ("a", "draining"): 5, ("b", "draining"): 4}
    assert found.sessions == {("a",): 8, ("b",): 5}
    assert found.attention == {("a",): 1, ("b",): 0}
    assert found.overdue == {("a",): 3, ("b",): 2}


async def test_a_look_that_comes_before_its_time_is_not_late() -> None:
    night = Night()
    drain = await night.drain((await night.start(POLICY)).id)
    due = drain.progress.look_at
    assert due is not None
    assert measured.lateness(drain, due - timedelta(seconds=1)) is None
    assert measured.lateness(drain, due + timedelta(seconds=1)) == timedelta(seconds=1)


def test_every_type_of_event_is_of_a_source_that_is_named() -> None:
    assert {source_of(name) for name in TYPES} == {
        "avdDrain", "updateManager", "resourceHealth", "scheduledEvent"
    }  # fmt: skip
    assert source_of("AzureMonitor.Alert") == "alert"
    assert source_of("Somebody.Elses." + "x" * 1_000) == "other"


def test_a_recorder_keeps_the_port() -> None:
    kept: Telemetry = Noted()
    assert kept.new_trace()
    assert ATTENTION.attributes == ("pool",)
