"""Documents of settings with several faults, also in other settings: each is named, with its place."""

import json
from typing import Any

import pytest

from shared.settings.settings import SettingsError, load
from tests.support.builders import POOL
from tests.unit.settings.test_settings import GOOD

MARS = "'Mars' is no IANA time zone"
POLICY = {"timeZone": "Mars", "batches": ["0%"]}
DRAIN = {"hostPool": POOL.resource_id, "hosts": "all", "reason": "r", "policy": POLICY}


def told(**settings: Any) -> str:
    with pytest.raises(SettingsError) as refused:
        load(GOOD | {name: json.dumps(value) for name, value in settings.items()})
    return str(refused.value)


def are_all_in(text: str, *parts: str) -> bool:
    return not [part for part in parts if part not in text]


def test_of_schedules_with_wrong_fields_all_else_is_told_too() -> None:
    schedules = {
        "a": {"cron": "x", "drain": DRAIN, "exceptCalendar": "nope", "reportTo": "http://secret"},
        "b": {"cron": "0 0 * * *", "drain": DRAIN | {"policy": {"timeZone": "Mars"}}},
        "c": 5,
    }
    text = told(SCHEDULES=schedules)
    assert are_all_in(
        text, "'a', cron: five fields", "'a', drain.policy.batches[0]: ", "'a', exceptCalendar: ",
        "'a', reportTo: an https address", f"'a', drain.policy.timeZone: {MARS}",
        f"'b', drain.policy.timeZone: {MARS}", "'c', a JSON object is expected",
    )  # fmt: skip
    assert "secret" not in text


def test_of_event_rules_with_wrong_fields_all_else_is_told_too() -> None:
    script = {"kind": "runCommand", "command": "nope"}
    text = told(
        EVENT_RULES=[
            {"name": "a", "on": "alert", "policy": POLICY | {"maintenance": script}},
            {"name": "a", "on": "nope"},
            {"name": "b", "on": "updateManager", "severities": ["x"], "policy": {"batches": ["0%"], "deadlineAt": "x"}},
        ],
        RUN_COMMANDS={"a": {"script": "x", "more": 1}},
    )  # fmt: skip
    assert are_all_in(
        text, "rule 1, policy.batches[0]: ", f"rule 1, policy.timeZone: {MARS}", "no script 'nope'",
        "two rules 'a'", "rule 2, on: ", "'severities' says nothing", "rule 3, policy.batches[0]: ",
        "rule 3: 'policy': what is done", "RUN_COMMANDS: 'a': there is no 'more'",
    )  # fmt: skip
    assert "PolicyBody" not in text


def test_of_notifications_with_wrong_fields_all_between_them_is_told_too() -> None:
    quiet = {"starts": "x", "ends": "y", "timeZone": "z"}
    text = told(
        NOTIFICATIONS={
            "receivers": {
                "list": {
                    "kind": "teams",
                    "settle": "P9D",
                    "foldFor": "P8D",
                    "quiet": quiet,
                    "more": 1,
                },
                "topic": {"kind": "eventGrid", "address": "NOTIFY_X"},
            },
            "rules": [{"name": "r", "to": ["desk"], "more": 1}, {"name": "r", "to": ["topic"]}],
        }
    )
    assert are_all_in(
        text, "quiet: 'starts'", "quiet: 'ends'", "quiet: 'timeZone'", "'address' names the setting",
        "'settle' is no longer", "receivers.list.more: no such field", "'address' says nothing", "two rules 'r'",
        "there is no receiver 'desk'", "the topic is told", "rules[0].more: no such field",
    )  # fmt: skip


def test_of_names_of_keys_each_fault_is_told_and_nothing_that_may_be_a_key() -> None:
    digest = "a" * 64
    text = told(
        KEY_NAMES={"n": digest, "m": digest.upper(), "secret==key": digest, "short": "secret"}
    )
    assert are_all_in(
        text,
        "'m': two names for one key",
        "key 3: a name",
        "key 3: two names",
        "'short': the SHA-256",
    )
    assert "secret" not in text
