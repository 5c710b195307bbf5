"""The setting NOTIFICATIONS and those that it names: every fault at its start, and no secret told."""

import base64
import json
from typing import Any

import pytest

from shared.core.drain.happenings import Kind, Level
from shared.core.notifications.rules import ReceiverKind
from shared.errors import PassingError
from shared.settings.settings import Settings, SettingsError, load
from shared.wiring import connect
from tests.unit.settings.test_settings import GOOD

KEY = f"whsec_{base64.b64encode(b'k' * 32).decode()}"
URL = "https://default0.12.environment.api.powerplatform.com:443/powerautomate/x?sig=topsecret"
DESK: dict[str, Any] = {"kind": "teams", "address": "NOTIFY_DESK"}
TICKETS: dict[str, Any] = {"kind": "https", "address": "NOTIFY_URL", "keys": ["NOTIFY_KEY"]}
SECRETS = {"NOTIFY_DESK": URL, "NOTIFY_URL": "https://tickets.example/in", "NOTIFY_KEY": KEY}
RULE = {"name": "all", "to": ["desk"]}


def settings(
    receivers: dict[str, Any] | None = None, rules: list[Any] | None = None, **more: str
) -> Settings:
    said = {"receivers": receivers or {"desk": DESK, "tickets": TICKETS}, "rules": rules or [RULE]}
    return load(GOOD | SECRETS | {"NOTIFICATIONS": json.dumps(said)} | more)


def faults(*words: Any, **named: Any) -> str:
    with pytest.raises(SettingsError) as wrong:
        settings(*words, **named)
    assert "topsecret" not in str(wrong.value)
    assert KEY not in str(wrong.value)
    return str(wrong.value)


def test_receivers_and_rules_are_read_and_their_secrets_stay_secret() -> None:
    found = settings(
        rules=[
            {
                **RULE,
                "kinds": ["drainEnded"],
                "atLeast": "warning",
                "pools": ["hp-*"],
                "askedBy": ["a*"],
            }
        ]
    )
    known = found.notifications
    assert known is not None
    assert [each.kind for each in known.receivers] == [ReceiverKind.TEAMS, ReceiverKind.HTTPS]
    [rule] = known.rules
    assert (rule.kinds, rule.at_least) == (frozenset({Kind.DRAIN_ENDED}), Level.WARNING)
    assert "topsecret" not in repr(found.secrets) + repr(known)
    assert found.secrets["NOTIFY_DESK"].reveal() == URL


def test_left_out_nobody_is_told() -> None:
    assert load(GOOD).notifications is None
    assert load(GOOD | {"NOTIFICATIONS": "{}"}).notifications is None


@pytest.mark.parametrize(
    ("receiver", "told"),
    [
        ({"kind": "pager", "address": "NOTIFY_DESK"}, "receivers.desk.kind"),
        ({"kind": "teams"}, "needs one"),
        (
            {"kind": "teams", "address": "https://x.example/?sig=topsecret"},
            "receivers.desk.address",
        ),
        ({"kind": "teams", "address": "ARM_STATIC_TOKEN"}, "receivers.desk.address"),
        ({"kind": "teams", "address": "NOTIFY_NONE"}, "NOTIFY_NONE: missing"),
        ({**DESK, "keys": ["NOTIFY_KEY"]}, "'keys' names settings"),
        ({"kind": "https", "address": "NOTIFY_URL"}, "'keys' names settings"),
        ({**TICKETS, "keys": ["NOTIFY_KEY"] * 3}, "receivers.desk.keys"),
        ({**TICKETS, "keys": ["NOTIFY_DESK"]}, "NOTIFY_DESK: 'whsec_' and"),
        ({"kind": "teams", "address": "NOTIFY_KEY"}, "NOTIFY_KEY: "),
        ({"kind": "eventGrid", "address": "NOTIFY_DESK"}, "says nothing about 'eventGrid'"),
        ({**DESK, "foldFor": "PT1S"}, "'settle' is no longer than"),
        ({**DESK, "foldFor": "soon"}, "receivers.desk.foldFor"),
        ({**DESK, "quiet": {"starts": "22", "ends": "06:00", "timeZone": "UTC"}}, "'starts' is"),
        ({**DESK, "quiet": {"starts": "22:00", "ends": "06:00", "timeZone": "Mars"}}, "'timeZone'"),
        ({**DESK, "quiet": {"starts": "22:00", "ends": "06:00"}}, "receivers.desk.quiet.timeZone"),
        ({**DESK, "colour": "red"}, "receivers.desk.colour"),
    ],
)
def test_a_wrong_receiver_is_told_by_its_name(receiver: dict[str, Any], told: str) -> None:
    assert told in faults({"desk": receiver})


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({**RULE, "to": ["nobody"]}, "there is no receiver 'nobody'"),
        ({**RULE, "to": []}, "rules[0].to"),
        ({**RULE, "kinds": ["drainPaused"]}, "rules[0].kinds"),
        ({**RULE, "kinds": ["test"]}, "a test is sent to whom it names"),
        ({**RULE, "atLeast": "bad"}, "rules[0].atLeast"),
        ({**RULE, "pool": "x"}, "rules[0].pool"),
    ],
)
def test_a_wrong_rule_is_told_by_its_place(rule: dict[str, Any], told: str) -> None:
    assert told in faults(rules=[rule])


