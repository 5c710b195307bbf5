"""The description of the API, OpenAPI 3.1, made from the table of operations and from the types that
check the requests and shape the answers."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from shared.api.description.operation import Operation, one_line
from shared.api.description.operations import OPERATIONS
from shared.api.description.parameters import HEADERS, Parameter
from shared.api.http.queries import VERSIONS
from shared.api.routes import Tag
from shared.api.views.drains.drain import DrainView
from shared.api.views.drains.operation import ErrorView
from shared.api.views.subscription import SubscriptionView

_REF = "#/components/schemas/{model}"
_REFERRED = re.compile(r'"#/components/schemas/(\w+)"')
_ERRORS = {
    400: "The request cannot be right; every fault is in details.",
    401: "No function key, or a wrong one; or nobody whom Microsoft Entra ID knows.",
    403: "The caller lacks a role, or the app's identity a right: it is named.",
    404: "There is no such thing.",
    409: "It is in the way of something else, or the drain did not succeed.",
    413: "The body is larger than is read.",
    412: "It was changed since its ETag was read.",
    428: "If-Match is missing.",
    429: "The caller has as many of these as one may have at a time.",
    500: "Something went wrong in the app; its log tells more.",
    503: "Not now: try again after Retry-After.",
}
_SCHEMES = {
    "functionKey": {
        "type": "apiKey", "in": "header", "name": "x-functions-key",
        "description": "A key of the function app. A key that the setting ACCESS names has the roles that it "
        "says; any other has all.",
    },
    "functionKeyInQuery": {
        "type": "apiKey", "in": "query", "name": "code",
        "description": "The same in the query, for callers that cannot set headers.",
    },
    "entra": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "A token of Microsoft Entra ID for the app's registration, where App Service "
        "authentication lets callers in. Its roles say what the caller may do.",
    },
}  # fmt: skip
_ALWAYS = (400, 500, 503)
"""``api-version`` is checked everywhere."""
_KNOWN = "It is as `If-None-Match` says: nothing is sent."
_DEFAULT = "Something else is wrong: `error` says what."
_TAGS = {
    Tag.DRAINS: "Hosts taken out, and put back.",
    Tag.SUBSCRIPTIONS: "Whoever is told of a drain.",
    Tag.HOSTS: "The hosts of pools: those that are out, and those that are overdue.",
    Tag.NOTIFICATIONS: "Who is told of what happens, beside those who subscribe to a drain.",
    Tag.CALLERS: "Who is asking, and what they may.",
    Tag.CAMPAIGNS: "Drains of several pools, in waves.",
    Tag.SCHEDULES: "What begins by itself, and its reports.",
    Tag.DOCTOR: "Whether the installation is well, and what to do if it is not.",
    Tag.EVENTS: "What comes from Event Grid and Azure Monitor, and what comes of it.",
}


def document(base: str) -> dict[str, Any]:
    """``base`` is where the app is called, up to ``/api/``."""
    schemas, refs = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        path = paths.setdefault(f"/{operation.path}", {})
        path[operation.method.lower()] = _operation(operation, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "avd-drain",
            "version": VERSIONS[-1],
            "summary": "Takes Azure Virtual Desktop session hosts out for maintenance, and puts "
            "them back.",
            "description": "A drain turns drain mode on, tells users, waits for sessions, does the "
            "maintenance, checks the host's health, and puts it back exactly as it was.",
            "license": {"name": "MIT", "url": "https://opensource.org/license/mit"},
        },
        "servers": [{"url": base.rstrip("/")}],
        "tags": [{"name": tag, "description": text} for tag, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": _SCHEMES,
        },
    }


@cache
def _schemas() -> tuple[dict[str, Any], dict[Any, dict[str, Any]]]:
    """The schemas by name, and a reference to each type."""
    types = dict.fromkeys(_types())
    inputs = [(t, "validation" if _is_body(t) else "serialization", TypeAdapter(t)) for t in types]
    found, whole = TypeAdapter.json_schemas(inputs, ref_template=_REF)  # type: ignore[arg-type]
    refs = {type_: ref for (type_, _), ref in found.items()}
    schemas = {name: _clean(schema) for name, schema in whole["$defs"].items()}
    used = _used(refs.values(), schemas)
    return {name: schemas[name] for name in sorted(used)}, refs


def _used(start: Iterable[Any], schemas: dict[str, Any]) -> set[str]:
    """The names of the schemas that something refers to."""
    found: set[str] = set()
    left = set(_REFERRED.findall(json.dumps(list(start))))
    while left:
        found |= left
        left = set(_REFERRED.findall(json.dumps([schemas[name] for name in left]))) - found
    return found


def _types() -> Iterator[Any]:
    for operation in OPERATIONS:
        yield from operation.answers.values()
        if operation.body is not None:
            yield operation.body
    yield ErrorView


def _is_body(type_: Any) -> bool:
    return hasattr(type_, "model_validate")


def _clean(schema: Any) -> Any:
    """Without the titles that pydantic makes of names, with descriptions in one line."""
    if isinstance(schema, list):
        return [_clean(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "properties":
            found[key] = {name: _clean(part) for name, part in value.items()}
        elif key == "description":
            found[key] = one_line(value)
        elif key in ("default", "examples", "const", "enum"):
            found[key] = value
        else:  # kinds are told apart by a field that may be left out: then more than one may fit
            found["anyOf" if key == "oneOf" else key] = _clean(value)
    return found


def _operation(operation: Operation, refs: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": _meaning(operation),
        "tags": [operation.route.tag.value],
        "parameters": [_parameter(each) for each in operation.takes()],
        "responses": dict(sorted(_responses(operation, refs).items())),
        "security": _security(operation),
    }
    if operation.body is not None:
        content: dict[str, Any] = {"schema": refs[operation.body]}
        if operation.example is not None:
            content["example"] = operation.example
        found["requestBody"] = {
            "required": not operation.optional_body,
            "content": {"application/json": content},
        }
    if role := operation.route.access.role:
        found["x-required-role"] = role.value
    if operation.polls:
        found["x-ms-long-running-operation"] = True
    return found


def _meaning(operation: Operation) -> str:
    role = operation.route.access.role
    return f"{operation.meaning} Needs the role `{role}`." if role else operation.meaning


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    """One of these; beside a scheme stand the roles that it must bring (OpenAPI 3.1)."""
    if not operation.keyed:
        return []
    role = operation.route.access.role
    roles = [role.value] if role else []
    return [{"functionKey": roles}, {"functionKeyInQuery": roles}, {"entra": roles}]


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": dict(parameter.kind),
        "x-ms-summary": parameter.name.lstrip("$"),
        **({"x-ms-visibility": "advanced"} if parameter.advanced else {}),
    }


def _responses(operation: Operation, refs: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, shape in operation.answers.items():
        found[str(status)] = {
            "description": one_line(shape.__doc__) or operation.summary,
            "content": {"application/json": {"schema": refs[shape]}},
        }
        headers = operation.headers.get(status, ())
        if operation.method == "GET" and status == 200:
            headers = tuple(dict.fromkeys(("ETag", *headers)))
            found["304"] = {"description": _KNOWN, "headers": {"ETag": _header("ETag")}}
        if headers:
            found[str(status)]["headers"] = {name: _header(name) for name in headers}
        if links := _links(operation, shape):
            found[str(status)]["links"] = links
    error = {
        "content": {"application/json": {"schema": refs[ErrorView]}},
        "headers": {"x-ms-error-code": _header("x-ms-error-code")},
    }
    own = {403} if operation.route.access.role else set()
    own |= {413} if operation.body is not None else set()
    for status in {*operation.errors, *own, *_ALWAYS}:
        found[str(status)] = {"description": _ERRORS[status], **error}
    later = {"x-ms-error-code": _header("x-ms-error-code"), "Retry-After": _header("Retry-After")}
    for passing in {"429", "503"} & found.keys():
        found[passing] = {**found[passing], "headers": later}
    found["default"] = {"description": _DEFAULT, **error}
    if operation.keyed:
        found["401"] = {"description": _ERRORS[401]}
    return found


def _links(operation: Operation, shape: Any) -> dict[str, Any]:
    """What can be asked of what an answer brought into being."""
    begin = {DrainView: "drains", SubscriptionView: "subscriptions"}.get(shape)
    if operation.method != "POST" or operation.path != begin:
        return {}
    places = (f"{begin}/{{id}}", "operations/{id}" if begin == "drains" else "?")
    return {
        other.id: {"operationId": other.id, "parameters": {"id": "$response.body#/id"}}
        for other in OPERATIONS
        if other.path.startswith(places) and "{token}" not in other.path
    }


def _header(name: str) -> dict[str, Any]:
    meaning, schema = HEADERS[name]
    return {"description": meaning, "schema": schema}
