"""Output for terminals whose code page lacks some characters of our texts."""

import io
import sys


def anywhere() -> None:
    """Show characters that the terminal lacks as ``?`` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
