"""A maintenance run of Update Manager: decided in time, whatever else is waited for."""

from dataclasses import replace
from datetime import datetime

import pytest

from shared.core.drain.model import Control, Drain
from shared.core.flow.flow import Decision
from shared.core.host.actions import CancelRun
from shared.core.host.phases import Phase
from shared.core.maintenance.updaterun import UpdateRun, UsersRemain
from shared.core.maintenance.work import work_of
from shared.core.observation.look import Look
from shared.core.policy.policy import Amount, AtDeadline, Policy
from shared.core.values.pace import Pace
from tests.support.builders import (
    NOON,
    a_drain,
    a_host,
    a_look,
    a_session,
    look,
    minutes,
    seconds,
    seen_host,
)

RUN = (
    "/subscriptions/22222222-3333-4444-5555-666666666666/resourcegroups/rg/providers"
    "/microsoft.maintenance/maintenanceconfigurations/c/providers/microsoft.maintenance"
    "/applyupdates/20261124130000"
)
CANCEL_BY = NOON + minutes(50)
DECIDED_AT = CANCEL_BY - minutes(3)


def patched(users_remain: UsersRemain = UsersRemain.CANCEL_RUN) -> Drain:
    """One host is out, with somebody on it; the other waits for its turn."""
    run = UpdateRun(
        run=RUN, starts_at=NOON + minutes(60), ends_at=NOON + minutes(90),
        cancel_by=CANCEL_BY, users_remain=users_remain,
    )  # fmt: skip
    policy = Policy(
        maintenance=run, max_unavailable=Amount(1), deadline=minutes(10),
        at_deadline=AtDeadline.WAIT, messages=(),
    )  # fmt: skip
    out = a_host("a", Phase.DRAINING, out_at=NOON, before=True)
    return a_drain(out, a_host("b"), policy=policy)


def at_noon(drain: Drain) -> Look[Control]:
    return Look(drain.control, a_look(at=NOON), NOON, Pace())


def looked(drain: Drain, at: datetime) -> Decision:
    seen = a_look(seen_host("a", drained=True), seen_host("b"), at=at, sessions=[a_session("a")])
    return look(drain, seen)


@pytest.mark.parametrize(
    ("at", "again_at"),
    [
        (DECIDED_AT - minutes(20), DECIDED_AT - minutes(20) + Pace().people(seconds(0))),
        (DECIDED_AT - seconds(10), DECIDED_AT),
        (CANCEL_BY, CANCEL_BY + Pace().people(seconds(0))),
    ],
)  # fmt: skip
def test_it_is_looked_at_when_it_is_to_be_decided_however_slow_the_pace_is(
    at: datetime, again_at: datetime
) -> None:
    assert looked(patched(), at).drain.progress.look_at == again_at


def test_a_pace_slower_than_the_time_to_decide_changes_nothing() -> None:
    run, slow = work_of(patched().control.policy.maintenance), Pace(usual=minutes(30))
    seen = a_look(at=NOON)
    assert run.look_at(Look(patched().control, seen, NOON, slow), patched().hosts) == DECIDED_AT


def test_while_users_remain_it_is_cancelled_and_what_failed_is_tried_again_soon() -> None:
    came = looked(patched(), DECIDED_AT)
    assert [action.kind for action in came.actions] == [CancelRun("", "", "").kind]
    assert came.drain.progress.look_at == DECIDED_AT + seconds(5)


def test_a_run_that_is_not_to_be_cancelled_is_not_waited_for() -> None:
    drain = patched(UsersRemain.LET_GO_ON)
    assert looked(drain, DECIDED_AT).actions == ()
    assert work_of(drain.control.policy.maintenance).look_at(at_noon(drain), drain.hosts) is None


def test_once_all_are_empty_nothing_is_to_be_decided() -> None:
    drain = patched()
    empty = tuple(replace(host, phase=Phase.MAINTAINING) for host in drain.hosts)
    assert work_of(drain.control.policy.maintenance).look_at(at_noon(drain), empty) is None
