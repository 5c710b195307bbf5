"""Settings: each checked, all faults at once, no secret told, the sample complete."""

import json
from pathlib import Path

import pytest

from shared.settings.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[3]
GOOD = {
    "AzureWebJobsStorage": "UseDevelopmentStorage=true",
    "TICK_SCHEDULE": "0 * * * * *",
    "WATCHDOG_SCHEDULE": "30 */5 * * * *",
    "NIGHTLY_SCHEDULE": "15 * * * * *",
}


def names() -> set[str]:
    return {setting.name for setting in Settings.settings()}


def repeated(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """An object of the sample; ValueError for a name that is there twice."""
    found = [name for name, _ in pairs]
    if len(found) != len(set(found)):
        raise ValueError(sorted(name for name in found if found.count(name) > 1))
    return dict(pairs)


def test_with_a_storage_account_alone_the_app_starts_on_azure() -> None:
    settings = load(GOOD)
    assert settings.arm_endpoint == "https://management.azure.com"


@pytest.mark.parametrize(
    "storage",
    [
        "UseDevelopmentStorage=true",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=a2V5==;EndpointSuffix=core.windows.net",
        "AccountName=x;AccountKey=a2V5;",
        "QueueEndpoint=https://q;TableEndpoint=https://t;SharedAccessSignature=sv=1&sig=x",
    ],
)
def test_a_connection_string_is_taken_as_the_vendor_gives_it(storage: str) -> None:
    load(GOOD | {"AzureWebJobsStorage": storage})


@pytest.mark.parametrize(
    ("more", "table"),
    [
        ({}, "https://drains1.table.core.windows.net"),
        (
            {"ARM_ENDPOINT": "https://management.usgovcloudapi.net"},
            "https://drains1.table.core.usgovcloudapi.net",
        ),
        ({"AzureWebJobsStorage__tableServiceUri": "https://other"}, "https://other"),
    ],
)
def test_the_name_of_a_storage_account_is_enough(more: dict[str, str], table: str) -> None:
    named = {k: v for k, v in GOOD.items() if k != "AzureWebJobsStorage"}
    settings = load({**named, "AzureWebJobsStorage__accountName": "drains1", **more})
    assert settings.service_uri("table") == table


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "AzureWebJobsStorage: missing"),
        (
            {"AzureWebJobsStorage:queueServiceUri": "https://q"},
            "AzureWebJobsStorage__tableServiceUri",
        ),
        (GOOD | {"ARM_ENDPOINT": "http://management.azure.com"}, "ARM_ENDPOINT: plain http"),
        (GOOD | {"ARM_ENDPOINT": "ftp://x"}, "ARM_ENDPOINT: not an http address"),
        (GOOD | {"ARM_CREDENTIAL": "password"}, "ARM_CREDENTIAL"),
        (GOOD | {"ARM_CREDENTIAL": "staticToken"}, "ARM_STATIC_TOKEN: missing"),
        (GOOD | {"ARM_CREDENTIAL": "staticToken", "ARM_STATIC_TOKEN": "s"}, "loopback only"),
        (GOOD | {"ARM_ENDPOINT": "http://127.0.0.1:1"}, "never goes over plain http"),
        (GOOD | {"ACCESS": "{"}, "ACCESS: not JSON"),
        (GOOD | {"ACCESS": '{"who": "x"}'}, "ACCESS"),
        (GOOD | {"ACCESS": '[{"who": ["x"], "role": "Drain.Owner"}]'}, "ACCESS"),
        (GOOD | {"ACCESS": '[{"who": [], "role": "Drain.Read"}]'}, "ACCESS"),
        (GOOD | {"ACCESS": '[{"who": ["x"], "role": "Drain.Read", "pools": []}]'}, "ACCESS"),
        (GOOD | {"ACCESS": '[{"who": ["x"], "role": "Drain.Read", "pool": "hp"}]'}, "ACCESS"),
        (
            GOOD | {"ACCESS": '[{"who": ["key:nobody"], "role": "Drain.Read"}]'},
            "ACCESS: 'key:nobody'",
        ),
        (GOOD | {"KEY_NAMES": '{"a": "not-a-digest"}'}, "KEY_NAMES"),
        (GOOD | {"KEY_NAMES": json.dumps({"": "0" * 64})}, "KEY_NAMES"),
        (
            GOOD | {"KEY_NAMES": json.dumps({"a": "a" * 64, "b": "A" * 64})},
            "KEY_NAMES: 'b': two names",
        ),
        (GOOD | {"DRAINS_PER_CALLER": "0"}, "DRAINS_PER_CALLER"),
        (GOOD | {"LOOK_SOON": "5"}, "LOOK_SOON"),
        (GOOD | {"LOOK_USUAL": "PT0S"}, "LOOK_USUAL: at least"),
        (GOOD | {"LEASE_FOR": "PT1S"}, "LEASE_FOR: at least"),
        (GOOD | {"TABLE_PREFIX": "1x"}, "TABLE_PREFIX"),
        (GOOD | {"AzureWebJobsStorage": "an account"}, "AzureWebJobsStorage: no connection string"),
        (GOOD | {"AzureWebJobsStorage": "AccountName=x"}, "AzureWebJobsStorage: no connection"),
        (
            GOOD | {"AzureWebJobsStorage__queueServiceUri": "http://q"},
            "AzureWebJobsStorage__queueServiceUri: not an https",
        ),
        (
            GOOD | {"AzureWebJobsStorage__tableServiceUri": "q"},
            "AzureWebJobsStorage__tableServiceUri: not an https",
        ),
        (GOOD | {"AzureWebJobsStorage__accountName": "A b"}, "AzureWebJobsStorage__accountName"),
        (GOOD | {"AzureWebJobsStorage__clientId": "me"}, "AzureWebJobsStorage__clientId"),
        (GOOD | {"WEBSITE_HOSTNAME": "https://x"}, "WEBSITE_HOSTNAME"),
        (GOOD | {"ARM_CLIENT_ID": "me"}, "ARM_CLIENT_ID"),
        (GOOD | {"ARM_ENDPOINT": "https://["}, "ARM_ENDPOINT: not an http address"),
        (GOOD | {"ARM_ENDPOINT": "https://x:99999"}, "ARM_ENDPOINT: not an http address"),
        (GOOD | {"ARM_ENDPOINT": "https://x/?a=b"}, "ARM_ENDPOINT: not an http address"),
        (GOOD | {"ARM_SHARE": "0"}, "ARM_SHARE"),
        (GOOD | {"ARM_SHARE": "1.1"}, "ARM_SHARE"),
        (GOOD | {"ARM_SHARE": "nan"}, "ARM_SHARE"),
        (GOOD | {"TICK_SCHEDULE": "61 * * * * *"}, "TICK_SCHEDULE: "),
        (GOOD | {"WATCHDOG_SCHEDULE": "often"}, "WATCHDOG_SCHEDULE: "),
        (GOOD | {"NIGHTLY_SCHEDULE": ""}, "NIGHTLY_SCHEDULE: missing"),
        (GOOD | {"LOOK_IDLE": "-PT5M"}, "LOOK_IDLE"),
        (GOOD | {"LATE_WRITES": "3m"}, "LATE_WRITES"),
        (GOOD | {"OVERDUE_AFTER": "P1Y"}, "OVERDUE_AFTER"),
        (GOOD | {"RETAIN_DRAINS": "PT23H"}, "RETAIN_DRAINS: at least P1D"),
        (GOOD | {"RETAIN_EVENTS": "PT0S"}, "RETAIN_EVENTS: at least P1D"),
        (GOOD | {"RUN_COMMANDS": "[]"}, "RUN_COMMANDS"),
        (
            GOOD | {"RUN_COMMANDS": '{"a": {"script": "x", "parameters": {"p": "("}}}'},
            "RUN_COMMANDS",
        ),
        (GOOD | {"WEBHOOK_HOSTS": "https://x"}, "WEBHOOK_HOSTS"),
        (GOOD | {"WEBHOOK_HOSTS": "*"}, "WEBHOOK_HOSTS"),
        (GOOD | {"PUBLIC_ADDRESS": "http://x"}, "PUBLIC_ADDRESS: an https address"),
        (GOOD | {"PUBLIC_ADDRESS": "https://["}, "PUBLIC_ADDRESS: an https address"),
        (GOOD | {"TRUST_FORWARDED": "perhaps"}, "TRUST_FORWARDED"),
        (GOOD | {"HTTP_AUTH": "nobody"}, "HTTP_AUTH"),
        (GOOD | {"WEBSITE_AUTH_ENABLED": "perhaps"}, "WEBSITE_AUTH_ENABLED"),
        (GOOD | {"TRUST_CLIENT_PRINCIPAL": "true"}, "TRUST_CLIENT_PRINCIPAL: only where"),
        (GOOD | {"HOST_POOLS": "hp-finance"}, "HOST_POOLS"),
        (GOOD | {"EVENT_RULES": "{}"}, "EVENT_RULES"),
        (GOOD | {"EVENT_RULES": "nothing.json"}, "EVENT_RULES"),
        (GOOD | {"EVENT_SETTLE": "3"}, "EVENT_SETTLE"),
        (GOOD | {"UPDATE_CANCEL_LEAD": "soon"}, "UPDATE_CANCEL_LEAD"),
        (GOOD | {"UPDATE_STATUS_VERSIONS": "newest"}, "UPDATE_STATUS_VERSIONS"),
        (GOOD | {"EVENT_TOPIC_ENDPOINT": "http://x"}, "EVENT_TOPIC_ENDPOINT: an https address"),
        (GOOD | {"EVENT_TOPIC_ENDPOINT": "https://["}, "EVENT_TOPIC_ENDPOINT: an https address"),
        (GOOD | {"EVENT_TOPIC_ENDPOINT": "http://127.0.0.1:1"}, "EVENT_TOPIC_ENDPOINT: an https"),
        (GOOD | {"SCHEDULES": "[]"}, "SCHEDULES"),
        (GOOD | {"SCHEDULES": "nothing.json"}, "SCHEDULES"),
        (GOOD | {"NOTIFICATIONS": "[]"}, "NOTIFICATIONS: not a JSON object"),
        (GOOD | {"NOTIFICATIONS": '{"receivers": {}}'}, "NOTIFICATIONS: rules"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load(given)


def test_all_wrong_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as wrong:
        load({"LOOK_SOON": "x", "LEASE_FOR": "y", "ARM_CREDENTIAL": "z"})
    assert all(name in str(wrong.value) for name in ("LOOK_SOON", "LEASE_FOR", "ARM_CREDENTIAL"))


def test_what_is_wrong_between_settings_is_named_with_what_is_wrong_in_one() -> None:
    with pytest.raises(SettingsError) as wrong:
        load({"LOOK_SOON": "x", "HTTP_AUTH": "appService"})
    for name in ("LOOK_SOON", "AzureWebJobsStorage: missing", "HTTP_AUTH: appService needs"):
        assert name in str(wrong.value)


@pytest.mark.parametrize("around", [" ", "\n", "\r\n", "\t", "\ufeff"])
def test_what_comes_with_copying_is_no_part_of_a_value(around: str) -> None:
    given = {
        **GOOD,
        "LOOK_SOON": "PT5S",
        "TABLE_PREFIX": "drains",
        "EVENT_TOPIC_KEY": "k",
        "EVENT_RULES": "[]",
    }
    settings = load({name: f"{around}{value}{around}" for name, value in given.items()})
    assert settings.topic_key is not None
    assert settings.topic_key.reveal() == "k"


@pytest.mark.parametrize("blank", [" ", "\r\n"])
def test_a_setting_of_nothing_but_blanks_is_not_taken_for_none(blank: str) -> None:
    with pytest.raises(SettingsError, match="ACCESS"):
        load(GOOD | {"ACCESS": blank})


def test_a_reference_that_the_platform_has_not_resolved_is_told_to_be_one() -> None:
    reference = "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/topsecret)"
    with pytest.raises(
        SettingsError, match="ACCESS: a reference that the platform has not"
    ) as wrong:
        load(GOOD | {"ACCESS": reference})
    assert "topsecret" not in str(wrong.value)
    load(GOOD | {"EVENT_TOPIC_KEY": reference})


@pytest.mark.parametrize(
    "name", ["ACCESS", "KEY_NAMES", "EVENT_RULES", "SCHEDULES", "NOTIFICATIONS", "RUN_COMMANDS"]
)
def test_in_a_setting_of_json_the_place_of_a_fault_is_told_and_a_key_that_is_there_twice(
    name: str,
) -> None:
    with pytest.raises(SettingsError, match=r"line 2, column 4"):
        load(GOOD | {name: "[\n1, // a comment\n]"})
    with pytest.raises(SettingsError, match=f"{name}: 'a' stands there twice"):
        load(GOOD | {name: '{"a": {}, "a": {}}'})


def test_no_value_is_told_for_it_may_be_a_secret() -> None:
    with pytest.raises(SettingsError) as wrong:
        load(
            {"AzureWebJobsStorage": "topsecret", "ARM_STATIC_TOKEN": "hush", "LOOK_SOON": "hidden"}
        )
    text = str(wrong.value) + repr(load(GOOD | {"ARM_STATIC_TOKEN": "hush"}))
    assert not any(secret in text for secret in ("topsecret", "hush", "hidden"))


def test_the_sample_holds_every_setting_and_is_valid() -> None:
    sample = (ROOT / "local.settings.sample.json").read_text(encoding="utf-8")
    values = json.loads(sample, object_pairs_hook=repeated)["Values"]
    assert set(values) == names() | {"FUNCTIONS_WORKER_RUNTIME"}
    assert load(values).arm_is_loopback


def test_the_settings_page_tells_every_setting_with_its_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for setting in (*Settings.settings(), *Settings.families()):
        assert page.count(f"| `{setting.name}` |") == 1
        assert setting.meaning.split(".")[0].split(";")[0] in " ".join(page.split())


def test_app_service_may_let_callers_in_only_where_it_is_on() -> None:
    with pytest.raises(SettingsError, match="HTTP_AUTH: appService needs"):
        load(GOOD | {"HTTP_AUTH": "appService"})
    load(GOOD | {"HTTP_AUTH": "appService", "WEBSITE_AUTH_ENABLED": "True"})


def test_loopback_may_be_called_only_where_the_control_plane_is_on_it() -> None:
    with pytest.raises(SettingsError, match="WEBHOOK_HOSTS: loopback only"):
        load(GOOD | {"WEBHOOK_HOSTS": "127.0.0.1"})


def test_logic_apps_may_be_called_by_default() -> None:
    allowed = load(GOOD).allowed
    assert allowed.webhook_host("prod-1.westeurope.logic.azure.com")
    assert not allowed.webhook_host("logic.azure.com.evil.example")
