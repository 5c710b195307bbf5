"""How a host may be named, and which host is meant.

The portal shows ``pool/host.domain``, the service lists both that and the bare FQDN, people
type the short name, alerts carry the VM's resource id; all in any letter case.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.core.seen import HostSeen


@dataclass(frozen=True, slots=True)
class NameFault:
    """A name that does not mean exactly one host, with the hosts it might mean."""

    code: str
    text: str
    candidates: tuple[str, ...]


def host_key(name: str) -> str:
    """A host's identity within its pool: the last segment of its name, in lower case."""
    return name.strip().rstrip("/").rsplit("/", 1)[-1].lower()


def resolve(
    references: Iterable[str], hosts: Iterable[HostSeen], pool_name: str
) -> tuple[tuple[HostSeen, ...], tuple[NameFault, ...]]:
    """The hosts that are meant, each once and in the order named, and every name at fault."""
    known = tuple(hosts)
    found: dict[str, HostSeen] = {}
    faults: list[NameFault] = []
    for reference in references:
        matches = _matches(reference, known, pool_name)
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
                    f"no host '{reference}' in host pool '{pool_name}'",
                    _similar(reference, known),
                )
            )
    return tuple(found.values()), tuple(faults)


def _matches(reference: str, hosts: tuple[HostSeen, ...], pool_name: str) -> list[HostSeen]:
    wanted = reference.strip().lower()
    if wanted.startswith("/subscriptions/"):
        if "/sessionhosts/" in wanted:
            return [h for h in hosts if wanted.rstrip("/") == h.resource_id.lower()]
        return [h for h in hosts if h.vm_id is not None and h.vm_id.lower() == wanted.rstrip("/")]
    if "/" in wanted:
        pool, _, wanted = wanted.partition("/")
        if pool != pool_name.lower() or "/" in wanted:
            return []
    exact = [h for h in hosts if h.key == wanted]
    return exact or [h for h in hosts if h.key.split(".", 1)[0] == wanted]


def _similar(reference: str, hosts: tuple[HostSeen, ...], most: int = 5) -> tuple[str, ...]:
    """Hosts whose short name begins like, or holds, what was typed; else the first few."""
    typed = host_key(reference).split(".", 1)[0]
    near = [h.name for h in hosts if typed[:4] and typed[:4] in h.key]
    return tuple(sorted(near or [h.name for h in hosts])[:most])
