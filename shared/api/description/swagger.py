"""The description of the API as OpenAPI 2.0, made from the one of 3.1: "HTTP + Swagger" actions and
custom connectors of Logic Apps and Power Platform read nothing newer.

2.0 has no ``oneOf``, no null, no ``const`` and one body a request. What may be of several kinds is
described as an object with the fields of all of them, or as anything, with its meaning in words.
"""

import re
from typing import Any
from urllib.parse import urlsplit

_KEPT = {
    "type", "format", "description", "enum", "items", "properties", "required", "minimum",
    "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern",
    "additionalProperties", "default",
}  # fmt: skip
_FORMATS = {"date-time", "uri", "int32", "int64"}
"""``duration`` is unknown to 2.0."""


def swagger(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` is of OpenAPI 3.1, as ``openapi.document`` makes it."""
    server = urlsplit(document["servers"][0]["url"])
    schemas = document["components"]["schemas"]
    info = {k: v for k, v in document["info"].items() if k != "summary"}
    return {
        "swagger": "2.0",
        "info": info,
        "host": server.netloc,
        "basePath": server.path,
        "schemes": [server.scheme],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "tags": document["tags"],
        "paths": {
            path: {method: _operation(told, schemas) for method, told in methods.items()}
            for path, methods in document["paths"].items()
        },
        "definitions": {name: _schema(told, schemas) for name, told in schemas.items()},
        "securityDefinitions": {
            name: _scheme(told) for name, told in document["components"]["securitySchemes"].items()
        },
    }


def _scheme(told: dict[str, Any]) -> dict[str, Any]:
    """2.0 knows no bearer, and roles beside OAuth's scopes neither."""
    if told["type"] != "http":
        return told
    return {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": f"`Bearer`, and the token. {told['description']}",
    }


def _operation(told: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found = {k: v for k, v in told.items() if k not in ("parameters", "requestBody", "responses")}
    found["security"] = [{scheme: [] for scheme in each} for each in told["security"]]
    found["parameters"] = [_parameter(p) for p in told["parameters"]]
    if (body := told.get("requestBody")) is not None:
        [content] = body["content"].values()
        schema = _schema(content["schema"], schemas)
        found["parameters"].append(
            {"name": "body", "in": "body", "required": body["required"], "schema": schema}
        )
    found["responses"] = {
        status: _response(answer, schemas) for status, answer in told["responses"].items()
    }
    return found


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    plain = {k: v for k, v in told.items() if k != "schema"}
    return {**plain, **{k: v for k, v in told["schema"].items() if k in _KEPT}}


def _response(told: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"description": told["description"]}
    for content in told.get("content", {}).values():
        found["schema"] = _schema(content["schema"], schemas)
    if headers := told.get("headers"):
        found["headers"] = {
            name: {"description": header["description"], "type": header["schema"]["type"]}
            for name, header in headers.items()
        }
    return found


def _schema(told: Any, schemas: dict[str, Any]) -> Any:
    if not isinstance(told, dict):
        return told
    if "$ref" in told:
        return {"$ref": told["$ref"].replace("#/components/schemas/", "#/definitions/")}
    options = told.get("anyOf") or told.get("oneOf")
    if options is not None:
        return _one_of(told, options, schemas)
    found = {k: v for k, v in told.items() if k in _KEPT}
    if "const" in told:
        found["enum"] = [told["const"]]
    if found.get("format") not in _FORMATS:
        found.pop("format", None)
    if "properties" in found:
        found["properties"] = {
            name: _property(name, part, schemas) for name, part in found["properties"].items()
        }
    for name in ("items", "additionalProperties"):
        if isinstance(found.get(name), dict):
            found[name] = _schema(found[name], schemas)
    return found


def _property(name: str, told: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """With a name for people, as designers show it."""
    found = _schema(told, schemas)
    return found if "$ref" in found else {**found, "x-ms-summary": _words(name)}


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _one_of(told: dict[str, Any], options: list[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {k: told[k] for k in ("description", "default") if k in told}
    real = [option for option in options if option.get("type") != "null"]
    if len(real) == 1:
        found = _schema(real[0], schemas)
        found = {"allOf": [found]} if "$ref" in found else found
        return {**found, **described, "x-nullable": True}
    refs = [option["$ref"].rsplit("/", 1)[-1] for option in real if "$ref" in option]
    if len(refs) == len(real):
        return {**described, **_merged([schemas[ref] for ref in refs], schemas)}
    kinds = {str(option.get("type", "object")) for option in real}
    if kinds <= {"integer", "string"}:
        return {**described, "type": "string"}
    return described


def _merged(parts: list[dict[str, Any]], schemas: dict[str, Any]) -> dict[str, Any]:
    """One object with the fields of all; the words of ``kind`` are those of each."""
    properties: dict[str, Any] = {}
    kinds = []
    for part in parts:
        for name, told in part["properties"].items():
            kinds += [told["const"]] if name == "kind" else []
            properties.setdefault(name, _property(name, told, schemas))
    if kinds:
        properties["kind"] = {"type": "string", "enum": kinds, "x-ms-summary": "kind"}
    return {"type": "object", "properties": properties}
