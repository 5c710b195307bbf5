"""Reads an estate from a TOML file, checks it, and makes a world of it."""

import tomllib
from dataclasses import field, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Pool, Quirks, Rights
from local.sim.estate.world import World
from local.sim.services.topics import installed

SAMPLE = Path(__file__).with_name("sample_estate.toml")
_CLOSED = ConfigDict(extra="forbid")
Whole = Annotated[int, Field(ge=0, strict=True)]


class EstateError(Exception):
    """An estate file that cannot be read. The text names every fault."""


@dataclass(config=_CLOSED, kw_only=True)
class HostLine(Quirks):
    """``[[pool.host]]``: a host, with what makes it awkward."""

    name: str
    drained: bool = False
    shut_down: bool = False
    status: str = ""
    agent_version: str = ""
    os_version: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(config=_CLOSED)
class Many:
    """``[pool.many]``: many similar hosts with their people. ``name`` is the pattern of the short names, with ``{n}`` for
    the host's number; ``manner`` and ``after`` are those of each person."""

    hosts: Whole
    sessions: Whole = 0
    name: Annotated[str, Field(pattern=r"\{n\}")] | None = None
    manner: Manner = Manner.STUBBORN
    after: float = 60.0
    restart_takes: float = 60.0
    boot_takes: float = 90.0


@dataclass(config=_CLOSED)
class PoolLines(Pool):
    """``[[pool]]``."""

    host: list[HostLine] = field(default_factory=list)
    person: list[Person] = field(default_factory=list)
    many: Many | None = None


@dataclass(config=_CLOSED)
class RightsElsewhere:
    """``[rights]``."""

    subscriptions: Rights = "all"
    configurations: Rights = "all"
    sources: Rights = "all"


@dataclass(config=_CLOSED)
class Estate:
    """The whole file."""

    pool: Annotated[list[PoolLines], Field(min_length=1)]
    speed: float = 1.0
    location: str = "westeurope"
    rights: RightsElsewhere = field(default_factory=RightsElsewhere)


def read_estate(path: Path, now: datetime, speed: float | None = None) -> World:
    """The world that a file describes, beginning at ``now``. Raises EstateError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        told = TypeAdapter(Estate).validate_python(raw)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise EstateError(f"{path}: {error}") from None
    except ValidationError as error:
        raise EstateError(f"{path}: {'; '.join(map(_fault, error.errors()))}") from None
    world = World(now, speed if speed is not None else told.speed)
    world.location = told.location
    world.rights |= vars(told.rights)
    world.topics = installed()
    for pool in told.pool:
        _add(world, pool)
    return world


def _fault(raw: Any) -> str:
    return f"{'.'.join(map(str, raw['loc']))}: {raw['msg']}"


def _add(world: World, pool: PoolLines) -> None:
    world.pools.append(pool)
    for line in pool.host:
        quirks = Quirks(**{each.name: getattr(line, each.name) for each in fields(Quirks)})
        host = world.add_host(pool, line.name, quirks=quirks)
        host.allow_new_session = not line.drained
        host.status = line.status
        host.agent_version = line.agent_version or host.agent_version
        host.os_version = line.os_version or host.os_version
        host.vm.tags = line.tags
        if line.shut_down:
            host.vm.power, host.up_since = "deallocated", None
    if pool.many is not None:
        _add_many(world, pool, pool.many)
    if pool.autoscale:
        world.after(pool.autoscale, partial(world.scale, pool))
    for person in pool.person:
        if person.arrives:
            world.after(person.arrives, partial(world.arrive, pool, person))
        else:
            world.arrive(pool, person)


def _add_many(world: World, pool: Pool, many: Many) -> None:
    for n in range(many.hosts):
        short = (many.name or f"{pool.name}-{{n}}").format(n=n)
        quirks = Quirks(many.restart_takes, many.boot_takes)
        host = world.add_host(pool, f"{short}.contoso.example", quirks=quirks)
        for p in range(many.sessions):
            person = Person(f"{short}-{p}@contoso.example", many.manner, after=many.after)
            world.sign_in(pool, host, person)
