"""The body of a request for a campaign."""

from typing import Self

from pydantic import Field, StrictInt, model_validator

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


class CampaignBody(Body):
    """A request for a campaign."""

    reason: str = Field(min_length=1, max_length=500, description="why; for the history")
    waves: list[WaveBody] = Field(min_length=1, max_length=50)
    """The waves, in the order in which they run."""

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [wave.name for wave in self.waves]
        if len(set(names)) < len(names):
            raise ValueError("two waves of one name")
        drains = sum(len(wave.drains) for wave in self.waves)
        if drains > MOST_DRAINS:
            raise ValueError(f"{drains} drains; {MOST_DRAINS} are the limit of a campaign")
        return self

    def drains(self) -> list[tuple[str, StartBody]]:
        """The drains, each with its place in the body."""
        return [
            (f"waves[{w}].drains[{d}].", drain)
            for w, wave in enumerate(self.waves)
            for d, drain in enumerate(wave.drains)
        ]
