"""What the doctor makes of what was read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.core.drain.model import Claim
from shared.core.observation.seen import HostSeen, PlanSeen, PoolSeen, PoolType
from shared.core.start.doctor import installation, pools
from shared.core.start.doctor.findings import (
    Cause,
    Finding,
    Severity,
    Unread,
    by_weight,
    unread,
    worst,
)
from shared.core.start.doctor.installation import Installation, SignsBy, Stamped
from shared.core.start.doctor.page import text_of
from shared.core.start.doctor.pools import PoolReadings
from shared.core.start.permissions import ALWAYS, TABLE, Feature, Scope, actions
from shared.core.start.rights import Permission
from tests.support.builders import NOON, POOL, minutes

OK, WARNING, ERROR, UNKNOWN = Severity
GROUP = "/subscriptions/s/resourceGroups/rg"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-1"
ALL = (Permission(("*",)),)
PLAN = PlanSeen("office", True, "skip-me", "Europe/Berlin")
HOST = HostSeen(
    key="host-1", name="host-1", allow_new_session=True, status="Available", sessions=0,
    last_heartbeat=None, object_id=None, vm_id=VM, update_state="",
)  # fmt: skip
WELL = PoolReadings(
    POOL, PoolSeen("hp", PoolType.POOLED, 10), (HOST,), (PLAN,), "", ALL, (),
    groups={GROUP: ALL}, machine=True, tags={VM: {}},
)  # fmt: skip
NOT_NOW = Unread(Cause.PASSING, "no answer")


def found(**changes: Any) -> dict[str, Finding]:
    """By code, what is found of a pool that is well but for these readings."""
    return {f.code: f for f in pools.findings(replace(WELL, **changes), NOON)}


def may(scope: Scope, *features: Feature) -> tuple[Permission, ...]:
    return (Permission(tuple(actions(scope, frozenset(features)))),)


def test_of_a_pool_that_is_well_all_is_ok() -> None:
    told = found()
    assert {finding.severity for finding in told.values()} == {OK}
    assert {"PoolReached", "RightsHeld", "Autoscale"} <= set(told)


@pytest.mark.parametrize("part", ["pool", "hosts", "plans", "update", "held", "claims", "tags"])
@pytest.mark.parametrize(
    ("cause", "severity"),
    [
        (Cause.PASSING, UNKNOWN),
        (Cause.DENIED, ERROR),
        (Cause.GONE, ERROR),
        (Cause.REFUSED, ERROR),
    ],
)
def test_no_part_that_could_not_be_read_is_ok_and_each_says_why_and_what_to_do(
    part: str, cause: Cause, severity: Severity
) -> None:
    told = pools.findings(replace(WELL, **{part: Unread(cause, "because of this")}), NOON)  # type: ignore[arg-type]
    bad = [finding for finding in told if "because of this" in finding.text]
    assert [finding.severity for finding in bad] == [severity]
    assert all(finding.what_to_do for finding in bad)


def test_the_rights_of_a_group_that_could_not_be_read_are_not_known() -> None:
    assert found(groups={GROUP: NOT_NOW})["NotRead"].about == GROUP


def test_groups_that_were_not_looked_at_are_not_known() -> None:
    assert found(groups_left=2)["NotRead"].severity is UNKNOWN


@pytest.mark.parametrize(
    "right",
    [r for r in TABLE if r.scope is Scope.POOLS and not ALWAYS.isdisjoint(r.features)],
    ids=lambda right: right.action,
)
def test_a_right_that_every_drain_needs_is_an_error_by_its_name(right: Any) -> None:
    held = tuple(a for a in actions(Scope.POOLS, frozenset(Feature)) if a != right.action)
    told = found(held=(Permission(held),))["RightMissing"]
    assert (told.severity, told.about) == (ERROR, POOL.resource_id)
    assert right.action in told.text


def test_a_feature_that_nobody_gave_is_off_and_no_fault() -> None:
    told = found(
        groups={GROUP: may(Scope.MACHINES, *ALWAYS, Feature.SCALING_PLANS, Feature.RESTART)}
    )
    assert set(told) == {"PoolReached", "RightsHeld", "Autoscale"}
    [machines] = [
        f
        for f in pools.findings(
            replace(WELL, groups={GROUP: may(Scope.MACHINES, *ALWAYS, Feature.RESTART)}), NOON
        )
        if f.code == "RightsHeld" and f.about == GROUP
    ]
    assert machines.text.endswith("off: scalingPlans, redeploy, runCommand")


def test_a_feature_that_was_given_in_part_is_a_warning_that_names_the_rest() -> None:
    held = may(Scope.MACHINES, *ALWAYS, Feature.SCALING_PLANS)[0].actions
    part = (*held, "Microsoft.Compute/virtualMachines/restart/action")
    told = found(groups={GROUP: (Permission(part),)})["RightsInPart"]
    assert told.severity is WARNING
    assert "Microsoft.Compute/virtualMachines/start/action" in told.text


def test_without_the_right_to_tags_a_pool_under_autoscale_is_an_error() -> None:
    told = found(groups={GROUP: may(Scope.MACHINES, *ALWAYS)})["RightMissing"]
    assert (told.severity, told.about) == (ERROR, GROUP)
    assert "Microsoft.Resources/tags/write" in told.text


def test_a_plan_without_an_exclusion_tag_is_a_warning() -> None:
    told = found(plans=(replace(PLAN, exclusion_tag=""),), tags=None)
    assert told["NoExclusionTag"].severity is WARNING


@pytest.mark.parametrize("plans", [(), (replace(PLAN, enabled=False),)])
def test_a_pool_that_autoscale_leaves_alone_is_ok(plans: tuple[PlanSeen, ...]) -> None:
    assert found(plans=plans, tags=None)["NoAutoscale"].severity is OK


def test_a_tag_of_ours_that_no_claim_explains_was_left_behind() -> None:
    told = found(tags={VM: {"Skip-Me": "avd-drain d1"}})["ExclusionTagLeft"]
    assert (told.severity, "host-1" in told.text) == (WARNING, True)
    claimed = found(
        tags={VM: {"skip-me": "avd-drain d1"}}, claims=(Claim("host-1", "host-1", "d1", NOON),)
    )
    assert "ExclusionTagLeft" not in claimed
    somebodys = found(tags={VM: {"skip-me": "golden image"}})
    assert "ExclusionTagLeft" not in somebodys
    assert "somebody else set it on 1 VM" in somebodys["Autoscale"].text


def test_hosts_that_should_be_back_are_an_error() -> None:
    late = Claim("host-1", "host-1", "d", NOON, out=True, restore_by=NOON - minutes(1))
    assert found(claims=(late,))["HostsNotBack"].severity is ERROR
    assert "HostsNotBack" not in found(claims=(replace(late, restore_by=NOON + minutes(1)),))
    assert found(claims=(replace(late, unreadable="broken"),))["ClaimUnreadable"].severity is ERROR


@pytest.mark.parametrize(
    ("ahead", "severity", "text"),
    [
        (timedelta(0), OK, "agrees"),
        (timedelta(seconds=4), OK, "agrees"),
        (timedelta(seconds=20), WARNING, "20 seconds ahead of"),
        (timedelta(seconds=-20), WARNING, "20 seconds behind"),
        (timedelta(minutes=-5), ERROR, "300 seconds behind"),
    ],
)
def test_a_clock_is_judged_by_how_far_it_is_from_that_of_storage(
    ahead: timedelta, severity: Severity, text: str
) -> None:
    told = installation.clock(Stamped(NOON + ahead, NOON, NOON + ahead))
    assert (told.severity, text in told.text) == (severity, True)


def test_a_slow_answer_is_no_wrong_clock() -> None:
    slow = Stamped(NOON, NOON + minutes(1), NOON + minutes(2))
    assert installation.clock(slow).severity is OK


def test_without_the_time_of_storage_the_clock_is_not_known() -> None:
    assert installation.clock(NOT_NOW).severity is UNKNOWN


@pytest.mark.parametrize(
    ("age", "severity"),
    [(timedelta(minutes=59), OK), (timedelta(hours=3), WARNING), (None, UNKNOWN)],
)
def test_a_timer_is_judged_by_when_it_last_ran_through(
    age: timedelta | None, severity: Severity
) -> None:
    of = Installation(timers={"TICK_SCHEDULE": "0 * * * * *"})
    ran = {} if age is None else {"TICK_SCHEDULE": NOON - age}
    [told] = installation.timers(of, ran, NOON)
    assert (told.severity, told.about) == (severity, "TICK_SCHEDULE")
    [lost] = installation.timers(of, NOT_NOW, NOON)
    assert lost.severity is UNKNOWN


def test_storage_that_refuses_is_an_error_with_its_role_and_storage_that_is_silent_not_known() -> (
    None
):
    refused = Unread(Cause.DENIED, "AuthorizationPermissionMismatch")
    told = installation.table("index", refused)
    assert (told.severity, "Storage Table Data Contributor" in told.what_to_do) == (ERROR, True)
    [told] = installation.queue("work", refused)
    assert (told.severity, "Storage Queue Data Contributor" in told.what_to_do) == (ERROR, True)
    assert installation.table("index", NOT_NOW).severity is UNKNOWN


def test_messages_in_a_poison_queue_are_a_warning() -> None:
    assert [f.severity for f in installation.queue("work", 2)] == [OK, WARNING]
    assert [f.severity for f in installation.queue("work", 0)] == [OK]


def test_late_work_is_a_warning() -> None:
    assert installation.late_work(()).severity is OK
    assert installation.late_work(("a drain",)).severity is WARNING
    assert installation.late_work(NOT_NOW).severity is UNKNOWN


def test_that_no_event_came_is_not_known_to_be_well_where_events_are_to_do_something() -> None:
    with_rules = Installation(event_rules=True)
    assert installation.events(with_rules, None, NOON).severity is UNKNOWN
    assert installation.events(Installation(), None, NOON).severity is OK
    came = installation.events(with_rules, NOON - minutes(90), NOON)
    assert (came.severity, "PT1H30M ago" in came.text) == (OK, True)
    assert installation.events(Installation(), NOT_NOW, NOON).severity is UNKNOWN


def test_keys_are_warnings_but_on_ones_own_machine() -> None:
    by_key = Installation(SignsBy.KEY, SignsBy.KEY, SignsBy.KEY)
    assert {f.severity for f in installation.keys(by_key)} == {WARNING}
    assert {f.severity for f in installation.keys(replace(by_key, local=True))} == {OK}
    entra = Installation(SignsBy.IDENTITY, SignsBy.IDENTITY, SignsBy.IDENTITY)
    assert {f.severity for f in installation.keys(entra)} == {OK}


def test_zone_data_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation.zones().severity is OK
    monkeypatch.setattr(installation, "ZONES", ("Nowhere/At-All",))
    assert installation.zones().severity is ERROR


def test_not_knowing_counts_for_more_than_a_warning_and_less_than_an_error() -> None:
    def of(*severities: Severity) -> list[Finding]:
        return [Finding("c", severity, "a", "t") for severity in severities]

    assert worst(of(OK, WARNING, UNKNOWN, ERROR)) is ERROR
    assert worst(of(OK, WARNING, UNKNOWN)) is UNKNOWN
    assert worst(of(OK, WARNING)) is WARNING
    assert worst([]) is OK
    assert [f.severity for f in by_weight(of(OK, WARNING, ERROR, UNKNOWN))] == [
        ERROR, UNKNOWN, WARNING, OK,
    ]  # fmt: skip


def test_the_text_says_how_many_pools_were_left() -> None:
    assert text_of([], 3).endswith("3 host pools more were not looked at: say $top.\n")
    assert "not looked at" not in text_of([])


def test_of_a_pool_that_is_gone_that_is_said_once() -> None:
    gone = Unread(Cause.GONE, "ResourceNotFound")
    told = pools.findings(
        replace(WELL, pool=gone, hosts=gone, plans=gone, held=gone, tags=None), NOON
    )
    assert [finding.code for finding in told] == ["NotThere"]


def test_the_text_has_the_worst_first_and_no_text_of_azures_becomes_markup() -> None:
    strange = unread("it", "`a`", Unread(Cause.DENIED, "no\n# right"))
    text = text_of([Finding("Fine", OK, "b", "good"), strange])
    lines = text.splitlines()
    assert lines[0] == "# avd-drain: something is wrong"
    assert lines[2] == "- **error** RightMissing, `'a'`: it could not be read: no # right"
    assert lines[3].startswith("  - to do: ")
    assert lines[4] == "- **ok** Fine, `b`: good"
