"""Makes request models from the core's own records. So the name of a field, its bounds and its
default are written once, in the record."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pydantic
from pydantic import BaseModel, ConfigDict, Discriminator, Tag, create_model
from pydantic.alias_generators import to_camel

from shared.core.policy.policy import Amount
from shared.core.values.durations import format_duration
from shared.wire.fields import AmountField, Duration, NotNegative, Template, Time

HIDDEN = "(hidden)"
"""Shown in place of a field that may hold a secret."""


class Body(BaseModel):
    """The base of all request models. An unknown field is a fault. The validator is built when the
    first body of its kind is read, because a cold start needs few of them."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        populate_by_name=False,
        use_attribute_docstrings=True,
        defer_build=True,
    )


def _kind_of(record: type) -> str:
    hint = get_type_hints(record).get("kind")
    return str(get_args(hint)[0]) if get_origin(hint) is Literal else ""


@cache
def body_of(record: type) -> type[Body]:
    """The request model of a record: the record's fields in camelCase, each with its checks."""
    hints = get_type_hints(record)
    made: dict[str, Any] = {}
    for field in fields(record):
        made[field.name] = (_field_type(hints[field.name], field), _default(field))
    return create_model(f"{record.__name__}Body", __base__=Body, __doc__=record.__doc__, **made)


def _field_type(hint: Any, field: "Field[Any]") -> Any:
    raw = field.metadata
    if raw.get("template"):
        hint = Template
    elif hint is timedelta:
        duration = NotNegative if "least" in raw else Duration
        return Annotated[duration, pydantic.Field(**_described(field))]
    else:
        hint = _type(hint)
    bounds: dict[str, Any] = _described(field)
    number = hint is pydantic.StrictInt
    if "least" in raw:
        bounds["ge" if number else "min_length"] = raw["least"]
    if "most" in raw:
        bounds["le" if number else "max_length"] = raw["most"]
    return Annotated[hint, pydantic.Field(**bounds)] if bounds else hint


def _described(field: "Field[Any]") -> dict[str, Any]:
    """The description, default and example of the field, for the API description."""
    extra: dict[str, Any] = {}
    default = None if field.default is MISSING else field.default
    if field.default_factory is not MISSING:
        default = field.default_factory()
    if field.name != "kind" and default not in (None, "", ()):
        extra["default"] = as_written(default)
    if "example" in field.metadata:
        extra["examples"] = [field.metadata["example"]]
    found: dict[str, Any] = {"json_schema_extra": extra} if extra else {}
    if field.name == "kind":
        found["description"] = "Which of several kinds it is."
    if "meaning" in field.metadata:
        found["description"] = field.metadata["meaning"]
    return found


_TEXT = Annotated[str, pydantic.Field(max_length=4000)]
"""A text in a list or object, where no field gives a bound."""
_MOST = 100


def _type(hint: Any) -> Any:
    if hint is timedelta:
        return Duration
    if hint is datetime:
        return Time
    if hint is bool:
        return pydantic.StrictBool
    if hint is int:
        return pydantic.StrictInt
    if hint is Amount:
        return AmountField
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return list[_TEXT if inner is str else _type(inner)]  # type: ignore[misc]
    if get_origin(hint) is Mapping:
        return Annotated[Mapping[_TEXT, _TEXT], pydantic.Field(max_length=_MOST)]
    if get_origin(hint) in (Union, types.UnionType):
        parts = get_args(hint)
        kinds = [part for part in parts if is_dataclass(part) and _kind_of(part)]  # type: ignore[arg-type]
        if len(kinds) == len(parts):
            return _one_of(tuple(kinds))
        made = [_type(part) if part is not types.NoneType else None for part in parts]
        return Union[tuple(made)]  # noqa: UP007 - made of parts
    if is_dataclass(hint) and isinstance(hint, type):
        return body_of(hint)
    return hint


def _one_of(kinds: tuple[Any, ...]) -> Any:
    """One of several records, told apart by the field ``kind``. The first is the default."""
    first = _kind_of(kinds[0])
    known = frozenset(_kind_of(kind) for kind in kinds)

    def kind(value: Any) -> str | None:
        raw = value.get("kind", first) if isinstance(value, dict) else getattr(value, "kind", None)
        return raw if isinstance(raw, str) and raw in known else None

    tagged = tuple(Annotated[body_of(k), Tag(_kind_of(k))] for k in kinds)
    words = ", ".join(sorted(known))
    return Annotated[
        Union[tagged],  # noqa: UP007 - made of parts
        Discriminator(
            kind,
            custom_error_type="unknown_kind",
            custom_error_message=f"'kind' is one of {words}",
        ),
    ]


def _default(field: "Field[Any]") -> Any:
    if field.default_factory is not MISSING:
        factory = field.default_factory
        return pydantic.Field(default_factory=lambda: _as_body(factory()))
    if field.default is MISSING:
        return ...
    if field.name == "kind":
        return field.default
    return pydantic.Field(default_factory=lambda: _as_body(field.default))


def _as_body(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_body(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type | Amount):
        model = body_of(type(value))
        return model.model_construct(
            **{f.name: _as_body(getattr(value, f.name)) for f in fields(value)}
        )
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def record[T](kind: type[T], body: Any) -> T:
    """The core's record made from a checked body."""
    asked: Any = kind
    hints = _hints(asked)
    made = {
        f.name: _as_record(hints[f.name], getattr(body, f.name))
        for f in fields(kind)  # type: ignore[arg-type]
    }
    return kind(**made)


def _as_record(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        inner = get_args(hint)[0]
        return tuple(_as_record(inner, part) for part in value)
    if isinstance(value, Body):
        for part in get_args(hint) or (hint,):
            if is_dataclass(part) and isinstance(part, type) and isinstance(value, body_of(part)):
                return record(part, value)
    return value


def as_written(value: Any) -> Any:
    """A record as it would be written in a request."""
    if isinstance(value, Amount):
        return str(value) if value.percent else value.value
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple | list):
        return [as_written(part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {to_camel(f.name): _shown(value, f) for f in fields(value)}
    return dict(value) if isinstance(value, Mapping) else value


def _shown(value: Any, field: "Field[Any]") -> Any:
    raw = getattr(value, field.name)
    return HIDDEN if field.metadata.get("secret") and raw else as_written(raw)
