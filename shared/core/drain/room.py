"""How much space is left for orders: all orders of a drain are stored in one record of limited
size.

Additions, extensions, pauses and releases of named hosts share one limit. Cancel, the release of
all hosts, and skips are never refused for lack of space: there is always a way back.
"""

from collections.abc import Iterator

from shared.core.drain.model import Control
from shared.core.host.orders import Order

MOST = 100_000
"""Characters that the limited orders of a drain may take. About 150,000 are left for all orders
beside the largest possible request."""
_FRAME = 300
"""Characters of an order besides its texts: names of fields, times, ids."""


def is_full(control: Control) -> bool:
    """Whether no further limited order may be recorded."""
    return sum(_characters(control)) > MOST


def _characters(control: Control) -> Iterator[int]:
    for a in control.additions:
        texts = (a.key, a.name, a.object_id or "", a.vm_id or "")
        yield _of(a.asked) + sum(map(len, texts))
    for e in control.extensions:
        yield _of(e.asked) + sum(len(key) + 3 for key in e.hosts)
    for p in control.pauses:
        yield _of(p.asked) + (_of(p.resumed) if p.resumed is not None else 0)
    for key, order in control.releases.items():
        yield _of(order) + len(key)


def _of(order: Order) -> int:
    return _FRAME + len(order.by) + len(order.why)
