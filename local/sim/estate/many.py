"""Many similar hosts with their people: ``[pool.many]`` in an estate file."""

from typing import Any

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Pool, Quirks
from local.sim.estate.world import World

FIELDS = {"hosts", "sessions", "name", "manner", "after", "restart_takes", "boot_takes"}


def add_many(world: World, pool: Pool, told: dict[str, Any]) -> None:
    """Add ``hosts`` hosts, each with ``sessions`` sessions. ``name`` is the pattern of the short
    names, with ``{n}`` for the host's number; ``manner`` and ``after`` are those of each person."""
    pattern = told.get("name", f"{pool.name}-{{n}}")
    manner, after = Manner(told.get("manner", "stubborn")), float(told.get("after", 60.0))
    restart, boot = float(told.get("restart_takes", 60.0)), float(told.get("boot_takes", 90.0))
    for n in range(told["hosts"]):
        short = pattern.format(n=n)
        host = world.add_host(pool, f"{short}.contoso.example", quirks=Quirks(restart, boot))
        for p in range(told.get("sessions", 0)):
            world.sign_in(pool, host, Person(f"{short}-{p}@contoso.example", manner, after=after))


def faults_of(told: Any) -> list[str]:
    """What is wrong with the table, as texts."""
    if not isinstance(told, dict):
        return ["'many' is a table"]
    faults = [f"many: unknown '{key}'" for key in told if key not in FIELDS]
    for key in ("hosts", "sessions"):
        value = told.get(key, 0 if key == "sessions" else None)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            faults.append(f"many: '{key}' is a whole number")
    if "{n}" not in str(told.get("name", "{n}")):
        faults.append("many: 'name' holds {n}, the host's number")
    if told.get("manner", "stubborn") not in set(Manner):
        faults.append(f"many: 'manner' is one of {', '.join(Manner)}")
    return faults
