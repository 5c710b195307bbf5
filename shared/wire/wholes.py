"""Bodies with rules between their fields. Such a rule is checked whatever else is wrong: each fault is told at once."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, create_model, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from shared.wire.derived import Body


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
