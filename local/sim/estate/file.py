"""Reads an estate from a TOML file, checks it, and makes a world of it."""

import tomllib
from dataclasses import fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from local.sim.estate.many import add_many, faults_of
from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Pool, Quirks
from local.sim.estate.world import World
from local.sim.services.access import WORDS
from local.sim.services.topics import installed

SAMPLE = Path(__file__).with_name("sample_estate.toml")

_TOP = {"speed", "location", "pool", "rights"}
_ELSEWHERE = {"subscriptions", "configurations", "sources"}
_RIGHTS = f"is one of {', '.join(WORDS)}, or a list of actions"
_POOL = {
    "name", "subscription", "resource_group", "type", "load_balancer", "max_session_limit",
    "names_with_pool", "case_sensitive", "rights", "vm_rights", "vm_group", "exclusion_tag", "autoscale", "host_update",
    "agent_windows", "schedules", "tags", "host", "person", "many",
}  # fmt: skip
_QUIRKS = {f.name for f in fields(Quirks)}
_HOST = {"name", "drained", "shut_down", "status", "agent_version", "os_version", "tags"} | _QUIRKS
_PERSON = {f.name for f in fields(Person)} | {"manner"}


class EstateError(Exception):
    """An estate file that cannot be read. The text names every fault."""


def read_estate(path: Path, now: datetime, speed: float | None = None) -> World:
    """The world that a file describes, beginning at ``now``. Raises EstateError."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise EstateError(f"{path}: {error}") from None
    faults = _faults(told)
    if faults:
        raise EstateError(f"{path}: " + "; ".join(faults))
    world = World(now, speed if speed is not None else float(told.get("speed", 1.0)))
    world.location = told.get("location", world.location)
    world.rights |= told.get("rights", {})
    world.topics = installed()
    for described in told["pool"]:
        _pool(world, described)
    return world


def _pool(world: World, told: dict[str, Any]) -> None:
    plain = {k: v for k, v in told.items() if k not in ("host", "person", "many")}
    pool = Pool(**plain)
    world.pools.append(pool)
    for described in told.get("host", ()):
        quirks = Quirks(**{k: v for k, v in described.items() if k in _QUIRKS})
        host = world.add_host(pool, described["name"], quirks=quirks)
        host.allow_new_session = not described.get("drained", False)
        host.status = described.get("status", "")
        host.agent_version = described.get("agent_version", host.agent_version)
        host.os_version = described.get("os_version", host.os_version)
        host.vm.tags = dict(described.get("tags", {}))
        if described.get("shut_down", False):
            host.vm.power, host.up_since = "deallocated", None
    if "many" in told:
        add_many(world, pool, told["many"])
    if pool.autoscale:
        world.after(pool.autoscale, partial(world.scale, pool))
    for described in told.get("person", ()):
        person = Person(**{**described, "manner": Manner(described.get("manner", "leaves"))})
        if person.arrives:
            world.after(person.arrives, partial(world.arrive, pool, person))
        else:
            world.arrive(pool, person)


def _faults(told: dict[str, Any]) -> list[str]:
    faults = [f"unknown '{key}'" for key in told if key not in _TOP]
    elsewhere = told.get("rights", {})
    faults += [f"rights: unknown '{key}'" for key in elsewhere if key not in _ELSEWHERE]
    faults += [f"rights.{key}: {_RIGHTS}" for key in elsewhere if not _readable(elsewhere[key])]
    if not isinstance(told.get("pool"), list) or not told["pool"]:
        return [*faults, "no [[pool]]"]
    for pool in told["pool"]:
        name = pool.get("name", "?")
        faults += [
            f"pool {name}: no '{k}'"
            for k in ("name", "subscription", "resource_group")
            if k not in pool
        ]
        faults += [f"pool {name}: unknown '{key}'" for key in pool if key not in _POOL]
        faults += [
            f"pool {name}: '{key}' {_RIGHTS}"
            for key in ("rights", "vm_rights")
            if key in pool and not _readable(pool[key])
        ]
        faults += [f"pool {name}: {fault}" for fault in faults_of(pool.get("many", {"hosts": 0}))]
        for host in pool.get("host", ()):
            where = f"pool {name}, host {host.get('name', '?')}"
            faults += [f"{where}: unknown '{key}'" for key in host if key not in _HOST]
            faults += [] if "name" in host else [f"{where}: no 'name'"]
        for person in pool.get("person", ()):
            where = f"pool {name}, person {person.get('upn', '?')}"
            faults += [f"{where}: unknown '{key}'" for key in person if key not in _PERSON]
            faults += [] if "upn" in person else [f"{where}: no 'upn'"]
            if person.get("manner", "leaves") not in set(Manner):
                faults.append(f"{where}: 'manner' is one of {', '.join(Manner)}")
    return faults


def _readable(rights: Any) -> bool:
    if isinstance(rights, list):
        return all(isinstance(action, str) for action in rights)
    return rights in WORDS
