"""The mapping: what each kind of event does, and what is wrong with one that cannot be meant."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.core.events.records import EventKey
from shared.core.events.rules import PREDICTED_LOSS, Does, OverTheFloor, Rule, rule_for
from shared.core.events.signals import RunTold, Says, Signal, Source
from shared.core.events.triage import Group, Serving, cancel_by, groups, policy_for, stale
from shared.core.maintenance.updaterun import UpdateRun, UsersRemain
from shared.core.policy.policy import AtDeadline, Message, Policy
from shared.settings import values
from shared.settings.documents.event_rules import read_rules
from shared.settings.settings import SettingsError, load
from tests.support.builders import NOON, POOL, minutes
from tests.unit.settings.test_settings import GOOD

RUN = RunTold(
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
    "/Microsoft.Maintenance/maintenanceConfigurations/c/providers/microsoft.maintenance"
    "/applyupdates/1",
    ("s",), NOON + minutes(40), NOON + minutes(280), NOON + minutes(39),
)  # fmt: skip


def a_signal(source: Source = Source.PREDICTED_LOSS, id_: str = "1", **more: Any) -> Signal:
    return Signal(EventKey("T", id_, "s"), Says.DRAIN, NOON, NOON, "a reason", source, **more)


def rules(*told: dict[str, Any]) -> tuple[Rule, ...]:
    return read_rules(json.dumps(told))


def test_without_any_rule_a_predicted_loss_drains_and_nothing_else_does() -> None:
    assert rule_for((), a_signal(), POOL) is PREDICTED_LOSS
    for source in set(Source) - {Source.PREDICTED_LOSS}:
        assert rule_for((), a_signal(source), POOL) is None


def test_the_first_rule_that_fits_holds() -> None:
    made = rules(
        {"name": "not here", "on": "predictedLoss", "does": "nothing", "pools": ["hp-FIN*"]},
        {"name": "else", "on": "predictedLoss"},
    )
    found = rule_for(made, a_signal(), POOL)
    assert found is not None
    assert (found.name, found.does) == ("not here", Does.NOTHING)


def test_a_rule_is_narrowed_by_what_its_kind_of_event_tells() -> None:
    [rule] = rules(
        {"name": "a", "on": "alert", "severities": ["sev0", "Sev1"], "alertRules": ["disk*"]}
    )
    facts = {"severity": "Sev1", "alertRule": "Disk almost full"}
    assert rule.fits(a_signal(Source.ALERT, facts=facts), POOL)
    assert not rule.fits(a_signal(Source.ALERT, facts=facts | {"severity": "Sev2"}), POOL)
    assert not rule.fits(a_signal(Source.ALERT, facts=facts | {"alertRule": "cpu"}), POOL)


def test_all_that_is_wrong_with_the_rules_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="rule 1") as told:
        rules(
            {"on": "predictedLoss", "usersRemain": "signOut", "name": "a"},
            {"name": "b", "on": "moon", "policy": {"deadline": "soon"}},
            {"name": "c", "on": "updateManager", "policy": {"maintenance": {"kind": "restart"}}},
            {"name": "d", "on": "alert", "eventTypes": ["Reboot"], "more": 1},
        )
    text = str(told.value)
    for part in ("'usersRemain' says nothing about 'predictedLoss'", "rule 2, on:",
                 "rule 2, policy", "rule 3: 'policy': what is done", "rule 4, more:"):  # fmt: skip
        assert part in text, text


@pytest.mark.parametrize(
    ("value", "fault"),
    [("{", "not JSON"), ("{}", "not a list"), ("none.json", "no such file"),
     ('[{"name":"a","on":"alert"},{"name":"a","on":"alert"}]', "two rules 'a'")],
)  # fmt: skip
def test_a_setting_that_holds_no_rules_stops_the_app_with_its_name(value: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=f"EVENT_RULES: .*{fault}"):
        load(GOOD | {"EVENT_RULES": value})


def test_a_policy_that_cannot_be_meant_stops_the_app_too() -> None:
    policy = {"atDeadline": "signOut", "deadline": "PT5M", "warnAtLeast": "PT1H"}
    value = json.dumps([{"name": "a", "on": "alert", "policy": policy}])
    with pytest.raises(SettingsError, match=r"rule 'a', policy\.warnAtLeast"):
        load(GOOD | {"EVENT_RULES": value})


def test_rules_may_stand_in_a_file_beside_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules.json").write_text('[{"name": "a", "on": "alert"}]', encoding="utf-8")
    monkeypatch.setattr(values, "APP", tmp_path)
    assert [rule.name for rule in load(GOOD | {"EVENT_RULES": "rules.json"}).event_rules] == ["a"]


def test_host_pools_are_resource_ids() -> None:
    assert load(GOOD | {"HOST_POOLS": POOL.resource_id}).host_pools == (POOL.resource_id,)
    with pytest.raises(SettingsError, match="HOST_POOLS"):
        load(GOOD | {"HOST_POOLS": "hp-finance"})


def test_the_last_moment_to_cancel_is_the_earlier_of_two() -> None:
    assert cancel_by(RUN, minutes(10)) == NOON + minutes(30)
    assert cancel_by(RUN, minutes(0)) == NOON + minutes(39)


def a_group(rule: Rule, signal: Signal) -> Group:
    return Group(rule, POOL, ("a",), (signal,))


def test_users_have_until_a_run_can_just_be_cancelled() -> None:
    [rule] = rules({"name": "a", "on": "updateManager", "usersRemain": "signOut"})
    policy = policy_for(a_group(rule, a_signal(Source.UPDATE_MANAGER, run=RUN)), NOON, minutes(10))
    assert policy.deadline_at == NOON + minutes(27)
    assert policy.at_deadline is AtDeadline.SIGN_OUT
    assert policy.warn_at_least <= policy.deadline
    kind = policy.maintenance
    assert isinstance(kind, UpdateRun)
    assert (kind.cancel_by, kind.users_remain) == (NOON + minutes(30), UsersRemain.SIGN_OUT)


def test_a_message_that_would_come_before_the_beginning_comes_at_it() -> None:
    late = Policy(
        messages=(Message(before_deadline=minutes(45)), Message(before_deadline=minutes(5)))
    )
    rule = Rule("a", Source.UPDATE_MANAGER, policy=late)
    policy = policy_for(a_group(rule, a_signal(Source.UPDATE_MANAGER, run=RUN)), NOON, minutes(10))
    assert [m.before_deadline for m in policy.messages] == [None, minutes(5)]


def test_over_the_floor_means_without_it() -> None:
    rule = Rule("a", Source.UPDATE_MANAGER, over_the_floor=OverTheFloor.DRAIN_ANYWAY)
    policy = policy_for(a_group(rule, a_signal(Source.UPDATE_MANAGER, run=RUN)), NOON, minutes(10))
    assert policy.max_unavailable.of(50) == 50


def test_notices_of_one_rule_and_pool_share_a_drain_and_those_of_two_do_not() -> None:
    other = Serving(POOL.parse(POOL.resource_id.replace("hp-finance", "hp-two")), "x")
    found = [(a_signal(id_=str(n)), [Serving(POOL, f"h{n}")]) for n in range(500)]
    made, notes = groups([*found, (a_signal(id_="x"), [other])], ())
    assert [len(group.hosts) for group in made] == [500, 1]
    assert notes == {}


def test_machines_whose_times_lie_apart_do_not_share_a_drain() -> None:
    rule = Rule("a", Source.SCHEDULED_EVENT)
    times = (minutes(20), minutes(21), minutes(300))
    found = [
        (a_signal(Source.SCHEDULED_EVENT, str(n), by=NOON + time), [Serving(POOL, f"h{n}")])
        for n, time in enumerate(times)
    ]
    made, _ = groups(found, (rule,))
    assert [(len(g.hosts), g.by) for g in made] == [
        (2, NOON + minutes(20)),
        (1, NOON + minutes(300)),
    ]


def test_a_notice_is_stale_when_its_matter_is_over_or_its_time_has_passed() -> None:
    signal = a_signal(stale_at=NOON + timedelta(days=1))
    assert stale(signal, NOON, None) == ""
    assert "was over" in stale(signal, NOON, NOON + minutes(1))
    assert stale(signal, NOON, NOON - minutes(1)) == ""
    assert "too old" in stale(signal, NOON + timedelta(days=1), None)


def test_a_host_whose_turn_has_not_come_by_an_events_time_is_left_alone() -> None:
    """Found by a simulated night: it went out, and its user was signed out, an hour too late."""
    rule = Rule("a", Source.SCHEDULED_EVENT)
    signal = a_signal(Source.SCHEDULED_EVENT, by=NOON + minutes(20))
    policy = policy_for(a_group(rule, signal), NOON, minutes(10))
    assert (policy.start_within, policy.deadline_at) == (minutes(20), NOON + minutes(20))
