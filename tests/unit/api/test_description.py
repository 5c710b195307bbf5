"""The description of the API: what it tells, and that it is the same in both versions."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from shared.api.description.openapi import document
from shared.api.description.operations import OPERATIONS
from shared.api.description.swagger import swagger
from shared.api.handlers.drains.orders import ORDERS
from shared.api.handlers.schedules.campaigns import ORDERS as OF_CAMPAIGNS
from shared.core.drain.subscriptions import Events, SubscriptionState
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.wire.bodies import read
from shared.wire.start import StartBody
from shared.wire.views.words import PhaseWord, StatusWord
from tests.support.files.described import Described

BASE = "https://app.azurewebsites.net/api/"
SPEC = document(BASE)
OLDER = swagger(SPEC)


def test_every_operation_is_there_in_both_with_words_for_people() -> None:
    for operation in OPERATIONS:
        for spec in (SPEC, OLDER):
            told = spec["paths"][f"/{operation.path}"][operation.method.lower()]
            assert told["operationId"] == operation.id
            assert told["summary"]
            assert told["description"]


def test_the_words_of_answers_are_those_of_the_core() -> None:
    assert set(get_args(PhaseWord)) == set(Phase)
    assert set(get_args(StatusWord)) == set(Status)
    view = SPEC["components"]["schemas"]["SubscriptionView"]["properties"]
    assert set(view["state"]["enum"]) == set(SubscriptionState)
    assert set(view["events"]["enum"]) == set(Events)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.body], ids=lambda o: o.id)
def test_an_example_is_a_request_that_the_app_takes(operation: Any) -> None:
    example = json.dumps(operation.example).encode()
    read(operation.body, example, optional=operation.optional_body)
    name = operation.body.__name__
    schema = {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    Draft202012Validator(schema).validate(operation.example)


def test_a_policy_field_is_described_with_its_default_and_an_example() -> None:
    policy = SPEC["components"]["schemas"]["PolicyBody"]["properties"]
    assert policy["maxUnavailable"]["default"] == 1
    assert policy["maxUnavailable"]["examples"] == ["25%"]
    assert policy["deadline"] == {
        "type": "string",
        "format": "duration",
        "default": "PT2H",
        "description": policy["deadline"]["description"],
    }
    assert all("description" in field for field in policy.values())


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in SPEC["paths"].items():
        for method, told in methods.items():
            yield f"{method} {path}", told


def properties(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All that a schema holds, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from properties(part, place)
    elif isinstance(schema, dict):
        for key, told in schema.items():
            if key != "properties":
                yield from properties(told, place)
                continue
            for name, field in told.items():
                yield f"{place}.{name}", field
                yield from properties(field, f"{place}.{name}")


def test_every_property_is_explained() -> None:
    found = dict(properties(SPEC["components"]["schemas"], ""))
    assert len(found) > 100
    assert [place for place, field in found.items() if not field.get("description")] == []


def test_every_operation_is_grouped_and_says_what_an_error_looks_like() -> None:
    tags = {tag["name"] for tag in SPEC["tags"]}
    error = {"$ref": "#/components/schemas/ErrorView"}
    for name, told in operations():
        [tag] = told["tags"]
        assert tag in tags, name
        assert told["responses"]["default"]["content"]["application/json"]["schema"] == error, name
    assert {tag for _, told in operations() for tag in told["tags"]} == tags


def test_who_may_repeat_a_request_is_told_the_header_for_it_and_who_must_have_read_too() -> None:
    headers = {
        name: {p["name"]: p["required"] for p in told["parameters"] if p["in"] == "header"}
        for name, told in operations()
    }
    repeated = {name for name, told in headers.items() if "Idempotency-Key" in told}
    assert repeated == {"post /drains", "post /campaigns", "post /schedules/{name}/run"}
    read = {name for name, told in headers.items() if "If-Match" in told}
    orders = {f"post /drains/{{id}}/{order}" for order in ORDERS}
    orders |= {f"post /campaigns/{{id}}/{order}" for order in OF_CAMPAIGNS}
    assert read == orders | {"put /schedules/{name}", "delete /schedules/{name}"}
    for name, told in operations():
        assert ({"412", "428"} <= set(told["responses"])) == (name in read), name


def test_2_0_has_nothing_that_it_does_not_know() -> None:
    text = json.dumps(OLDER)
    for word in ('"anyOf"', '"oneOf"', '"const"', '"components"', '"null"', '"examples"'):
        assert word not in text
    kinds = OLDER["definitions"]["PolicyBody"]["properties"]["maintenance"]["properties"]["kind"]
    assert {"hold", "restart", "webhook"} <= set(kinds["enum"])
    assert (OLDER["host"], OLDER["basePath"]) == ("app.azurewebsites.net", "/api")


def test_an_address_to_be_polled_is_marked_for_designers() -> None:
    for spec in (SPEC, OLDER):
        assert spec["paths"]["/drains"]["post"]["x-ms-long-running-operation"] is True
        assert "x-ms-long-running-operation" not in spec["paths"]["/drains/{id}"]["get"]


def test_what_holds_answers_to_the_description_finds_what_is_not_described() -> None:
    described = Described(SPEC, OLDER)
    described.check("GET", "drains", 200, {}, {"value": []})
    for status, body in ((200, {"value": [{}]}), (200, {"more": 1}), (418, {})):
        with pytest.raises(AssertionError):
            described.check("GET", "drains", status, {}, body)
    with pytest.raises(AssertionError, match="not described"):
        described.check("GET", "elsewhere", 200, {}, {})


def test_a_request_that_leaves_out_what_has_a_default_is_the_same_request() -> None:
    body = {"hostPool": OPERATIONS[0].example["hostPool"], "hosts": "all", "reason": "x"}
    read(StartBody, json.dumps(body).encode())


def unbounded(schema: dict[str, Any], where: str, seen: set[str]) -> Iterator[str]:
    """Texts, lists and objects of a body that may be as long as somebody likes."""
    if (ref := schema.get("$ref")) is not None:
        name = ref.rsplit("/", 1)[-1]
        if name not in seen:
            seen.add(name)
            yield from unbounded(SPEC["components"]["schemas"][name], name, seen)
        return
    kind = schema.get("type")
    bounds = {
        "string": {"maxLength", "enum", "const", "pattern", "format"},
        "array": {"maxItems"},
        "object": {"maxProperties", "properties"},
    }
    if kind in bounds and not bounds[kind] & schema.keys():
        yield where
    for name, part in schema.get("properties", {}).items():
        yield from unbounded(part, f"{where}.{name}", seen)
    parts = [
        schema[key]
        for key in ("items", "additionalProperties")
        if isinstance(schema.get(key), dict)
    ]
    for part in [*parts, *schema.get("anyOf", [])]:
        yield from unbounded(part, f"{where}[]" if part in parts else where, seen)


def test_whatever_a_body_may_hold_has_a_length() -> None:
    """Events are their sources' own: only what is known of them is read, and the body as a whole is bounded."""
    found = [
        place
        for _, told in operations()
        if (body := told.get("requestBody")) is not None
        for place in unbounded(body["content"]["application/json"]["schema"], "", set())
    ]
    assert [place for place in found if not place.startswith(("EventBody", "AlertBody"))] == []


def test_every_operation_says_which_role_it_needs_and_how_a_caller_proves_to_have_it() -> None:
    schemes = SPEC["components"]["securitySchemes"]
    assert set(schemes) == {"functionKey", "functionKeyInQuery", "entra"}
    for operation in OPERATIONS:
        told = SPEC["paths"][f"/{operation.path}"][operation.method.lower()]
        role = operation.route.access.role
        assert told.get("x-required-role") == role, operation.id
        assert bool(told["security"]) is operation.keyed
        for each in told["security"]:
            assert list(each.values()) == [[role] if role else []], operation.id
        assert ("403" in told["responses"]) >= (role is not None), operation.id
        assert role is None or f"`{role}`" in told["description"]
        assert ("413" in told["responses"]) is ("requestBody" in told), operation.id


def test_2_0_has_the_same_schemes_in_its_own_words() -> None:
    schemes = OLDER["securityDefinitions"]
    assert {scheme["type"] for scheme in schemes.values()} == {"apiKey"}
    assert schemes["entra"]["name"] == "Authorization"
    for methods in OLDER["paths"].values():
        for told in methods.values():
            assert all(roles == [] for each in told["security"] for roles in each.values())
