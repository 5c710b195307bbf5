"""Whether a pattern of protected users fits a user, who has up to two names.

The service reports a UPN (``kim@contoso.example``) and an account (``CONTOSO\\kim``); either may be
missing. A pattern is written in one of the two forms. If the user's name of that form is not
reported, it is unknown whether the pattern fits. A pattern in neither form (``VIP*``) is compared
with the whole names and with the user's part of each; it is mostly meant for UPNs. Only ``*`` is
special in a pattern.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from shared.core.host.sessions import SessionRecord


def is_protected(patterns: Iterable[str], session: SessionRecord) -> bool:
    """Whether the user is protected, or may be."""
    return any(_is(pattern, session) or maybe(pattern, session) for pattern in patterns)


def only_maybe(patterns: Iterable[str], session: SessionRecord) -> bool:
    """Whether the user counts as protected only because the opposite is not known."""
    known = tuple(patterns)
    return is_protected(known, session) and not any(_is(p, session) for p in known)


def maybe(pattern: str, session: SessionRecord) -> bool:
    """Whether the user's name in the pattern's form is not reported; for a pattern in neither form,
    the UPN."""
    upn = any("@" in name for name in session.names)
    account = any("\\" in name for name in session.names)
    if "@" in pattern:
        return not upn
    return not account if "\\" in pattern else not upn


def _is(pattern: str, session: SessionRecord) -> bool:
    compiled = _compiled(pattern.strip().lower())
    if any(compiled.fullmatch(name) for name in session.names):
        return True
    if "@" in pattern or "\\" in pattern:
        return False
    return any(compiled.fullmatch(_user_part(name)) for name in session.names)


def _user_part(name: str) -> str:
    return name.rsplit("\\", 1)[-1].split("@", maxsplit=1)[0]


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(r"[*]+", pattern))
    return re.compile(".*".join(parts), re.DOTALL)
