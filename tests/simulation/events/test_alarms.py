"""Events about machines: drained in time, put back after, acted on once."""

from datetime import timedelta

import pytest

from local.sim.estate.people import Manner, Person
from shared.core.events.records import EventOutcome
from shared.core.events.rules import OverTheFloor
from shared.core.events.signals import Source
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.updaterun import UsersRemain
from shared.core.policy.policy import Amount, Policy
from tests.support.alarms import LOSS, Alarmed, patching, rule

HOUR = timedelta(hours=1)


async def test_a_run_of_update_manager_drains_its_hosts_before_and_puts_them_back_after() -> None:
    night = patching()
    night.patch("host-0", "host-1")
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.ACTED
    await night.live_on(3 * HOUR)
    drain = await night.only_drain()
    assert drain.progress.status is Status.SUCCEEDED
    patched = night.happened("patched")
    assert [(p["host"][:6], p["drained"], p["sessions"]) for p in patched] == [
        ("host-0", True, 0), ("host-1", True, 0),
    ]  # fmt: skip
    assert night.as_it_was()
    assert all(host.maintained_at is not None for host in drain.hosts)


async def test_users_are_told_the_time_until_which_a_run_can_be_cancelled() -> None:
    night = patching()
    night.world.sign_in(night.pool, night.host("host-0"), Person("anna@x", Manner.LEAVES, 300))
    night.patch("host-0", starts_in=2400, cutOff=600)
    await night.deliver_all()
    await night.settled()
    [host] = (await night.only_drain()).hosts
    run = next(iter(night.world.runs.values()))
    due = (await night.only_drain()).control.policy.deadline_at
    assert due == run.cut_off - timedelta(minutes=3)
    await night.until(lambda: bool(night.happened("message")))
    assert night.happened("message")[0]["user"] == "anna@x"
    assert host.key.startswith("host-0")


async def test_a_user_who_stays_has_the_run_cancelled_before_its_cut_off() -> None:
    night = patching(users_remain=UsersRemain.CANCEL_RUN)
    night.world.sign_in(night.pool, night.host("host-1"), Person("bert@x", Manner.STUBBORN))
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.settled()
    await night.live_on(3 * HOUR)
    run = next(iter(night.world.runs.values()))
    assert run.status == "Cancelled"
    assert len(night.happened("run cancelled")) == 1
    assert night.happened("patched") == []
    assert night.happened("sign-out asked") == []
    drain = await night.only_drain()
    assert drain.progress.status is Status.CANCELED
    codes = {host.key[:6]: host.ending.text for host in drain.hosts if host.ending}
    assert "1 session remains on host-1" in codes["host-0"]
    assert night.as_it_was()


async def test_users_are_signed_out_in_time_if_the_mapping_says_so() -> None:
    night = patching(users_remain=UsersRemain.SIGN_OUT)
    night.world.sign_in(night.pool, night.host("host-1"), Person("bert@x", Manner.STUBBORN))
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.settled()
    await night.live_on(3 * HOUR)
    assert [p["sessions"] for p in night.happened("patched")] == [0, 0]
    assert (await night.only_drain()).progress.status is Status.SUCCEEDED
    assert night.as_it_was()


async def test_a_run_goes_on_with_users_if_the_mapping_says_so_and_the_host_is_put_back() -> None:
    night = patching(users_remain=UsersRemain.LET_GO_ON)
    night.world.sign_in(night.pool, night.host("host-1"), Person("bert@x", Manner.STUBBORN))
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.settled()
    await night.live_on(3 * HOUR)
    assert next(iter(night.world.runs.values())).status == "Completed"
    assert night.happened("sign-out asked") == []
    assert night.as_it_was()


async def test_a_run_that_the_floor_forbids_is_cancelled_and_nobody_is_troubled() -> None:
    night = patching(policy=Policy(max_unavailable=Amount(1)))
    night.patch("host-0", "host-1")
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.ACTED
    assert "only 1 of 2 hosts may go out together" in heard.text
    assert await night.drains() == []
    assert next(iter(night.world.runs.values())).status == "Cancelled"


async def test_the_mapping_may_say_that_a_run_goes_over_the_floor() -> None:
    over = OverTheFloor.DRAIN_ANYWAY
    night = patching(policy=Policy(max_unavailable=Amount(1)), over_the_floor=over)
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.settled()
    await night.live_on(3 * HOUR)
    assert [p["drained"] for p in night.happened("patched")] == [True, True]
    assert night.as_it_was()


async def test_or_that_what_fits_is_drained() -> None:
    over = OverTheFloor.DRAIN_WHAT_FITS
    night = patching(
        policy=Policy(max_unavailable=Amount(1)), over_the_floor=over,
        users_remain=UsersRemain.LET_GO_ON,
    )  # fmt: skip
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.settled()
    await night.live_on(3 * HOUR)
    assert [p["drained"] for p in night.happened("patched")] == [True, False]
    assert night.as_it_was()


async def test_a_missing_word_that_a_run_is_over_is_caught_by_its_end() -> None:
    night = patching()
    night.patch("host-0")
    await night.deliver_all()
    await night.settled()
    drain = await night.until_over((await night.only_drain()).id)
    assert drain.progress.status is Status.SUCCEEDED
    assert len(night.published) == 1  # the post event, which never came
    assert night.as_it_was()


