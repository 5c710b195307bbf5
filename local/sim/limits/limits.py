"""Latency, page size and token buckets of the simulated service, for measurements."""

from dataclasses import dataclass
from typing import Any

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
        return {
            "latency": self.latency,
            "largestPage": self.largest_page,
            "buckets": self.buckets,
            "throttled": self.throttled,
        }

    def change(self, told: dict[str, Any]) -> None:
        """Change the limits that are named. Raises ValueError that names every fault, and then
        changes none."""
        faults = [f"unknown '{name}'" for name in told if name not in self.told()]
        latency, page = told.get("latency", self.latency), told.get("largestPage", 1)
        if not _is_number(latency) or not 0 <= latency <= 60:
            faults.append("'latency' is a number of seconds, 0 to 60")
        if not isinstance(page, int) or isinstance(page, bool) or page < 1:
            faults.append("'largestPage' is a whole number, at least 1")
        if not isinstance(told.get("buckets", True), bool):
            faults.append("'buckets' is true or false")
        if "throttled" in told:
            faults.append("'throttled' is counted, and cannot be set")
        if faults:
            raise ValueError("; ".join(faults))
        self.latency = float(latency)
        self.largest_page = told.get("largestPage", self.largest_page)
        self.buckets = told.get("buckets", self.buckets)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
