"""The shapes of lists."""

from typing import Annotated, Any, NotRequired, TypedDict

from pydantic import Field

from shared.wire.views.words import CLOSED

_VALUE = Field(description="The items of this page.")
_NEXT = Field(description="Where the next page is; left out on the last.")


def list_of(name: str, item: Any, meaning: str) -> Any:
    """The shape of a list that comes whole. ``name`` and ``meaning`` are for the description of the API."""
    return _made(name, meaning, {"value": Annotated[list[item], _VALUE]})


def page_of(name: str, item: Any, meaning: str) -> Any:
    """The shape of a list that comes in pages."""
    following = NotRequired[Annotated[str, _NEXT]]
    return _made(name, meaning, {"value": Annotated[list[item], _VALUE], "nextLink": following})


def _made(name: str, meaning: str, fields: dict[str, Any]) -> Any:
    shape: Any = TypedDict
    made = shape(name, fields)
    made.__doc__, made.__pydantic_config__ = meaning, CLOSED
    return made
