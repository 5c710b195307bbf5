"""Chooses the few nights that are drawn around one situation that chance alone would hardly ever
bring about."""

from collections.abc import Callable
from random import Random

from tests.nights.drawn import unread, untimely
from tests.nights.drawn.chance import some
from tests.nights.drawn.quiet import quiet
from tests.nights.script import Script

_SHARE = 0.25
"""Of all nights."""
MAKERS: tuple[Callable[[Random, Script], Script], ...] = (
    untimely.failed_before,
    untimely.late_write,
    untimely.late_operation,
    untimely.late_operation,
    untimely.held_up,
    untimely.cleared,
    untimely.added,
    untimely.left_drained,
    untimely.at_once,
    untimely.anew,
    untimely.lost,
    untimely.untagged,
    unread.another_host,
    unread.somebody_on_it,
    unread.blank,
    unread.blank,
    unread.blank_at_last,
    unread.not_put_back,
    unread.unlisted,
    unread.drained_before,
    unread.opened_unseen,
    unread.unseen,
    unread.unseen,
    unread.not_listed,
    unread.unnamed,
    unread.unnamed,
    unread.stopped_unseen,
)
"""What needs more of them to be found is here twice."""


def made(r: Random, script: Script) -> Script:
    """The script, in most nights; in a few a situation with its estate, people and instances."""
    return r.choice(MAKERS)(r, quiet(script)) if some(r, _SHARE) else script
