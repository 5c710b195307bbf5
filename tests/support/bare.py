"""The least environment in which an interpreter starts: on Windows it must know where the system
is."""

import os
from collections.abc import Mapping

_NEEDED = ("PATH", "SYSTEMROOT")


def bare(more: Mapping[str, str]) -> dict[str, str]:
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | dict(more)
