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
            path: {method: _operation(node, schemas) for method, node in methods.items()}
            for path, methods in document["paths"].items()
        },
        "definitions": {name: _schema(node, schemas) for name, node in schemas.items()},
        "securityDefinitions": {
            name: _scheme(node) for name, node in document["components"]["securitySchemes"].items()
        },
    }


def _scheme(node: dict[str, Any]) -> dict[str, Any]:
    """2.0 knows no bearer, and roles beside OAuth's scopes neither."""
    if node["type"] != "http":
        return node
    return {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": f"`Bearer`, and the token. {node['description']}",
    }


def _operation(node: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found = {k: v for k, v in node.items() if k not in ("parameters", "requestBody", "responses")}
    found["security"] = [{scheme: [] for scheme in each} for each in node["security"]]
    found["parameters"] = [_parameter(p) for p in node["parameters"]]
    if (body := node.get("requestBody")) is not None:
        [content] = body["content"].values()
        schema = _schema(content["schema"], schemas)
        found["parameters"].append(
            {"name": "body", "in": "body", "required": body["required"], "schema": schema}
        )
    found["responses"] = {
        status: _response(answer, schemas) for status, answer in node["responses"].items()
    }
    return found


def _parameter(node: dict[str, Any]) -> dict[str, Any]:
    plain = {k: v for k, v in node.items() if k != "schema"}
    return {**plain, **{k: v for k, v in node["schema"].items() if k in _KEPT}}


def _response(node: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"description": node["description"]}
    for content in node.get("content", {}).values():
        found["schema"] = _schema(content["schema"], schemas)
    if headers := node.get("headers"):
        found["headers"] = {
            name: {"description": header["description"], "type": header["schema"]["type"]}
            for name, header in headers.items()
        }
    return found


def _schema(node: Any, schemas: dict[str, Any]) -> Any:
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"].replace("#/components/schemas/", "#/definitions/")}
    options = node.get("anyOf") or node.get("oneOf")
    if options is not None:
        return _one_of(node, options, schemas)
    found = {k: v for k, v in node.items() if k in _KEPT}
    if "const" in node:
        found["enum"] = [node["const"]]
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


def _property(name: str, node: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """With a name for people, as designers show it."""
    found = _schema(node, schemas)
    return found if "$ref" in found else {**found, "x-ms-summary": _words(name)}


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _one_of(node: dict[str, Any], options: list[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {k: node[k] for k in ("description", "default") if k in node}
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
        for name, node in part["properties"].items():
            kinds += [node["const"]] if name == "kind" else []
            properties.setdefault(name, _property(name, node, schemas))
    if kinds:
        properties["kind"] = {"type": "string", "enum": kinds, "x-ms-summary": "kind"}
    return {"type": "object", "properties": properties}
