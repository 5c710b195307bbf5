"""How a user's name is written in records that outlive the session (history, deliveries, endings,
waits), and over HTTP.

A session's own record keeps the name while the session lasts and its host has not ended, because
protected users, translations and sign-outs depend on it. All other places get the name from here
when they are made.

A mark is an HMAC of the name, keyed by the drain's secret and cut to 48 bits. Whoever has the
secret and a list of names can find the name behind a mark. So can whoever knows when somebody was
signed in on which host.
"""

import hmac
import re
from dataclasses import dataclass, replace

from shared.core.drain.model import Control
from shared.core.host.actions import Action, SendMessage, SignOut
from shared.core.host.host import HostRecord
from shared.core.host.outcome import NotTried, Outcome, Refused
from shared.core.values.usernames import UserNames

NOBODY_NAMED = "a user"
"""Stands for every name if no names are kept."""
_DIGITS = 12
_SHORTEST_PART = 3
"""Shortest part of a name, in characters, that is replaced where it stands alone in a text."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How to write names: ``kind``, and the ``key`` of the marks."""

    kind: UserNames = UserNames.FULL
    key: str = ""

    def written(self, user: str) -> str:
        """The name as it is to be written. A user whose name the service does not report has
        nothing to hide, and gets no mark that others could share."""
        if self.kind is UserNames.FULL or not user:
            return user
        if self.kind is UserNames.NONE:
            return NOBODY_NAMED
        digest_input = b"user\x00" + user.casefold().encode("utf-8", "surrogatepass")
        return f"user-{hmac.new(self.key.encode(), digest_input, 'sha256').hexdigest()[:_DIGITS]}"

    def without(self, text: str, *names: str) -> str:
        """A text from the service with this user's names replaced, and also their parts before
        ``@`` and after a backslash."""
        known = [name for name in names if name]
        if self.kind is UserNames.FULL or not text or not known:
            return text
        parts = {re.split(r"[@\\]", name)[-1 if "\\" in name else 0] for name in known}
        found = {*known, *(part for part in parts if len(part) >= _SHORTEST_PART)}
        ordered = sorted(found, key=lambda name: (-len(name), name))
        pattern = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in ordered)
        return re.sub(pattern, lambda _: self.written(known[0]), text, flags=re.IGNORECASE)


AS_TOLD = Naming()


def naming_of(control: Control) -> Naming:
    """How users' names are written in records of this drain."""
    return Naming(control.user_names, control.secret)


def named(naming: Naming, action: Action) -> Action:
    """The action as records store it."""
    if isinstance(action, SendMessage | SignOut):
        return replace(action, user=naming.written(action.user))
    return action


def without_names(naming: Naming, action: Action, outcome: Outcome, *names: str) -> Outcome:
    """The outcome as records store it: without the names of the user concerned in the service's
    text. ``names``: the user's further names."""
    if isinstance(action, SendMessage | SignOut) and isinstance(outcome, Refused | NotTried):
        return replace(outcome, text=naming.without(outcome.text, action.user, *names))
    return outcome


def forgotten(naming: Naming, host: HostRecord) -> HostRecord:
    """The host, without its sessions' records if it has ended and names are not kept in full."""
    if naming.kind is UserNames.FULL or not host.ended or not (host.sessions or host.missed):
        return host
    return replace(host, sessions=(), missed=())
