"""A user's name as it is written in what outlasts the session: history, deliveries, endings, waits, and what is
shown over HTTP.

A session's own record keeps the name as long as the session lasts and its host is not over, since who is
protected, in what language somebody is told, and who is to be signed out is known by it. Every other
place gets a name from here, when it is made.

A mark is an HMAC of the name, keyed by the drain's secret and cut to 48 bits. Who has the secret and a list of the
names finds whose mark it is; so does who knows when somebody was signed in where.
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
"""What stands for every name where none is kept."""
_DIGITS = 12
_SHORTEST_PART = 3
"""Characters of a name's part that are taken for the name where it stands alone in a text."""


@dataclass(frozen=True, slots=True)
class Naming:
    """``key`` keys the marks."""

    kind: UserNames = UserNames.FULL
    key: str = ""

    def written(self, user: str) -> str:
        """The name, or what stands for it. A user whose name is not told has none to be hidden, and no
        mark that somebody could share."""
        if self.kind is UserNames.FULL or not user:
            return user
        if self.kind is UserNames.NONE:
            return NOBODY_NAMED
        digest_input = b"user\x00" + user.casefold().encode("utf-8", "surrogatepass")
        return f"user-{hmac.new(self.key.encode(), digest_input, 'sha256').hexdigest()[:_DIGITS]}"

    def without(self, text: str, *names: str) -> str:
        """A text of the service's without these names of one user, nor their parts before ``@`` and
        after a backslash."""
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
    return Naming(control.user_names, control.secret)


def named(naming: Naming, action: Action) -> Action:
    """The action as records keep it."""
    if isinstance(action, SendMessage | SignOut):
        return replace(action, user=naming.written(action.user))
    return action


def without_names(naming: Naming, action: Action, outcome: Outcome, *names: str) -> Outcome:
    """What the service said of a user's session, as records keep it. ``names``: others by which the user
    is known."""
    if isinstance(action, SendMessage | SignOut) and isinstance(outcome, Refused | NotTried):
        return replace(outcome, text=naming.without(outcome.text, action.user, *names))
    return outcome


def forgotten(naming: Naming, host: HostRecord) -> HostRecord:
    """A host whose part is over without the records of its sessions, where names are not kept."""
    if naming.kind is UserNames.FULL or not host.ended or not (host.sessions or host.missed):
        return host
    return replace(host, sessions=(), missed=())
