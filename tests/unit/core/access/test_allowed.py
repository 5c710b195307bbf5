"""What a caller may ask for only because the operator allows it."""

import json
from typing import Any

import pytest

from shared.core.access.allowed import Allowed, Script
from shared.core.maintenance.runcommand import RunCommand
from shared.core.maintenance.webhook import Webhook
from shared.core.maintenance.work.webhook import answer_token
from shared.core.policy.policy import Policy
from shared.core.policy.policychecks import faults
from shared.settings.settings import SettingsError, load
from shared.wire.derived import as_written
from tests.support.builders import a_drain
from tests.unit.settings.test_settings import GOOD

ALLOWED = Allowed(
    {"clear": Script("x", parameters={"days": "[0-9]{1,3}", "where": "|temp|logs"})},
    ("hooks.contoso.example", "*.logic.azure.com", "127.0.0.1"),
)


def of_script(command: str, **parameters: str) -> dict[str, str]:
    policy = Policy(maintenance=RunCommand(command=command, parameters=parameters))
    return dict(faults(policy, ALLOWED))


def of_hook(url: str) -> list[str]:
    return [text for _, text in faults(Policy(maintenance=Webhook(url=url)), ALLOWED)]


@pytest.mark.parametrize("pattern", ["(?=a)a", r"(a)\1", "[", "a{1001}"])
def test_a_pattern_that_the_library_does_not_take_stops_the_start(pattern: str) -> None:
    scripts = {"a": {"script": "x", "parameters": {"p": pattern}}}
    with pytest.raises(SettingsError, match="no regular expression of RE2"):
        load(GOOD | {"RUN_COMMANDS": json.dumps(scripts)})


def test_a_pattern_that_would_be_tried_in_endless_ways_is_told_at_once() -> None:
    script = Script("x", parameters={"text": "(a+)+b"})
    assert not script.fits("text", "a" * 200)
    assert script.fits("text", "a" * 199 + "b")


def test_a_script_that_is_not_allowed_is_refused_with_those_that_are() -> None:
    assert "but: clear" in of_script("format-disk")["maintenance.command"]
    none = dict(faults(Policy(maintenance=RunCommand(command="clear"))))
    assert "but: none" in none["maintenance.command"]


def test_every_parameter_must_fit_its_pattern_as_a_whole() -> None:
    assert of_script("clear", days="7") == {}
    assert of_script("clear", days="7", where="temp") == {}
    assert "must fit" in of_script("clear", days="7x")["maintenance.parameters.days"]
    assert "must fit" in of_script("clear")["maintenance.parameters.days"]


def test_a_parameter_that_the_script_does_not_have_is_refused() -> None:
    assert list(of_script("clear", days="7", force="1")) == ["maintenance.parameters.force"]


@pytest.mark.parametrize("value", ['7"; calc', "$x", "a`b", "a\nb", "it's", "x" * 201])
def test_nothing_that_could_leave_its_quotes_goes_into_a_parameter(value: str) -> None:
    allowed = Allowed({"any": Script("x", parameters={"text": "(?s).*"})})
    policy = Policy(maintenance=RunCommand(command="any", parameters={"text": value}))
    assert [field for field, _ in faults(policy, allowed)] == ["maintenance.parameters.text"]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.contoso.example/x?sig=1",
        "https://HOOKS.contoso.example/x",
        "https://prod-1.westeurope.logic.azure.com:443/x",
        "http://127.0.0.1:7090/x",
    ],
)
def test_a_webhook_at_a_host_that_is_allowed_is_taken(url: str) -> None:
    assert of_hook(url) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://hooks.contoso.example/x",
        "https://elsewhere.example/topsecret",
        "https://logic.azure.com/topsecret",
        "https://evil-logic.azure.com.example/topsecret",
        "https://hooks.contoso.example@elsewhere.example/topsecret",
        "https://user:topsecret@hooks.contoso.example/",
        "ftp://hooks.contoso.example/topsecret",
        "https://[topsecret/",
        "http://127.0.0.1.example/topsecret",
    ],
)
def test_any_other_is_refused_and_its_address_not_repeated(url: str) -> None:
    [text] = of_hook(url)
    assert "topsecret" not in text


def test_a_webhooks_address_is_never_shown() -> None:
    policy = Policy(maintenance=Webhook(url="https://hooks.contoso.example/?sig=topsecret"))
    assert "topsecret" not in json.dumps(as_written(policy)) + repr(policy)
    assert as_written(policy)["maintenance"]["url"] == "(hidden)"


def test_a_callback_address_is_good_for_one_host_of_one_drain() -> None:
    first = a_drain(secret="one").control
    other = a_drain(secret="two").control
    tokens = {answer_token(c, host) for c in (first, other) for host in ("a", "b")}
    assert len(tokens) == 4
    assert not any("one" in token or "two" in token for token in tokens)


def test_scripts_and_host_names_are_read_from_the_settings() -> None:
    scripts = {
        "lines": {"script": ["param($x)", "echo $x"], "parameters": {"x": "[a-z]+"}},
        "far": {"scriptUri": "https://scripts.example/a.ps1?sig=1"},
    }
    told = {"RUN_COMMANDS": json.dumps(scripts), "WEBHOOK_HOSTS": "a.example, *.b.example"}
    allowed = load(GOOD | told).allowed
    assert allowed.scripts["lines"] == Script("param($x)\necho $x", "", {"x": "[a-z]+"})
    assert allowed.scripts["far"].uri.startswith("https://scripts.example")
    assert [allowed.webhook_host(h) for h in ("a.example", "x.b.example", "b.example")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "value",
    [
        "topsecret",
        "[]",
        '{"a": {}}',
        '{"a": {"script": "topsecret", "scriptUri": "https://topsecret"}}',
        '{"a": {"scriptUri": "http://topsecret"}}',
        '{"a": {"script": "topsecret", "parameters": {"x": "("}}}',
        '{"a": {"script": 7}}',
        '{"a b": {"script": "topsecret"}}',
        '{"a": {"script": "topsecret", "scirpt": "topsecret"}}',
    ],
)
def test_wrong_scripts_stop_the_app_and_are_not_repeated(value: str) -> None:
    with pytest.raises(SettingsError, match="RUN_COMMANDS") as wrong:
        load(GOOD | {"RUN_COMMANDS": value})
    assert "topsecret" not in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_HOSTS", "https://a.example"),
        ("WEBHOOK_HOSTS", "a.example,,b"),
        ("WEBHOOK_HOSTS", "*"),
        ("PUBLIC_ADDRESS", "http://drains.contoso.example"),
        ("PUBLIC_ADDRESS", "drains.contoso.example"),
    ],
)
def test_wrong_addresses_stop_the_app(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load(GOOD | {name: value})


def test_what_the_settings_hold_is_not_in_their_repr() -> None:
    told: dict[str, Any] = {"RUN_COMMANDS": '{"a": {"script": "topsecret"}}'}
    settings = load(GOOD | told)
    assert "topsecret" not in repr(settings) + repr(settings.allowed)
