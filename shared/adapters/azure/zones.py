"""Windows names of time zones, as Azure tells them, into IANA's."""

from tzlocal.windows_tz import win_tz

from shared.core.policy.policychecks import is_zone


def iana(name: str | None) -> str:
    """``W. Europe Standard Time`` is ``Europe/Berlin``. An IANA name stays; nothing, or a
    name that nobody knows, is UTC."""
    found = win_tz.get(name, name) if name else "UTC"
    return found if is_zone(found) else "UTC"
