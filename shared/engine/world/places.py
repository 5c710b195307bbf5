"""The limit on calls to webhooks and other strangers that one instance makes at the same time."""


class Places:
    """A count of free places. ``most``: how many calls may be under way at once."""

    def __init__(self, most: int = 4) -> None:
        self._free = most

    def take(self) -> bool:
        """Take a place. False: none is free. Whoever got one must ``give`` it back."""
        if self._free <= 0:
            return False
        self._free -= 1
        return True

    def give(self) -> None:
        self._free += 1
