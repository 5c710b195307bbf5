"""The workflows that users deploy: well-formed, consistent, and without secrets in their runs."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.api.description.operations import OPERATIONS
from tests.support.files import workflows

GUIDE = (Path(__file__).parents[3] / "docs" / "logic-apps.md").read_text(encoding="utf-8")


def calls_to_the_app(name: str) -> list[dict[str, Any]]:
    inputs = [action.get("inputs", {}) for action in workflows.of(name).values()]
    calls = [i.get(part, {}) for i in inputs for part in ("subscribe", "unsubscribe")]
    return [call for call in (*inputs, *calls) if "parameters('appUrl')" in call.get("uri", "")]


def test_there_are_the_four_that_the_guide_shows() -> None:
    assert workflows.NAMES == ["approval-first", "nightly", "patch-host", "start-and-wait"]
    for name in workflows.NAMES:
        assert f"logic_apps/{name}.json" in GUIDE


@pytest.mark.parametrize("name", workflows.NAMES)
def test_a_workflow_is_a_definition_as_the_vendors_reference_has_it(name: str) -> None:
    validator = Draft202012Validator(workflows.SCHEMA)
    assert [e.message for e in validator.iter_errors(workflows.load(name))] == []


@pytest.mark.parametrize("name", workflows.NAMES)
def test_whatever_an_expression_names_is_there(name: str) -> None:
    definition = workflows.load(name)["definition"]
    known = set(workflows.of(name))
    for expression in workflows.expressions(definition):
        for used in re.findall(r"parameters\('([^']+)'\)", expression):
            assert used in definition["parameters"], expression
        for used in re.findall(r"(?:body|items|outputs|actions)\('([^']+)'\)", expression):
            assert used in known, expression


@pytest.mark.parametrize("name", workflows.NAMES)
def test_an_action_runs_after_one_that_is_beside_it(name: str) -> None:
    def beside(level: dict[str, Any]) -> None:
        for action in level.values():
            assert set(action["runAfter"]) <= set(level)
            beside(action.get("actions", {}))
            beside(action.get("else", {}).get("actions", {}))

    beside(workflows.load(name)["definition"]["actions"])


@pytest.mark.parametrize("name", ["approval-first", "nightly", "start-and-wait"])
def test_a_call_to_the_app_is_one_that_the_app_knows_with_an_identity_and_a_key_to_fall_back_on(
    name: str,
) -> None:
    known = {(o.method, o.path) for o in OPERATIONS}
    calls = calls_to_the_app(name)
    assert calls
    for call in calls:
        path = call["uri"].split("/api/", 1)[1].split("?", 1)[0]
        assert (call["method"], path) in known
        assert call["authentication"]["type"] == "ManagedServiceIdentity"
        assert call["headers"]["x-functions-key"] == "@parameters('functionKey')"


@pytest.mark.parametrize("name", workflows.NAMES)
def test_a_secret_is_a_secure_parameter_and_not_shown_in_the_runs_history(name: str) -> None:
    definition = workflows.load(name)["definition"]
    for parameter in ("functionKey", "teamsUrl"):
        if parameter in definition["parameters"]:
            assert definition["parameters"][parameter]["type"] == "SecureString"
    for action in workflows.of(name).values():
        uri = action.get("inputs", {}).get("uri", "") if action["type"] != "Compose" else ""
        if "teamsUrl" in uri or "callbackUrl" in uri:
            assert action["runtimeConfiguration"]["secureData"]["properties"] == ["inputs"]


@pytest.mark.parametrize("name", workflows.NAMES)
def test_the_guide_draws_every_action(name: str) -> None:
    for action in workflows.of(name):
        assert action.replace("_", " ") in GUIDE, action


def test_a_host_is_patched_only_by_the_first_run_of_its_call() -> None:
    definition, found = workflows.load("patch-host")["definition"], workflows.of("patch-host")
    mark = definition["triggers"]["manual"]["correlation"]["clientTrackingId"]
    listing = found["List_runs_of_this_call"]["inputs"]
    assert "triggerOutputs()?['headers']?['Idempotency-Key']" in mark
    assert mark[1:].replace("guid()", "'none'") in listing["queries"]["$filter"]
    repeat = found["If_the_call_is_a_repeat"]
    assert [action["inputs"] for action in repeat["actions"].values()] == [
        {"statusCode": 202},
        {"runStatus": "Succeeded"},
    ]
    earlier = "length(body('Earlier_runs_of_this_call'))"
    verdicts = [workflows.holds(repeat["expression"], {earlier: count}) for count in (0, 1, 2)]
    assert verdicts == [False, True, True]
    assert found["Take_the_host"]["runAfter"] == {"If_the_call_is_a_repeat": ["Succeeded"]}
    assert found["Install_patches"]["runAfter"] == {"Take_the_host": ["Succeeded"]}


def test_a_run_that_took_no_host_is_no_earlier_run() -> None:
    found = workflows.of("patch-host")
    where = found["Earlier_runs_of_this_call"]["inputs"]["where"]
    assert "not(equals(item()?['properties']?['status'], 'Cancelled'))" in where
    assert "not(equals(item()?['name'], workflow().run.name))" in where
    for name in ("Leave_the_host_alone", "Leave_the_host_to_the_next_call"):
        assert found[name]["inputs"] == {"runStatus": "Cancelled"}
    assert found["Ask_to_be_called_again"]["inputs"] == {"statusCode": 503}
    assert found["Ask_to_be_called_again"]["runAfter"] == {
        "If_the_call_is_a_repeat": ["Failed", "Skipped", "TimedOut"]
    }


@pytest.mark.parametrize(
    ("status", "failed", "reboot", "patched"),
    [
        ("Succeeded", 0, "NotNeeded", True),
        ("Succeeded", 0, "Completed", True),
        ("CompletedWithWarnings", 0, "Completed", True),
        ("CompletedWithWarnings", 2, "Completed", False),
        ("CompletedWithWarnings", None, "Completed", False),
        ("Succeeded", 0, "Required", False),
        ("Succeeded", 0, "Started", False),
        ("Succeeded", 0, "Failed", False),
        ("Failed", 3, "NotNeeded", False),
        ("InProgress", 0, "NotNeeded", False),
        ("Unknown", 0, "Unknown", False),
        (None, None, None, False),
    ],
)
def test_a_host_is_patched_if_the_vm_says_so_and_waits_for_no_reboot(
    status: str | None, failed: int | None, reboot: str | None, patched: bool
) -> None:
    told = "outputs('What_the_VM_says')?"
    known = {
        f"{told}['status']": status,
        f"coalesce({told}['failedPatchCount'], 1)": 1 if failed is None else failed,
        f"{told}['rebootStatus']": reboot,
    }
    verdict = workflows.of("patch-host")["If_it_is_patched"]
    assert workflows.holds(verdict["expression"], known) is patched
    done, left = verdict["actions"], verdict["else"]["actions"]
    assert [a["inputs"]["body"]["status"] for a in done.values()] == ["Succeeded"]
    assert [a["inputs"]["body"]["status"] for a in left.values()] == ["Failed"]


def test_a_text_of_the_vm_fits_into_an_answer() -> None:
    for action in workflows.of("patch-host").values():
        message = str(action.get("inputs", {}))
        if "['message']" in message:
            assert re.search(
                r"take\(string\(coalesce\(.*\['message'\], 'no message'\)\), 800\)", message
            )


def test_a_token_of_azure_is_for_the_cloud_that_a_parameter_says() -> None:
    for action in workflows.of("patch-host").values():
        identity = action.get("inputs", {}) if action["type"] == "Http" else {}
        if "authentication" in identity:
            assert identity["authentication"]["audience"] == "@parameters('audience')"
            assert "parameters('armUrl')" in identity["uri"]