async def test_a_post_event_that_overtakes_its_pre_event_is_understood() -> None:
    night = patching()
    night.patch("host-0", starts_in=60, lasts=60)
    [pre] = night.published
    night.published.clear()
    night.clock.at += timedelta(minutes=2, seconds=30)
    night.world.advance(night.clock.at)
    await night.deliver_all()
    await night.settled()
    await night.hear(pre)
    heard = await night.settled()
    assert [h.outcome for h in heard] == [EventOutcome.IGNORED, EventOutcome.IGNORED]
    assert "was over" in heard[-1].text
    assert await night.drains() == []


async def test_a_run_that_an_administrator_cancels_gives_its_hosts_back_at_once() -> None:
    night = patching()
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.settled()
    drain = await night.only_drain()
    await night.live_on(timedelta(minutes=10))
    next(iter(night.world.runs.values())).status = "Cancelled"
    over = await night.until_over(drain.id, within=timedelta(minutes=30))
    assert over.progress.status is Status.CANCELED
    assert night.as_it_was()


async def test_the_machines_of_a_run_are_asked_for_again_until_the_graph_knows_them() -> None:
    night = patching()
    night.patch("host-0")
    [run] = night.world.runs.values()
    hosts, run.hosts = run.hosts, []
    await night.deliver_all()
    for _ in range(4):
        await night.pass_time()
    assert (await night.all_heard())[0].outcome is EventOutcome.WAITING
    run.hosts = hosts
    await night.settled()
    assert len((await night.only_drain()).hosts) == 1


async def test_a_machine_that_is_about_to_be_lost_is_drained_without_any_rule() -> None:
    night = Alarmed(3)
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.ACTED
    drain = await night.only_drain()
    assert [host.key[:6] for host in drain.hosts] == ["host-0"]
    await night.live_on(HOUR)
    assert (await night.only_drain()).hosts[0].phase is Phase.MAINTAINING
    night.emit("availability", host="host-0")
    await night.deliver_all()
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert night.as_it_was()


async def test_a_machine_that_recovers_before_it_is_empty_is_left_alone() -> None:
    night = Alarmed(3)
    night.world.sign_in(night.pool, night.host("host-0"), Person("bert@x", Manner.STUBBORN))
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.settled()
    drain = await night.only_drain()
    await night.live_on(timedelta(minutes=20))
    night.emit("availability", host="host-0")
    await night.deliver_all()
    over = await night.until_over(drain.id)
    assert over.hosts[0].phase is Phase.SKIPPED
    assert night.as_it_was()
    assert len(night.happened("signed in")) == 1


async def test_a_predicted_loss_may_be_answered_by_a_redeploy() -> None:
    policy = Policy(maintenance=Redeploy())
    night = Alarmed(3, (rule(Source.PREDICTED_LOSS, policy=policy),))
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.settled()
    drain = await night.only_drain()
    await night.until(lambda: bool(night.happened("redeploy")))
    night.emit("availability", host="host-0")
    await night.deliver_all()
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert len(night.happened("redeploy")) == 1


@pytest.mark.parametrize(
    ("name", "context"),
    [("VirtualMachineDeallocationInitiated", "Customer Initiated"), (LOSS, "Customer Initiated"),
     ("VirtualMachineStarted", "Platform Initiated"),
     ("VirtualMachineRebootInitiatedForPlannedMaintenance", "Platform Initiated")],
)  # fmt: skip
async def test_what_a_customer_did_or_nobody_chose_does_nothing(name: str, context: str) -> None:
    night = Alarmed(3)
    night.emit("annotation", host="host-0", name=name, context=context)
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.IGNORED
    assert await night.drains() == []


async def test_a_recovery_of_a_machine_in_a_patch_run_ends_nothing() -> None:
    night = patching()
    night.patch("host-0")
    await night.deliver_all()
    await night.settled()
    await night.live_on(timedelta(minutes=45))
    night.emit("availability", host="host-0")
    await night.deliver_all()
    await night.settled()
    assert (await night.only_drain()).hosts[0].phase is Phase.MAINTAINING


async def test_a_scheduled_event_drains_the_named_machines_before_its_time() -> None:
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT),))
    night.emit("scheduledEvent", hosts=["host-0", "host-2"], eventId="e-1", startsIn=900)
    at = night.clock.at
    await night.deliver_all()
    await night.settled()
    drain = await night.only_drain()
    due = drain.control.policy.deadline_at
    assert due is not None
    assert timedelta(minutes=14) < due - at <= timedelta(minutes=15)
    await night.live_on(timedelta(minutes=20))
    night.emit("scheduledEvent", hosts=["host-0", "host-2"], eventId="e-1", status="Completed")
    await night.deliver_all()
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert night.as_it_was()


async def test_an_alert_drains_its_targets_and_its_end_releases_them() -> None:
    only = {"severity": ("Sev0", "Sev1"), "alertRule": ("disk*",)}
    night = Alarmed(3, (rule(Source.ALERT, only=only),))
    night.emit("alert", hosts=["host-0"], severity="Sev3", id="0")
    night.emit("alert", hosts=["host-1"], severity="sev1", id="1")
    await night.deliver_all()
    heard = await night.settled()
    assert [h.outcome for h in heard] == [EventOutcome.IGNORED, EventOutcome.ACTED]
    drain = await night.only_drain()
    await night.live_on(HOUR)
    night.emit("alert", hosts=["host-1"], severity="Sev1", id="1", condition="Resolved")
    await night.deliver_all()
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED
    assert night.as_it_was()
