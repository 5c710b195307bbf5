"""When something is expected to have ended."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.core.drain.expected import Expected
from shared.wire.views.words import Time, View, time

BasisWord = Literal["past", "policy", "none"]


class ExpectedView(View):
    """When it is expected to have ended. The times are null where that cannot be known; `because` says why."""

    at: Time | None
    """When it is expected to have ended: half of such ends come earlier."""
    earliest: Annotated[Time | None, Field(description="one end in ten is meant to come earlier")]
    latest: Annotated[Time | None, Field(description="one end in ten is meant to come later")]
    basis: BasisWord
    """What it is made of: what was seen of the pool before, the times that the policy allows, or nothing."""
    observations: Annotated[
        int, Field(description="observations of the part of which the fewest are remembered")
    ]
    because: str
    """The same in words, or why it cannot be known."""


def expected_view(expected: Expected | None, now: datetime) -> ExpectedView | None:
    """As of now. None for what has ended, or of which no forecast was made yet."""
    if expected is None:
        return None
    found = expected.as_of(now)
    return {
        "at": time(found.at),
        "earliest": time(found.earliest),
        "latest": time(found.latest),
        "basis": found.basis.value,
        "observations": found.observations,
        "because": found.because,
    }
