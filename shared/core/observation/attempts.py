"""Hosts whose maintenance failed or was given up, and when they are tried again.

They go last, are left alone for a while (backoff), and after several failures in a row are set
aside, so that a nightly run reaches the other hosts. A success, or a request that names the host,
ends that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SET_ASIDE_AFTER = 5
"""Failures in a row after which a host is set aside."""
_NIGHT = timedelta(days=1)
_SLACK = timedelta(hours=1)
"""One run may begin a little earlier or later than the one before, and its failures come some hours
later."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of one host in one drain. ``name``: the host's name."""

    name: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Attempts:
    """The failures of one host since it was last maintained. ``failures`` is at least 1. ``name``:
    the host's name."""

    name: str
    failures: int
    last_at: datetime
    text: str = ""
    """Why the latest attempt failed; empty if that is not known."""

    @property
    def set_aside(self) -> bool:
        """Whether it is left out until a request names it or it is maintained."""
        return self.failures >= SET_ASIDE_AFTER

    @property
    def again_after(self) -> datetime:
        """When it may be tried again: after one night, then two, four, eight and so on."""
        return self.last_at + _NIGHT * (1 << min(self.failures - 1, 10)) - _SLACK

    @property
    def in_words(self) -> str:
        many = "once" if self.failures == 1 else f"{self.failures} times in a row"
        why = f": {self.text}" if self.text else ""
        return f"its maintenance failed {many}, last at {self.last_at:%Y-%m-%d %H:%M}Z{why}"


def attempts_of(
    failures: Iterable[tuple[str, Failure]], maintained: Mapping[str, datetime]
) -> dict[str, Attempts]:
    """The attempts by host key. ``failures``: pairs of host key and failure. ``maintained``: when
    each host was last maintained; only later failures count."""
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
    """Why a run that chooses hosts by itself leaves this host out, as a code and a text. None if it
    does not."""
    if attempts is None:
        return None
    if attempts.set_aside:
        return "SetAside", f"set aside until it is named or maintained: {attempts.in_words}"
    if now < attempts.again_after:
        until = f"tried again after {attempts.again_after:%Y-%m-%d %H:%M}Z"
        return "BacksOff", f"{attempts.in_words}; {until}"
    return None
