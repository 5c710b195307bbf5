"""Checks the schedule of a timer trigger, as the Functions host reads it."""

import re

TIMER_WORDS = "an NCRONTAB schedule of five or six fields, or a time span hh:mm:ss"

_RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""The ranges of seconds, minutes, hours, days, months, days of the week. A schedule of five fields
has no seconds."""

_NAMES: tuple[dict[str, int], ...] = (
    {},
    {},
    {},
    {},
    {
        n: i
        for i, n in enumerate(
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
        )
    },
    {n: i for i, n in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])},
)
_SPAN = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", re.ASCII)


def is_timer(text: str) -> bool:
    """Whether the host can read the text as the schedule of a timer."""
    if _SPAN.fullmatch(text):
        return text != "00:00:00"
    fields = text.split()
    if len(fields) not in (5, 6):
        return False
    skipped = 6 - len(fields)
    kinds = zip(fields, _RANGES[skipped:], _NAMES[skipped:], strict=True)
    return all(
        _part(part, bounds, names) for field, bounds, names in kinds for part in field.split(",")
    )


def _part(part: str, bounds: tuple[int, int], names: dict[str, int]) -> bool:
    base, slash, step = part.partition("/")
    if slash and not (re.fullmatch("[0-9]{1,2}", step) and int(step) > 0):
        return False
    if base == "*":
        return True
    ends = [
        names.get(end.lower()[:3] if end.isalpha() else end, _number(end))
        for end in base.split("-")
    ]
    return len(ends) <= 2 and all(bounds[0] <= end <= bounds[1] for end in ends)


def _number(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{1,2}", text) else -1
