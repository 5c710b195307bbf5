"""Cleans texts that leave the app: removes secrets, removes users' names unless they are to be
kept, and cuts long texts.

No code of the app writes a secret into a text. This is a second guard, since errors of others are
quoted in the log.
"""

import re
from collections.abc import Callable

from shared.core.users.naming import NOBODY_NAMED
from shared.core.values.texts import cut
from shared.core.values.usernames import UserNames

LONGEST = 2_000
LONGEST_TRACE = 8_000

_HIDDEN = "***"
_SECRETS = re.compile(
    r"""(?P<name>(?:[?&;]|%26|%3f|\b)(?:sig|code)(?:=|%3d)
        |\b(?:signature|(?:access_|refresh_|id_)?token|(?:client_?)?secret|password|pwd|account_?key
        |shared_?access_?(?:key|signature)|instrumentation_?key|x-functions-key|api[-_]?key
        |connection_?string)["']?\s*(?:=|:|%3d)\s*["']?)[^\s"'&;,]+""",
    re.IGNORECASE | re.VERBOSE,
)
_BEARER = re.compile(
    r"(?P<name>\b(?:bearer|basic|sharedkey(?:lite)?)\s+)[A-Za-z0-9._~+/:=-]{8,}", re.IGNORECASE
)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_USER = re.compile(
    r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w\\/])[A-Za-z][\w-]{1,14}\\(?![nrtux\\])[\w.$-]+"
)


def without_secrets(text: str) -> str:
    text = _SECRETS.sub(rf"\g<name>{_HIDDEN}", text)
    text = _BEARER.sub(rf"\g<name>{_HIDDEN}", text)
    return _JWT.sub(_HIDDEN, text)


def without_users(text: str) -> str:
    """The text without what looks like a user's name: ``name@domain``, ``DOMAIN\\name``."""
    return _USER.sub(NOBODY_NAMED, text)


def cleaner(names: UserNames) -> Callable[[str, int], str]:
    """A function that cleans a text and cuts it to a length in characters. A log belongs to no
    drain, so it has no key to hash names with: where names are hashed, the log has none."""

    def clean(text: str, longest: int) -> str:
        found = without_secrets(text[: longest * 2])
        if names is not UserNames.FULL:
            found = without_users(found)
        return cut(found, longest)

    return clean
