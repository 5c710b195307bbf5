"""Turns Windows names of time zones, which Azure uses, into IANA names."""

from tzlocal.windows_tz import win_tz

from shared.core.policy.policychecks import is_zone


def iana(name: str | None) -> str:
    """``W. Europe Standard Time`` becomes ``Europe/Berlin``. An IANA name stays as it is; no name,
    or an unknown one, becomes UTC."""
    found = win_tz.get(name, name) if name else "UTC"
    return found if is_zone(found) else "UTC"
