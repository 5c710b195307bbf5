"""Kinds of values in requests that JSON has no type for, each with its check and its JSON
schema."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from shared.core.policy.policy import Amount
from shared.core.policy.policychecks import FIELDS, unknown_fields
from shared.core.values.durations import parse_duration


def _positive(value: object) -> timedelta:
    duration = parse_duration(value)
    if duration <= timedelta(0):
        raise ValueError("a duration longer than nothing")
    return duration


def _amount(value: object) -> Amount:
    """``3``, ``"3"`` or ``"25%"``. Where a percentage may stand, a number may be text, too."""
    if isinstance(value, str) and re.fullmatch("[1-9][0-9]{0,5}", value):
        value = int(value)
    if isinstance(value, Amount):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < 10**6:
        return Amount(value)
    if isinstance(value, str) and value.endswith("%") and value[:-1].isascii():
        number = value[:-1]
        if number.isdigit() and 1 <= int(number) <= 100:
            return Amount(int(number), percent=True)
    raise ValueError(
        'a number of hosts from 1 to 999999, or a percentage such as "25%" from 1% to 100%'
    )


def _text(value: object) -> object:
    if isinstance(value, str):
        try:
            unknown = unknown_fields(value)
        except ValueError as error:
            raise ValueError(f"not a text with fields: {error}") from None
        if unknown:
            named = ", ".join("{" + name + "}" for name in unknown)
            known = ", ".join("{" + name + "}" for name in sorted(FIELDS))
            raise ValueError(f"unknown {named}; known are {known}")
    return value


def moment(value: object) -> datetime | timedelta:
    """A time, or how long ago. Raises ValueError."""
    if isinstance(value, datetime | timedelta):
        return value
    if isinstance(value, str) and value.startswith("P"):
        return _positive(value)
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not 1970 < at.year < 3000:
        raise ValueError("a time such as 2026-11-01T00:00:00Z, or how long ago, such as P7D")
    return at.astimezone(UTC)


def instant(value: object) -> datetime:
    """A time. Raises ValueError."""
    try:
        at = moment(value)
    except ValueError:
        at = None
    if not isinstance(at, datetime):
        raise ValueError("a time such as 2026-11-01T00:00:00Z")
    return at


_DURATION = {"type": "string", "format": "duration"}
_AMOUNT = {
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": 999_999},
        {"type": "string", "pattern": "^(([1-9][0-9]?|100)%|[1-9][0-9]{0,5})$"},
    ]
}
_MOMENT = {"anyOf": [{"type": "string", "format": "date-time"}, _DURATION]}

Duration = Annotated[timedelta, BeforeValidator(_positive), WithJsonSchema(_DURATION)]
NotNegative = Annotated[timedelta, BeforeValidator(parse_duration), WithJsonSchema(_DURATION)]
AmountField = Annotated[Amount, BeforeValidator(_amount), WithJsonSchema(_AMOUNT)]
Template = Annotated[str, BeforeValidator(_text)]
Time = Annotated[
    datetime, BeforeValidator(instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
Moment = Annotated[datetime | timedelta, BeforeValidator(moment), WithJsonSchema(_MOMENT)]
