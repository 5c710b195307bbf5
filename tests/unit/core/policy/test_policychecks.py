"""Policies that cannot be meant as a whole, and records that an older version wrote."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.storage import entities, records
from shared.core.drain.model import Control
from shared.core.host.host import HostRecord
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, Message, Policy, Translation
from shared.core.policy.policychecks import faults, is_zone
from shared.core.values.window import Window
from tests.support.builders import NOON, a_drain, minutes

SIGN_OUT = Policy(at_deadline=AtDeadline.SIGN_OUT)


def named(policy: Policy) -> list[str]:
    return [field for field, _ in faults(policy)]


def test_the_defaults_can_be_meant() -> None:
    assert named(Policy()) == []


def test_nobody_can_be_warned_for_longer_than_the_deadline_lasts() -> None:
    assert named(replace(SIGN_OUT, deadline=minutes(5))) == ["warnAtLeast"]


def test_nobody_can_be_signed_out_without_a_message() -> None:
    assert named(replace(SIGN_OUT, messages=())) == ["messages"]
    assert named(Policy(disconnected_for=minutes(5), messages=())) == ["messages"]


def test_a_message_cannot_be_due_before_the_drain_begins() -> None:
    late = Message(before_deadline=timedelta(hours=2))
    assert named(Policy(messages=(Message(), late))) == ["messages[1].beforeDeadline"]


def test_a_time_zone_must_be_one() -> None:
    assert named(Policy(time_zone="Mars/Olympus")) == ["timeZone"]


def test_a_control_of_schema_1_is_read() -> None:
    values = dict(entities.entity_of(a_drain().control))
    record = json.loads(values["data"])
    record["policy"]["message"] = {"title": "t", "text": "x"}
    del record["policy"]["messages"]
    record["policy"]["maintenance"] = {"kind": "restart", "hold_for": "PT4H"}
    for newer in ("selection", "zone", "skips", "additions", "pauses", "extensions"):
        del record[newer]
    control = records.read(Control, {**values, "schema": 1, "data": json.dumps(record)})
    assert control.policy.messages == (Message("t", "x"),)
    assert control.policy.maintenance == Restart()


def test_a_host_of_schema_1_that_was_being_restarted_goes_on_being_restarted() -> None:
    action = {"kind": "restart", "host": "a", "vm_id": "vm", "why": "it is empty"}
    record = {
        "key": "a",
        "name": "A",
        "phase": "maintaining",
        "since": NOON.isoformat(),
        "maintenance": {"begun_at": NOON.isoformat(), "operation": "https://op"},
        "intents": [{"action": action, "at": NOON.isoformat()}],
        "sessions": [],
    }
    host: HostRecord = records.read(HostRecord, {"schema": 1, "data": json.dumps(record)})
    assert host.maintenance.job is not None
    assert (host.maintenance.job.what, host.maintenance.job.operation) == ("restart", "https://op")
    assert host.intents[0].action.kind == "power"


def test_what_could_never_take_a_host_out_is_refused() -> None:
    everybody = Policy(minimum_available=Amount(100, percent=True))
    assert [field for field, _ in faults(everybody)] == ["minimumAvailable"]
    short = Policy(window=Window(starts="22:00", ends="22:30", host_takes=timedelta(hours=1)))
    assert [field for field, _ in faults(short)] == ["window.hostTakes"]
    assert not list(faults(Policy(window=Window(starts="22:00", ends="05:00"))))


def test_a_text_that_tells_users_nothing_is_refused_and_a_translation_that_is_nobodys() -> None:
    words = {"title": "Wartung", "text": "Bitte abmelden"}
    translations = (
        Translation("@a.de", **words),
        Translation("@A.de", **words),
        Translation("@b.de"),
        Translation(**words),
    )
    found = [
        field
        for field, _ in faults(Policy(messages=(Message(" ", " ", translations=translations),)))
    ]
    assert found == [
        f"messages[0].{name}"
        for name in (
            "title", "text", "translations[1].suffix", "translations[2].title", "translations[2].text",
            "translations[3].suffix",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "right/Europe/Berlin"])
def test_a_zone_that_is_another_on_each_machine_is_none(name: str) -> None:
    assert not is_zone(name)


def test_a_protected_user_without_a_name_is_told_for_nobody_would_be_protected() -> None:
    found = dict(faults(Policy(protected_users=("*@board.example", " "))))
    assert found.keys() == {"protectedUsers[1]"}
