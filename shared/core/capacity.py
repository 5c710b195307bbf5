"""How many more hosts may be taken out of a pool now."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.core.health import is_usable
from shared.core.model import HostRecord
from shared.core.phases import OUT
from shared.core.policy import Policy
from shared.core.seen import Seen
from shared.core.turn import count

IN_THIS_DRAIN = "in this drain"


@dataclass(frozen=True, slots=True)
class Room:
    """The hosts that are out, each with why, and how many may be out."""

    out: dict[str, str]
    most: int

    @property
    def free(self) -> int:
        return self.most - len(self.out)

    @property
    def text(self) -> str:
        """``2 of 2 hosts are out: 1 in this drain, 1 drained by someone else``."""
        reasons: dict[str, int] = {}
        for reason in self.out.values():
            reasons[reason] = reasons.get(reason, 0) + 1
        parts = ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items()))
        verb = "is" if len(self.out) == 1 else "are"
        return f"{len(self.out)} of {count(self.most, 'host')} {verb} out: {parts}"


def room(policy: Policy, hosts: Iterable[HostRecord], seen: Seen) -> Room:
    """A host counts as out for whatever reason it cannot take a user: this drain, another one,
    drain mode that a person set, or not being well."""
    ours = {host.key for host in hosts if host.phase in OUT}
    out: dict[str, str] = {}
    for host in seen.hosts.values():
        if host.key in ours:
            out[host.key] = IN_THIS_DRAIN
        elif host.key in seen.out_for_others:
            out[host.key] = f"in drain {seen.out_for_others[host.key]}"
        elif not host.allow_new_session:
            out[host.key] = "drained by someone else"
        elif not is_usable(host):
            out[host.key] = f"with status {host.status}"
    return Room(out, policy.max_unavailable.of(len(seen.hosts)))
