"""Latency, page size and token buckets of the simulated service, for measurements."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.sim.services.arm import LARGEST_PAGE


@dataclass(slots=True)
class Limits:
    """The limits. ``latency``: wall-clock seconds from a request to its response, half of them
    before it is carried out; the simulator computes nothing meanwhile. ``largest_page``: the most
    items of a page, whatever is asked for. ``throttled``: how many requests were refused with
    429."""

    latency: float = 0.0
    largest_page: int = LARGEST_PAGE
    buckets: bool = True
    throttled: int = 0

    def told(self) -> dict[str, Any]:
        return {to_camel(name): value for name, value in asdict(self).items()}

    def change(self, told: dict[str, Any]) -> None:
        """Change the limits that are named. Raises ValueError that names every fault, and then
        changes none."""
        for name, value in vars(_Change.model_validate(told)).items():
            if value is not None:
                setattr(self, name, value)


class _Change(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)

    latency: Annotated[float, Field(ge=0, le=60)] | None = None
    largest_page: Annotated[int, Field(ge=1)] | None = None
    buckets: bool | None = None
