"""What a process has used, as the system tells it."""

import os
from pathlib import Path


def processor_seconds(pid: int) -> float | None:
    """Of the process, user's and system's; None where the system does not tell it like this."""
    try:
        raw = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    told = raw.rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(pid: int) -> float | None:
    """The most memory that the process has held."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [x.split()[1] for x in lines if x.startswith("VmHWM:")]
    return int(found[0]) / 1024 if found else None
