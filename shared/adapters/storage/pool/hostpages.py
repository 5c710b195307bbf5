"""Hosts to which nothing has happened since they were asked for: many in one row, a page.

A page is written once, with the claims of its hosts, and never again. As soon as something of a host is to be
written it gets a row of its own, and that counts from then on. So a large drain is recorded, and read the first
time, by the hundred hosts, and a change is as small as ever.
"""

from collections.abc import Iterable, Mapping, Sequence

from shared.adapters.storage import records
from shared.adapters.storage.entities import entity_of_page
from shared.adapters.storage.pool.line import as_read
from shared.adapters.storage.tables.table import Op, Row
from shared.core.host.host import HostRecord, Wait

KIND = "hostpage|"
_OWN = "host|"


def page_prefix(drain_id: str) -> str:
    """Keys end with the page's last host: so the pages behind a host are found by its key."""
    return f"drain|{drain_id}|{KIND}"


def page_of(drain_id: str, hosts: Sequence[HostRecord]) -> Op:
    """``hosts`` by key. None of them is in a page already: their claims are inserted with it."""
    return Op("upsert", page_prefix(drain_id) + hosts[-1].key, entity_of_page(hosts))


def in_pages(pages: Iterable[Row]) -> dict[str, HostRecord]:
    """By host key."""
    return {host.key: host for row in pages for host in records.read_page(row.values)}


def hosts_of(found: Mapping[str, Row], line: Wait | None) -> tuple[HostRecord, ...]:
    """A drain's hosts by key. ``found``: its rows by what their keys end with; ``line``: what its queue
    waits for."""
    hosts = in_pages(row for key, row in found.items() if key.startswith(KIND))
    own = {
        key.removeprefix(_OWN): records.read(HostRecord, row.values)
        for key, row in found.items()
        if key.startswith(_OWN)
    }
    if any(host.key != key for key, host in own.items()):
        raise ValueError("a record of another host than its key names")
    hosts |= own
    return tuple(as_read(hosts[key], line) for key in sorted(hosts))
