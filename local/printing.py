"""Words of ours where the terminal, or whoever reads, speaks a code page that lacks some of them."""

import io
import sys


def anywhere() -> None:
    """What cannot be shown is shown as ``?``, and stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
