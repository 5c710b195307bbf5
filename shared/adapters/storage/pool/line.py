"""What the hosts in a drain's queue wait for, kept once: most of them wait for the same.

It stands in a row of its own. A queued host whose record tells of no wait waits for that. So hosts that
only wait are not written when what they wait for changes.
"""

from collections import Counter
from collections.abc import Iterable

from shared.core.host.host import HostRecord, Wait
from shared.core.host.phases import Phase


def line_of(hosts: Iterable[HostRecord]) -> Wait | None:
    """What most hosts of the queue wait for; None if one of them waits for nothing, which then tells
    that it does."""
    waits: Counter[Wait] = Counter()
    for host in hosts:
        if host.phase is Phase.QUEUED:
            if host.wait is None:
                return None
            waits[host.wait] += 1
    return waits.most_common(1)[0][0] if waits else None


def as_kept(host: HostRecord, line: Wait | None) -> HostRecord:
    """The record as it is stored beside ``line``."""
    return host.with_wait(None) if _is_in(host, line) else host


def as_read(host: HostRecord, line: Wait | None) -> HostRecord:
    """The record that was stored beside ``line``."""
    if host.phase is Phase.QUEUED and host.wait is None and line is not None:
        return host.with_wait(line)
    return host


def is_kept_as(was: HostRecord, host: HostRecord, before: Wait | None, line: Wait | None) -> bool:
    """Whether what is stored of the host (``was``, beside ``before``) is still what is to be stored."""
    stood = _is_in(was, before)
    if stood is not _is_in(host, line):
        return False
    return was is host or (was.is_but_for_wait(host) if stood else was == host)


def _is_in(host: HostRecord, line: Wait | None) -> bool:
    """Whether it waits for what most of the queue wait for."""
    return host.phase is Phase.QUEUED and host.wait is not None and host.wait == line
