"""Which session host a name means.

The portal shows ``pool/host.domain``, the service lists both that and the bare FQDN, people type
the short name, and alerts carry the VM's resource id. Letter case never matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from shared.core.values.hostpool import HostPoolId


class Named(Protocol):
    """A host's names, as listed by the service or as remembered by a drain."""

    @property
    def key(self) -> str:
        """See ``host_key``."""
        ...

    @property
    def name(self) -> str: ...
    @property
    def vm_id(self) -> str | None:
        """The resource id of the host's VM; None if it is not known."""
        ...


@dataclass(frozen=True, slots=True)
class NameFault:
    """A name that does not mean exactly one host. ``candidates``: the names of hosts that it might
    mean."""

    code: str
    text: str
    candidates: tuple[str, ...]


def host_key(name: str) -> str:
    """A host's identity within its pool: the last segment of its name, in lower case."""
    return name.strip().rstrip("/").rsplit("/", 1)[-1].lower()


def resolve[N: Named](
    references: Iterable[str], hosts: Iterable[N], pool: HostPoolId
) -> tuple[tuple[N, ...], tuple[NameFault, ...]]:
    """The hosts that ``references`` mean, each once and in that order, and a fault for each
    reference that does not mean exactly one of ``hosts``."""
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


def _similar(reference: str, hosts: tuple[Named, ...]) -> tuple[str, ...]:
    """At most five hosts whose key contains the first four letters of the reference; the first
    hosts if there are none."""
    typed = host_key(reference).split(".", 1)[0]
    near = [h.name for h in hosts if typed[:4] and typed[:4] in h.key]
    return tuple(sorted(near or [h.name for h in hosts])[:5])
