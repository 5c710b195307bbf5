"""Every kind of maintenance through a night, and through one in which the app is killed at each of
its calls: the work is done once, and the host comes back as it was."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance import Maintenance
from shared.core.maintenance.deallocate import Deallocate
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.restart import Restart
from shared.core.maintenance.runcommand import RunCommand
from shared.core.maintenance.webhook import Webhook
from shared.core.policy.policy import Policy
from shared.errors import AnswerLostError, DeniedError, OutsideError, PassingError, RejectedError
from tests.support.night.night import Killer, Night
from tests.support.night.promises import Before, as_it_was_before, keep

HOOK = Webhook(url="https://hooks.example/patch?sig=topsecret")
SCRIPT = RunCommand(command="patch", parameters={"level": "low"})
KINDS: list[tuple[Maintenance, tuple[str, ...]]] = [
    (Restart(), ("restart",)),
    (Redeploy(), ("redeploy",)),
    (Deallocate(start_after=timedelta(minutes=20)), ("deallocate", "start")),
    (SCRIPT, ("script began", "script succeeded", "script removed")),
    (HOOK, ("webhook called",)),
]
NAMES = [kind.kind for kind, _ in KINDS]


def policy(kind: Maintenance) -> Policy:
    return Policy(maintenance=kind)


@pytest.mark.parametrize(("kind", "works"), KINDS, ids=NAMES)
async def test_it_is_done_once_and_the_host_comes_back(
    kind: Maintenance, works: tuple[str, ...]
) -> None:
    night = Night(hosts=1)
    before = Before(night)
    drain = await night.start(policy(kind))
    night.start_process(killer := Killer())
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert {work: len(night.happened(work)) for work in works} == dict.fromkeys(works, 1)
    keep(night, before, policy(kind))
    assert killer.calls > 30


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("kind", "works"), KINDS, ids=NAMES)
async def test_wherever_the_app_is_killed_it_is_done_once(
    kind: Maintenance, works: tuple[str, ...], after_effect: bool
) -> None:
    calm = Night(hosts=1)
    calm_drain = await calm.start(policy(kind))
    calm.start_process(killer := Killer())
    await calm.until_over(calm_drain.id)
    for at_call in range(1, killer.calls + 1):
        night = Night(hosts=1)
        before = Before(night)
        drain = await night.start(policy(kind))
        night.start_process(Killer(at_call, after_effect))
        over = await night.until_over(drain.id)
        assert over.progress.status is Status.SUCCEEDED, f"killed at call {at_call}"
        keep(night, before, policy(kind))
        done = Counter(line["what"] for line in night.world.log)
        if kind is HOOK:
            # A call whose answer was lost is repeated, with the same callback: one work.
            assert 1 <= done["webhook called"] <= 2
            assert len(night.answers) == 1
        else:
            assert {work: done[work] for work in works} == dict.fromkeys(works, 1), at_call


@pytest.mark.parametrize(
    "error", [PassingError("not now"), AnswerLostError("cut")], ids=["no", "?"]
)
@pytest.mark.parametrize(("kind", "call"), [(SCRIPT, "run"), (SCRIPT, "forget"), (HOOK, "webhook")])
async def test_a_call_that_fails_a_few_times_only_makes_it_take_longer(
    kind: Maintenance, call: str, error: OutsideError
) -> None:
    night = Night(hosts=1)
    before = Before(night)
    drain = await night.start(policy(kind))
    night.faults = [(call, error)] * 2
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert len(night.happened("script began")) == (1 if kind is SCRIPT else 0)
    as_it_was_before(night, before)


@pytest.mark.parametrize(("kind", "call"), [(SCRIPT, "run"), (HOOK, "webhook")])
@pytest.mark.parametrize("error", [RejectedError("never"), DeniedError("not you")])
async def test_a_final_refusal_ends_the_host_and_says_so(
    kind: Maintenance, call: str, error: OutsideError
) -> None:
    night = Night(hosts=1)
    before = Before(night)
    drain = await night.start(policy(kind))
    night.faults = [(call, error)]
    over = await night.until_over(drain.id)
    assert over.hosts[0].phase is Phase.FAILED
    assert "was refused" in over.hosts[0].attention
    as_it_was_before(night, before)


async def test_a_script_that_fails_is_told_with_what_it_printed_and_leaves_nothing_behind() -> None:
    night = Night(hosts=1)
    before = Before(night)
    night.host("host-0").quirks.script_fails = True
    drain = await night.start(policy(SCRIPT))
    over = await night.until_over(drain.id)
    [host] = over.hosts
    assert host.phase is Phase.FAILED
    assert "the script failed" in host.attention
    assert "the disk is full" in host.attention
    assert host.maintenance.output.endswith("the disk is full")
    assert night.host("host-0").vm.runs == {}
    as_it_was_before(night, before)


async def test_a_script_that_takes_too_long_is_stopped_and_counts_as_failed() -> None:
    night = Night(hosts=1)
    night.host("host-0").quirks.script_takes = 7200.0
    drain = await night.start(policy(replace(SCRIPT, time_limit=timedelta(minutes=10))))
    over = await night.until_over(drain.id)
    assert over.hosts[0].phase is Phase.FAILED
    assert len(night.happened("script stopped")) == 1
    assert night.host("host-0").vm.runs == {}


async def test_a_stopped_host_is_started_for_its_script_and_stopped_again() -> None:
    night = Night(hosts=1)
    host = night.host("host-0")
    host.vm.power, host.up_since = "deallocated", None
    drain = await night.start(policy(SCRIPT))
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    works = ("start", "script began", "deallocate")
    assert [len(night.happened(what)) for what in works] == [1, 1, 1]
    assert host.vm.power == "deallocated"


async def test_a_vm_that_is_to_be_started_before_it_is_stopped_is_started_once_it_is() -> None:
    night = Night(hosts=1)
    before = Before(night)
    kind = Deallocate(start_after=timedelta(seconds=10))
    drain = await night.start(policy(kind))
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert [len(night.happened(what)) for what in ("deallocate", "start")] == [1, 1]
    assert night.host("host-0").vm.power == "running"
    keep(night, before, policy(kind))


async def test_a_webhook_that_took_the_host_is_never_called_again() -> None:
    night = Night(hosts=1)
    before = Before(night)
    night.answer_after = None
    drain = await night.start(policy(HOOK))
    over = await night.until_over(drain.id)
    assert [line["time"] for line in night.happened("webhook called")] == [1]
    assert "no answer within" in over.hosts[0].attention
    as_it_was_before(night, before)


async def test_a_webhook_that_never_acknowledges_is_called_three_times_and_then_given_up() -> None:
    night = Night(hosts=1)
    night.answer_after = None
    night.faults = [("webhook", AnswerLostError("no answer")) for _ in range(9)]
    drain = await night.start(policy(HOOK))
    over = await night.until_over(drain.id)
    assert [line["time"] for line in night.happened("webhook called")] == [1, 2, 3]
    assert "no answer within" in over.hosts[0].attention


async def test_a_webhook_that_refuses_to_be_asked_again_may_still_answer() -> None:
    night = Night(hosts=1)
    night.answer_after = timedelta(minutes=50)
    night.faults = [("webhook", AnswerLostError("no answer"))]
    drain = await night.start(policy(HOOK))
    await night.until(lambda: len(night.happened("webhook called")) == 1)
    night.faults = [("webhook", RejectedError("I know"))]
    over = await night.until_over(drain.id)
    assert night.faults == []
    assert over.progress.status is Status.SUCCEEDED
