"""The share of an instance that calls to strangers may have."""


class Places:
    """How many such calls are under way at the same time, at most."""

    def __init__(self, most: int = 4) -> None:
        self._free = most

    def take(self) -> bool:
        """Whether there was one free; then ``give`` it back."""
        if self._free <= 0:
            return False
        self._free -= 1
        return True

    def give(self) -> None:
        self._free += 1
