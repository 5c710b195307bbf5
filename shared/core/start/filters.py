"""Which hosts of a pool a selection chooses: a list of filters, each with its reason. This is
decided once, at the start of a drain."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.core.observation.attempts import Attempts, why_not_now
from shared.core.observation.seen import HostSeen
from shared.core.start.selection import Selection
from shared.core.values.hostnames import NameFault, resolve
from shared.core.values.hostpool import HostPoolId


@dataclass(frozen=True, slots=True)
class Excluded:
    """A host of the pool that the drain does not concern, and why."""

    name: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the pool's hosts besides the listing, by host key. ``tags``: those of their VMs, without those
    that are not known. ``maintained``: when they were last maintained."""

    tags: Mapping[str, Mapping[str, str]]
    maintained: Mapping[str, datetime]
    attempts: Mapping[str, Attempts] = field(default_factory=dict)
    """Hosts whose maintenance failed since then."""
    now: datetime | None = None


_UNTOLD = "the tags of its VM are not known"
_NEVER = datetime.min.replace(tzinfo=UTC)

HostFilter = Callable[[Selection, HostSeen, Known], str]
"""Returns why a host does not match; empty if it does."""


def _tags(selection: Selection, host: HostSeen, known: Known) -> str:
    tags = known.tags.get(host.key)
    if selection.tags and tags is None:
        return _UNTOLD
    missing = [str(rule) for rule in selection.tags if not rule.fits(tags or {})]
    return f"its VM has no tag {', '.join(missing)}" if missing else ""


def _not_tags(selection: Selection, host: HostSeen, known: Known) -> str:
    tags = known.tags.get(host.key)
    if selection.exclude_tags and tags is None:
        return _UNTOLD
    there = [str(rule) for rule in selection.exclude_tags if rule.fits(tags or {})]
    return f"its VM has the tag {', '.join(there)}" if there else ""


def _status(selection: Selection, host: HostSeen, known: Known) -> str:
    wanted = {status.lower() for status in selection.statuses}
    if not wanted or host.status.lower() in wanted:
        return ""
    return f"its status is {host.status}"


def _agent(selection: Selection, host: HostSeen, known: Known) -> str:
    return _version("agent", host.agent_version, selection.agent_version_below)


def _os(selection: Selection, host: HostSeen, known: Known) -> str:
    return _version("OS", host.os_version, selection.os_version_below)


def _maintained(selection: Selection, host: HostSeen, known: Known) -> str:
    since, last = selection.not_maintained_since, known.maintained.get(host.key)
    if since is None or last is None or last < since:
        return ""
    return f"it was maintained at {last:%Y-%m-%d %H:%M}Z"


FILTERS: dict[str, HostFilter] = {
    "Tags": _tags,
    "ExcludedByTag": _not_tags,
    "Status": _status,
    "AgentVersion": _agent,
    "OsVersion": _os,
    "MaintainedRecently": _maintained,
}


def select(
    selection: Selection, hosts: Iterable[HostSeen], known: Known, pool: HostPoolId
) -> tuple[tuple[HostSeen, ...], tuple[Excluded, ...], tuple[NameFault, ...]]:
    """The chosen hosts, the others with the reason, and all faults in names."""
    listed = tuple(hosts)
    wanted, wrong = listed, tuple[NameFault, ...]()
    if selection.names is not None:
        wanted, wrong = resolve(selection.names, listed, pool)
    without, wrong_too = resolve(selection.exclude_names, listed, pool)
    keys, left_out = {h.key for h in wanted}, {h.key for h in without}
    chosen: list[HostSeen] = []
    excluded: list[Excluded] = []
    for host in (*wanted, *(h for h in listed if h.key not in keys)):
        if host.key not in keys:
            excluded.append(Excluded(host.name, "NotNamed", "it was not named"))
        elif host.key in left_out:
            excluded.append(Excluded(host.name, "ExcludedByName", "it was excluded by name"))
        elif (why := _first(selection, host, known)) is not None:
            excluded.append(Excluded(host.name, *why))
        else:
            chosen.append(host)
    if selection.at_most is not None and len(chosen) > selection.at_most:
        turn = sorted(
            chosen,
            key=lambda h: (h.key in known.attempts, known.maintained.get(h.key, _NEVER)),
        )
        later = {host.key for host in turn[selection.at_most :]}
        text = f"{selection.at_most} others were maintained longer ago"
        excluded += [Excluded(h.name, "NotItsTurn", text) for h in chosen if h.key in later]
        chosen = [host for host in chosen if host.key not in later]
    return tuple(chosen), tuple(excluded), (*wrong, *wrong_too)


def _first(selection: Selection, host: HostSeen, known: Known) -> tuple[str, str] | None:
    for code, why_not in FILTERS.items():
        if text := why_not(selection, host, known):
            return code, text
    if selection.in_turn and known.now is not None:
        return why_not_now(known.attempts.get(host.key), known.now)
    return None


def version(text: str) -> tuple[int, ...] | None:
    """``1.0.9103.3700`` as numbers to compare; None if it does not have that form."""
    parts = text.split(".")
    return tuple(int(p) for p in parts) if all(p.isascii() and p.isdigit() for p in parts) else None


def _version(what: str, here: str, below: str) -> str:
    limit = version(below) if below else None
    if limit is None:
        return ""
    own = version(here)
    if own is None:
        return f"its {what} version '{here}' cannot be compared"
    return "" if own < limit else f"its {what} version is {here}"
