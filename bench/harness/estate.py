"""Estates by the thousand hosts, as files for the simulated control plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = "rg-bench"


@dataclass(frozen=True, slots=True)
class PoolOf:
    """A pool of ``hosts``, each with ``sessions`` of people who do nothing, unless ``manner`` says
    otherwise; and ``free`` more hosts with nobody on them, named ``{pool}-free-N``."""

    name: str
    hosts: int
    sessions: int = 0
    free: int = 0
    subscription: str = SUBSCRIPTION
    tag: str = ""
    manner: str = "stubborn"
    after: float = 60.0

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{GROUP}"
            f"/providers/Microsoft.DesktopVirtualization/hostPools/{self.name}"
        )

    def host(self, n: int) -> str:
        return f"{self.name}-{n}"


def subscription(n: int) -> str:
    """The id of the nth of several subscriptions."""
    return f"{n:08d}-2222-3333-4444-555555555555"


def write(path: Path, pools: Sequence[PoolOf], speed: float = 1.0) -> Path:
    path.write_text(f"speed = {speed}\n" + "\n".join(map(_text, pools)), encoding="utf-8")
    return path


def _text(pool: PoolOf) -> str:
    lines = [
        "[[pool]]",
        f'name = "{pool.name}"',
        f'subscription = "{pool.subscription}"',
        f'resource_group = "{GROUP}"',
        f'exclusion_tag = "{pool.tag}"',
        "[pool.many]",
        f"hosts = {pool.hosts}",
        f"sessions = {pool.sessions}",
        f'manner = "{pool.manner}"',
        f"after = {pool.after}",
    ]
    for n in range(pool.free):
        lines += ["[[pool.host]]", f'name = "{pool.name}-free-{n}.contoso.example"']
    return "\n".join(lines)
