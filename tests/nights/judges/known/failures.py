"""Records the app's calls that truly failed: their name, what they were about, how and when. So a
judge can check what the app says about them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import FinalError, NotFoundError


@dataclass(frozen=True, slots=True)
class Failure:
    """``about``: the words of the call, in lower case."""

    at: datetime
    about: str
    error: Exception

    @property
    def final(self) -> bool:
        """Whether the call was refused for good, and not because its object does not exist."""
        return isinstance(self.error, FinalError) and not isinstance(self.error, NotFoundError)


@dataclass(slots=True)
class Failures:
    _by_name: dict[str, list[Failure]] = field(default_factory=lambda: defaultdict(list))
    crashes: list[datetime] = field(default_factory=list)
    """When instances died."""

    def note(self, name: str, words: tuple[Any, ...], error: Exception, at: datetime) -> None:
        about = " ".join(str(word) for word in words).lower()
        self._by_name[name].append(Failure(at, about, error))

    def of(
        self, names: Collection[str], host: str = "", since: datetime | None = None
    ) -> list[Failure]:
        """The failures of calls with such a name, about that host (empty: about any), since
        then."""
        short = host.split(".", maxsplit=1)[0]
        return [
            failure
            for name in names
            for failure in self._by_name.get(name, ())
            if short in failure.about and (since is None or failure.at >= since)
        ]