def test_all_faults_are_told_at_once() -> None:
    said = faults(rules=[RULE, RULE, {**RULE, "name": "b", "to": ["nobody"]}])
    assert "two rules 'all'" in said
    assert "nobody" in said


@pytest.mark.parametrize(
    "url",
    ["http://tickets.example/in", "https://u:p@x.example/", "ftp://x", "https://x y", "https://["],
)
def test_an_address_is_https_and_says_so_by_its_setting(url: str) -> None:
    assert "NOTIFY_URL: " in faults(NOTIFY_URL=url)


def test_loopback_may_be_called_only_where_the_control_plane_is_on_it() -> None:
    local = {
        "ARM_ENDPOINT": "http://127.0.0.1:1",
        "ARM_CREDENTIAL": "staticToken",
        "ARM_STATIC_TOKEN": "t",
    }
    settings(None, None, **local, NOTIFY_URL="http://127.0.0.1:9/in")
    assert "loopback only" in faults(NOTIFY_URL="https://127.0.0.1:9/in")


def test_the_topic_gets_what_it_is_not_told_anyway_and_nothing_twice() -> None:
    grid = {"desk": DESK, "grid": {"kind": "eventGrid"}}
    topic = {"EVENT_TOPIC_ENDPOINT": "https://t.westeurope-1.eventgrid.azure.net/api/events"}
    reports = [{"name": "r", "to": ["grid"], "kinds": ["scheduleReport"]}]
    settings(grid, reports, **topic)
    assert "needs EVENT_TOPIC_ENDPOINT" in faults(grid, reports)
    for kinds in ([], ["drainEnded"], ["scheduleReport", "hostAttention"]):
        wrong = [{"name": "r", "to": ["desk", "grid"], "kinds": kinds}]
        assert "told of drains and hosts without a rule" in faults(grid, wrong, **topic)


def test_an_address_need_not_be_allowed_to_callers_nor_is_it_by_being_there() -> None:
    found = settings(WEBHOOK_HOSTS="hooks.example")
    assert not found.allowed.webhook_host("tickets.example")


async def test_what_key_vault_does_not_tell_now_stops_no_start_and_is_not_sent_anywhere() -> None:
    reference = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/topsecret)"
    outside = connect(settings(NOTIFY_DESK=reference, NOTIFY_KEY=reference))
    for name in ("desk", "tickets"):
        with pytest.raises(PassingError, match="Key Vault") as wrong:
            await outside.receivers.notify(name, None)  # type: ignore[arg-type]
        assert "topsecret" not in str(wrong.value)


def test_what_keeps_records_knows_no_address_and_no_key() -> None:
    """The engine and the core know receivers by name; the adapter alone holds the rest, and does not show it."""
    outside = connect(settings())
    assert outside.options.notifications.receiver("desk") is not None
    told = repr(outside.options) + repr(outside.receivers) + repr(vars(outside.receivers))
    assert "desk" in told
    assert not any(secret in told for secret in ("topsecret", "tickets.example", KEY, "kkkk"))
