"""Which hosts a request is about: named, all, or a selection."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, StrictInt, Tag, model_validator

from shared.wire.derived import Body
from shared.wire.fields import Moment

HostName = Annotated[str, Field(min_length=1, max_length=500)]


class TagBody(Body):
    name: str = Field(min_length=1, max_length=512)
    equals: str | None = Field(default=None, max_length=256)


class ExcludeBody(Body):
    names: list[HostName] = Field(default_factory=list, max_length=5000)
    tags: list[TagBody] = Field(default_factory=list, max_length=20)


Version = Annotated[str, Field(pattern=r"^[0-9]{1,9}([.][0-9]{1,9}){0,4}$")]


class SelectionBody(Body):
    names: list[HostName] | None = Field(default=None, min_length=1, max_length=5000)
    tags: list[TagBody] = Field(default_factory=list, max_length=20)
    statuses: list[HostName] = Field(default_factory=list, max_length=20)
    agent_version_below: Version | None = None
    os_version_below: Version | None = None
    not_maintained_since: Moment | None = None
    at_most: StrictInt | None = Field(default=None, ge=1, le=5000)
    exclude: ExcludeBody = Field(default_factory=ExcludeBody)

    @model_validator(mode="after")
    def _selects(self) -> Self:
        if not self.model_fields_set:
            raise ValueError('a selection that selects nothing; "all" means every host')
        return self


def _hosts_tag(value: object) -> str:
    if isinstance(value, str):
        return "all"
    return "selection" if isinstance(value, dict | SelectionBody) else "list"


Named = Annotated[list[HostName], Field(min_length=1, max_length=5000)]
Hosts = Annotated[
    Annotated[Literal["all"], Tag("all")] | Annotated[Named, Tag("list")],
    Discriminator(_hosts_tag),
]
Chosen = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[Named, Tag("list")]
    | Annotated[SelectionBody, Tag("selection")],
    Discriminator(_hosts_tag),
]
