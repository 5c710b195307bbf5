"""Request bodies: the shapes, the checks that need no look at the estate, every fault at once."""

import json
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from shared.core.durations import format_duration, parse_duration
from shared.core.hostpool import HostPoolId
from shared.core.messages import unknown_fields
from shared.core.policy import (
    Amount,
    AtDeadline,
    Maintenance,
    MaintenanceKind,
    Message,
    Policy,
)
from shared.errors import Fault, invalid

LARGEST = 1024 * 1024
"""Bytes of a body that are read."""

_DEFAULTS = Policy()


def _positive(value: object) -> timedelta:
    duration = parse_duration(value)
    if duration <= timedelta(0):
        raise ValueError("a duration longer than nothing")
    return duration


def _amount(value: object) -> Amount:
    """``3`` or ``"25%"``."""
    if isinstance(value, Amount):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return Amount(value)
    if isinstance(value, str) and value.endswith("%") and value[:-1].isascii():
        number = value[:-1]
        if number.isdigit() and 1 <= int(number) <= 100:
            return Amount(int(number), percent=True)
    raise ValueError('a number of hosts from 1, or a percentage such as "25%" from 1% to 100%')


def _text(value: object) -> object:
    if isinstance(value, str):
        try:
            unknown = unknown_fields(value)
        except ValueError as error:
            raise ValueError(f"not a text with fields: {error}") from None
        if unknown:
            named = ", ".join("{" + name + "}" for name in unknown)
            raise ValueError(
                f"unknown {named}; known are {{host}}, {{pool}}, {{deadline}}, {{minutes}}, "
                "{reason}"
            )
    return value


Duration = Annotated[timedelta, BeforeValidator(_positive)]
NotNegative = Annotated[timedelta, BeforeValidator(parse_duration)]
AmountField = Annotated[Amount, BeforeValidator(_amount)]
HostName = Annotated[str, Field(min_length=1, max_length=500)]


class Body(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )


class PoolParts(Body):
    subscription_id: str = Field(pattern=r"^[0-9a-fA-F-]{36}$")
    resource_group: str = Field(pattern=r"^[^/]{1,90}$")
    name: str = Field(pattern=r"^[^/]{3,64}$")


class MessageBody(Body):
    title: Annotated[str, BeforeValidator(_text)] = Field(
        default=_DEFAULTS.message.title, min_length=1, max_length=256
    )
    text: Annotated[str, BeforeValidator(_text)] = Field(
        default=_DEFAULTS.message.text, min_length=1, max_length=4096
    )


class MaintenanceBody(Body):
    kind: MaintenanceKind = _DEFAULTS.maintenance.kind
    hold_for: Duration = _DEFAULTS.maintenance.hold_for

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind is not MaintenanceKind.HOLD and "hold_for" in self.model_fields_set:
            raise ValueError(f"'holdFor' means nothing with kind '{self.kind}'")
        return self


class PolicyBody(Body):
    max_unavailable: AmountField = _DEFAULTS.max_unavailable
    deadline: Duration = _DEFAULTS.deadline
    at_deadline: AtDeadline = _DEFAULTS.at_deadline
    warn_at_least: NotNegative = _DEFAULTS.warn_at_least
    force_sign_out: bool = _DEFAULTS.force_sign_out
    message: MessageBody = Field(default_factory=MessageBody)
    maintenance: MaintenanceBody = Field(default_factory=MaintenanceBody)
    healthy_within: Duration = _DEFAULTS.healthy_within

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.at_deadline is AtDeadline.SIGN_OUT and self.warn_at_least > self.deadline:
            raise ValueError(
                f"'warnAtLeast' ({format_duration(self.warn_at_least)}) is longer than "
                f"'deadline' ({format_duration(self.deadline)}): nobody could be signed out then"
            )
        return self

    def policy(self) -> Policy:
        return Policy(
            max_unavailable=self.max_unavailable,
            deadline=self.deadline,
            at_deadline=self.at_deadline,
            warn_at_least=self.warn_at_least,
            force_sign_out=self.force_sign_out,
            message=Message(self.message.title, self.message.text),
            maintenance=Maintenance(self.maintenance.kind, self.maintenance.hold_for),
            healthy_within=self.healthy_within,
        )


def _hosts_tag(value: object) -> str:
    return "all" if isinstance(value, str) else "list"


Hosts = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[list[HostName], Field(min_length=1, max_length=5000), Tag("list")],
    Discriminator(_hosts_tag),
]


class StartBody(Body):
    host_pool: Annotated[
        Annotated[str, Tag("id")] | Annotated[PoolParts, Tag("parts")],
        Discriminator(lambda value: "id" if isinstance(value, str) else "parts"),
    ]
    hosts: Hosts
    reason: str = Field(min_length=1, max_length=500)
    allow_personal: bool = False
    policy: PolicyBody = Field(default_factory=PolicyBody)

    @field_validator("host_pool", mode="after")
    @classmethod
    def _is_a_pool(cls, value: str | PoolParts) -> str | PoolParts:
        if isinstance(value, str):
            HostPoolId.parse(value)
        return value

    def pool(self) -> HostPoolId:
        if isinstance(self.host_pool, str):
            return HostPoolId.parse(self.host_pool)
        parts = self.host_pool
        return HostPoolId(parts.subscription_id.lower(), parts.resource_group, parts.name)


class CancelBody(Body):
    reason: str = Field(default="", max_length=500)


class ReleaseBody(Body):
    hosts: Hosts = "all"
    reason: str = Field(default="", max_length=500)


_TAGS = frozenset({"id", "parts", "all", "list"})


def read[B: Body](kind: type[B], body: bytes, *, optional: bool = False) -> B:
    """The body as ``kind``. Raises RequestRefusedError that names every fault; an empty body is
    an empty object where the body is optional."""
    if len(body) > LARGEST:
        raise invalid((Fault("BodyTooLarge", "", f"a body of at most {LARGEST} bytes"),))
    if not body.strip():
        if not optional:
            raise invalid((Fault("MissingBody", "", "a JSON object is expected as the body"),))
        body = b"{}"
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise invalid((Fault("MalformedBody", "", "the body is not JSON"),)) from None
    if not isinstance(value, dict):
        raise invalid((Fault("MalformedBody", "", "the body is not a JSON object"),))
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise invalid(tuple(_fault(told) for told in error.errors(include_url=False))) from None


_SAID = {
    "missing": ("MissingField", "is required"),
    "extra_forbidden": ("UnknownField", "no such field"),
    "too_short": ("EmptySelection", "names no host; 'all' means every host of the pool"),
}
"""What is said in our own words: a kind of fault, its code and its text."""


def _fault(told: Any) -> Fault:
    place = [str(p) for p in told["loc"]]
    parts = [p for n, p in enumerate(place) if not (n > 0 and p in _TAGS)]
    target = "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in parts).lstrip(".")
    plain = str(told["msg"]).removeprefix("Value error, ")
    code, text = _SAID.get(told["type"], ("InvalidValue", plain))
    return Fault(code, target, f"{target}: {text}" if target else text)
