"""The body of a request for a campaign."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, StrictInt

from shared.wire.bodies import Whole
from shared.wire.derived import Body
from shared.wire.start import StartBody

MOST_DRAINS = 1000
"""The most drains in one campaign: each is checked before the campaign begins."""


class WaveBody(Body):
    """Drains that belong together. The next wave begins when they have ended, and few enough of
    them failed."""

    name: str = Field(min_length=1, max_length=100)
    """The wave's name."""
    drains: list[StartBody] = Field(min_length=1, max_length=200)
    """The requests for its drains."""
    side_by_side: StrictInt | None = Field(
        default=None, ge=1, le=200, description="so many at once; left out: all"
    )
    failures: StrictInt = Field(
        default=0, ge=0, le=200,
        description="so many of them may end otherwise than well, and the next wave still begins",
    )  # fmt: skip


class CampaignBody(Whole):
    """A request for a campaign."""

    reason: str = Field(min_length=1, max_length=500, description="why; for the history")
    waves: list[WaveBody] = Field(min_length=1, max_length=50)
    """The waves, in the order in which they run."""

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        given = told.get("waves")
        waves = (
            [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        )
        names = Counter(each["name"] for each in waves if isinstance(each.get("name"), str))
        yield from (f"two waves '{name[:100]}'" for name, times in names.items() if times > 1)
        lists = [each["drains"] for each in waves if isinstance(each.get("drains"), list)]
        if (drains := sum(map(len, lists))) > MOST_DRAINS:
            yield f"{drains} drains; {MOST_DRAINS} are the limit of a campaign"

    def drains(self) -> list[tuple[str, StartBody]]:
        """The drains, each with its place in the body."""
        return [
            (f"waves[{w}].drains[{d}].", drain)
            for w, wave in enumerate(self.waves)
            for d, drain in enumerate(wave.drains)
        ]
