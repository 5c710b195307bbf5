"""Checks responses of the running app against both versions of its own API description."""

import re
from typing import Any

from jsonschema import Draft202012Validator

_UNDESCRIBED = ("openapi.json", "swagger.json", "docs")


class Described:
    """``openapi`` and ``swagger`` are the documents as the app serves them."""

    def __init__(self, openapi: dict[str, Any], swagger: dict[str, Any]) -> None:
        self._openapi = openapi
        self._swagger = _nullable(swagger)

    def check(
        self, method: str, path: str, status: int, headers: dict[str, str], body: object
    ) -> None:
        """Raises AssertionError for a response that the description does not allow. ``path`` is
        below ``/api/``; ``headers`` has lower-case names."""
        path = "/" + path.split("?", 1)[0].rstrip("/")
        if path.lstrip("/") in _UNDESCRIBED:
            return
        operation, older = _find(self._openapi, method, path), _find(self._swagger, method, path)
        assert operation is not None, f"{method} {path} is not described"
        assert older is not None
        answer = operation["responses"].get(str(status))
        assert answer is not None, f"{method} {path} answers {status}, which is not described"
        for name in answer.get("headers", {}):
            needed = name.lower() in headers or name in ("Retry-After", "ETag")
            assert needed, f"{method} {path} {status} lacks {name}"
        if "content" not in answer:
            return
        [content] = answer["content"].values()
        _validate(content["schema"], self._openapi, body)
        _validate(older["responses"][str(status)]["schema"], self._swagger, body)


def _find(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """The operation with the fewest parameters in its path: ``subscriptions/end`` is not an id."""
    fits = [
        (template.count("{"), methods[method.lower()])
        for template, methods in document["paths"].items()
        if method.lower() in methods and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    return min(fits, key=lambda fit: fit[0])[1] if fits else None


def _validate(schema: dict[str, Any], document: dict[str, Any], body: object) -> None:
    parts: dict[str, Any] = {k: document[k] for k in ("components", "definitions") if k in document}
    whole = {**schema, **parts}
    errors = list(Draft202012Validator(whole).iter_errors(body))
    assert not errors, "; ".join(f"{list(e.path)}: {e.message}" for e in errors[:5])


def _nullable(schema: Any) -> Any:
    """The schema as JSON Schema: OpenAPI 2.0 says ``x-nullable`` where JSON Schema says null."""
    if isinstance(schema, list):
        return [_nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _nullable(part) for key, part in schema.items()}
    if found.pop("x-nullable", False):
        return {"anyOf": [found, {"type": "null"}]}
    return found
