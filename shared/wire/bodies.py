"""Reads a JSON body into a checked model, and names every fault at once, those between its fields among them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, create_model, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from shared.errors import Fault, RefusalKind, RequestRefusedError, invalid
from shared.wire.derived import Body

LARGEST = 1024 * 1024
"""The largest body that is read, in bytes."""


def read[B: Body](kind: type[B], body: bytes, *, optional: bool = False) -> B:
    """The body as a model of type ``kind``. An empty body is an empty object if ``optional``.
    Raises RequestRefusedError that names every fault."""
    value, faults = told_object(body, optional=optional)
    made, wrong = validated(kind, value)
    faults += wrong
    if made is None or faults:
        raise invalid(tuple(faults))
    return made


def check_size(body: bytes) -> None:
    """Raises RequestRefusedError if the body is too large to be read."""
    if len(body) > LARGEST:
        text = f"the body has {len(body)} bytes, and {LARGEST} is the limit"
        raise RequestRefusedError(RefusalKind.TOO_LARGE, "BodyTooLarge", text)


def told_object(body: bytes, *, optional: bool = False) -> tuple[dict[str, Any], list[Fault]]:
    """The body as a JSON object, and a fault for each key that it repeats, of which the last counts. Raises
    RequestRefusedError if it is not one, or is too large."""
    check_size(body)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid((Fault("MalformedBody", "", "the body is not UTF-8"),)) from None
    if not text.strip():
        if not optional:
            raise invalid((Fault("MissingBody", "", "a JSON object is expected as the body"),))
        return {}, []
    try:
        value: Any = json.loads(text, object_pairs_hook=_Told, parse_constant=_no_number)
        text.encode()
        json.dumps(value, ensure_ascii=False).encode()
        twice = [*_repeated(value, "")]
    except (ValueError, RecursionError) as error:
        raise invalid((Fault("MalformedBody", "", _no_json(error)),)) from None
    if not isinstance(value, dict):
        raise invalid((Fault("MalformedBody", "", "the body is not a JSON object"),))
    return value, [Fault("RepeatedField", k, f"{k}: is there twice") for k in twice]


class _Told(dict[str, Any]):
    """A JSON object. ``twice``: the keys that it has more than once; the last value counts."""

    __slots__ = ("twice",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]


def _repeated(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, _Told):
        yield from (f"{place}.{key}".lstrip(".") for key in value.twice)
        for key, inner in value.items():
            yield from _repeated(inner, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _repeated(inner, f"{place}[{number}]")


def _no_json(error: Exception) -> str:
    """Where the text stops being JSON. What stands there may be a secret, and is not repeated."""
    if not isinstance(error, json.JSONDecodeError):
        return "the body is not JSON"
    return f"the body is not JSON (line {error.lineno}, column {error.colno}): {error.msg}"


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def validated[B: Body](kind: type[B], value: Any) -> tuple[B | None, list[Fault]]:
    """The value as a model of type ``kind``, or None and its faults."""
    try:
        return kind.model_validate(value), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [_fault(raw, value) for raw in found if raw["type"] != _NO_NULL]


_NO_NULL = "none_required"
"""Beside the faults of an object that may also be null."""
_OBJECT = "InvalidValue", "a JSON object is expected"
_SAID = {
    "missing": ("MissingField", "is required"),
    "extra_forbidden": ("UnknownField", "no such field"),
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
}
"""The code and the text for kinds of faults that pydantic words differently."""
_EMPTY = "EmptySelection", "names no host; 'all' means every host of the pool"
_ONE_NAME = """"all", or names as a list, such as ["avd-1"]"""
_OF_HOSTS = ("hosts", "names")


def _fault(raw: Any, value: Any) -> Fault:
    parts = _parts(raw, value)
    target = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in parts).removeprefix(".")
    plain = str(raw["msg"]).removeprefix("Value error, ")
    code, text = _SAID.get(raw["type"], ("InvalidValue", plain))
    if raw["type"] == "literal_error" and parts and parts[-1] == "hosts":
        text = _ONE_NAME
    if raw["type"] in ("too_short", "too_long"):
        code, text = _length(raw, parts)
    return Fault(code, target, f"{target}: {text}" if target else text)


def _parts(raw: Any, value: Any) -> list[str | int]:
    """The place of a fault in the value: pydantic's, without its names for kinds, which are no part of it."""
    found: list[str | int] = []
    place = raw["loc"]
    for number, part in enumerate(place, 1):
        inside = isinstance(value, list) and isinstance(part, int)
        if inside or (isinstance(value, dict) and part in value):
            value = value[part]
            found.append(part)
        elif raw["type"] == "missing" and number == len(place):
            found.append(part)
    return found


def _length(raw: Any, parts: list[str | int]) -> tuple[str, str]:
    """The code and the text for a list or a text that is too short or too long."""
    of = "characters" if isinstance(raw["input"], str) else "items"
    if raw["type"] == "too_long":
        return "InvalidValue", f"at most {raw['ctx']['max_length']} {of}"
    if of == "items" and parts and parts[-1] in _OF_HOSTS:
        return _EMPTY
    return "InvalidValue", f"at least {raw['ctx']['min_length']} {of}"


class Whole(Body):
    """The base of bodies with rules between their fields."""

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        """What is wrong between the fields, both by field: ``read`` has the values, defaults among them, of those that
        are right by themselves; ``told`` has what came, right or wrong, except what is null."""
        raise NotImplementedError

    @model_validator(mode="wrap")
    @classmethod
    def _and_between(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, dict):
            return handler(value)
        try:
            made, wrong = handler(value), list[InitErrorDetails]()
        except ValidationError as error:
            made, wrong = None, [_again(raw) for raw in error.errors(include_url=False)]
        right: Body | None = made
        if right is None:
            right = _rest(cls, value, {each["loc"][0] for each in wrong if each["loc"]})
        read = {n: getattr(right, n) for n in type(right).model_fields} if right else {}
        told = {
            n: value[f.alias] for n, f in cls.model_fields.items() if value.get(f.alias) is not None
        }
        wrong += [_detail("value_error", text, (), None) for text in cls.amiss(read, told)]
        if made is None or wrong:
            raise ValidationError.from_exception_data(cls.__name__, wrong)
        return made


def _rest(kind: type[Body], told: Mapping[str, Any], wrong: set[int | str]) -> Body | None:
    """The fields of the body that are right by themselves."""
    kept: dict[str, Any] = {
        n: (f.annotation, f) for n, f in kind.model_fields.items() if f.alias not in wrong
    }
    part = create_model(kind.__name__, __base__=Body, **kept)
    known = {f.alias for _, f in kept.values()}
    try:
        return part.model_validate({k: v for k, v in told.items() if k in known})
    except ValidationError:
        return None


def _again(raw: Any) -> InitErrorDetails:
    """A fault that is told as it was."""
    known = {name: value for name, value in raw.get("ctx", {}).items() if name != "error"}
    return _detail(raw["type"], raw["msg"], raw["loc"], raw["input"], known)


def _detail(
    kind: str, text: str, place: tuple[int | str, ...], given: Any, known: Mapping[str, Any] = {}
) -> InitErrorDetails:
    error = PydanticCustomError(kind, "{text}", {**known, "text": text})
    return InitErrorDetails(type=error, loc=place, input=given)
