"""How a host may be named, and which host is meant.

The portal shows ``pool/host.domain``, the service lists both that and the bare FQDN, people
type the short name, alerts carry the VM's resource id; all in any letter case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from shared.core.values.hostpool import HostPoolId


class Named(Protocol):
    """Whatever has a host's names: as listed, or as remembered."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def vm_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class NameFault:
    """A name that does not mean exactly one host, with the hosts it might mean."""

    code: str
    text: str
    candidates: tuple[str, ...]


def host_key(name: str) -> str:
    """A host's identity within its pool: the last segment of its name, in lower case."""
    return name.strip().rstrip("/").rsplit("/", 1)[-1].lower()


def resolve[N: Named](
    references: Iterable[str], hosts: Iterable[N], pool: HostPoolId
) -> tuple[tuple[N, ...], tuple[NameFault, ...]]:
    """The hosts that are meant, each once and in the order named, and every name at fault."""
    known = tuple(hosts)
    found: dict[str, N] = {}
    faults: list[NameFault] = []
    for reference in references:
        matches = _matches(reference, known, pool)
        if len(matches) == 1:
            found.setdefault(matches[0].key, matches[0])
        elif matches:
            names = tuple(sorted(h.name for h in matches))
            faults.append(
                NameFault("AmbiguousHost", f"'{reference}' names {len(names)} hosts", names)
            )
        else:
            faults.append(
                NameFault(
                    "UnknownHost",
                    f"no host '{reference}' in host pool '{pool.name}'",
                    _similar(reference, known),
                )
            )
    return tuple(found.values()), tuple(faults)


def _matches[N: Named](reference: str, hosts: tuple[N, ...], pool: HostPoolId) -> list[N]:
    wanted = reference.strip().lower()
    if wanted.startswith("/subscriptions/"):
        if "/sessionhosts/" in wanted:
            ours = f"{pool.resource_id}/sessionhosts/".lower()
            return [h for h in hosts if wanted.rstrip("/") == ours + h.key]
        return [h for h in hosts if h.vm_id is not None and h.vm_id.lower() == wanted.rstrip("/")]
    if "/" in wanted:
        named, _, wanted = wanted.partition("/")
        if named != pool.name.lower() or "/" in wanted:
            return []
    exact = [h for h in hosts if h.key == wanted]
    return exact or [h for h in hosts if h.key.split(".", 1)[0] == wanted]


def _similar(reference: str, hosts: tuple[Named, ...], most: int = 5) -> tuple[str, ...]:
    """Hosts whose short name begins like, or holds, what was typed; else the first few."""
    typed = host_key(reference).split(".", 1)[0]
    near = [h.name for h in hosts if typed[:4] and typed[:4] in h.key]
    return tuple(sorted(near or [h.name for h in hosts])[:most])
