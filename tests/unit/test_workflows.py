"""The workflows that users deploy: well-formed, consistent, and without secrets in their runs."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.api.operations import OPERATIONS
from tests.support import workflows

GUIDE = (Path(__file__).parents[2] / "docs" / "logic-apps.md").read_text(encoding="utf-8")


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
        uri = action.get("inputs", {}).get("uri", "")
        if "teamsUrl" in uri or "callbackUrl" in uri:
            assert action["runtimeConfiguration"]["secureData"]["properties"] == ["inputs"]


@pytest.mark.parametrize("name", workflows.NAMES)
def test_the_guide_draws_every_action(name: str) -> None:
    for action in workflows.of(name):
        assert action.replace("_", " ") in GUIDE, action
