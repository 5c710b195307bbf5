"""Hosts whose maintenance failed, or was given up: they go last, are let alone for a while, and after
some nights are set aside, so that a nightly run reaches the others. A person's naming them, or a
success, ends that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SET_ASIDE_AFTER = 5
"""Failures in a row."""
_NIGHT = timedelta(days=1)
_SLACK = timedelta(hours=1)
"""A run begins a little earlier or later than the one before; its failures come some hours later."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One host's, in one drain: the host's name, when and why."""

    name: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Attempts:
    """Of one host, since it was last maintained. ``failures`` is at least 1."""

    name: str
    failures: int
    last_at: datetime
    text: str = ""
    """What came of the last one."""

    @property
    def set_aside(self) -> bool:
        return self.failures >= SET_ASIDE_AFTER

    @property
    def again_after(self) -> datetime:
        """It is let alone for one night, then for two, four, eight."""
        return self.last_at + _NIGHT * (1 << min(self.failures - 1, 10)) - _SLACK

    @property
    def in_words(self) -> str:
        many = "once" if self.failures == 1 else f"{self.failures} times in a row"
        why = f": {self.text}" if self.text else ""
        return f"its maintenance failed {many}, last at {self.last_at:%Y-%m-%d %H:%M}Z{why}"


def attempts_of(
    failures: Iterable[tuple[str, Failure]], maintained: Mapping[str, datetime]
) -> dict[str, Attempts]:
    """By host key, from what failed (host key, and how): only what failed since the host was last
    maintained counts."""
    found: dict[str, list[Failure]] = {}
    for host, failure in failures:
        last = maintained.get(host)
        if last is None or failure.at > last:
            found.setdefault(host, []).append(failure)
    made = {}
    for host, failed in found.items():
        latest = max(failed, key=lambda failure: failure.at)
        made[host] = Attempts(latest.name, len(failed), latest.at, latest.why)
    return made


def why_not_now(attempts: Attempts | None, now: datetime) -> tuple[str, str] | None:
    """A code and a text, if a run that takes hosts in turn leaves it out."""
    if attempts is None:
        return None
    if attempts.set_aside:
        return "SetAside", f"set aside until it is named or maintained: {attempts.in_words}"
    if now < attempts.again_after:
        until = f"tried again after {attempts.again_after:%Y-%m-%d %H:%M}Z"
        return "BacksOff", f"{attempts.in_words}; {until}"
    return None
