"""Durations in ISO 8601, as users write and read them."""

import re
from datetime import timedelta

_DURATION = re.compile(
    r"^P(?!$)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$",
    re.ASCII,
)
_MOST = timedelta(days=366)


def parse_duration(text: object) -> timedelta:
    """A duration such as ``PT1H30M``, up to 366 days. A timedelta is returned as it is. Raises
    ValueError.

    Years and months are refused: their length is not fixed.
    """
    if isinstance(text, timedelta):
        return text
    found = _DURATION.fullmatch(text) if isinstance(text, str) and len(text) < 40 else None
    if found is None:
        raise ValueError("expected an ISO 8601 duration such as PT30M, PT4H or P1D")
    parts = {unit: float(number) for unit, number in found.groupdict().items() if number}
    if any(number > 10**8 for number in parts.values()) or timedelta(**parts) > _MOST:
        raise ValueError("a duration of at most P366D")
    return timedelta(**parts)


def format_duration(value: timedelta) -> str:
    """The shortest usual form: ``PT1H30M``, ``P2D``, ``PT0S``."""
    seconds = value.total_seconds()
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    date = f"{days:.0f}D" if days else ""
    time = "".join(f"{n:.0f}{u}" for n, u in ((hours, "H"), (minutes, "M")) if n)
    if rest or not (date or time):
        time += f"{rest:g}S"
    return f"P{date}" + (f"T{time}" if time else "")
