"""One JSON file a run: what was measured, on which machine, of which commit, with which versions."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.table import Row, row_json

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".local" / "bench"
"""Git ignores it."""
_PACKAGES = (
    "azure-functions", "azure-functions-runtime", "azure-core", "azure-data-tables",
    "azure-mgmt-desktopvirtualization", "azure-storage-queue", "aiohttp", "pydantic",
)  # fmt: skip


def machine() -> dict[str, Any]:
    """Where it was measured, and how busy that was before."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "loadBefore": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "node": _said(["node", "--version"]),
    }


def commit() -> dict[str, Any]:
    """The tree's commit, and the last one that changed the app."""
    changed = _said(["git", "status", "--porcelain", "--", "shared", "local", "function_app.py"])
    app = _said(["git", "log", "-1", "--format=%H", "--", "shared", "function_app.py", "host.json"])
    return {"commit": _said(["git", "rev-parse", "HEAD"]), "app": app, "changed": bool(changed)}


def new_path() -> Path:
    """Of a run's file, named after the time; two may begin in one second."""
    return FOLDER / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.json"


def write(path: Path, rows: Sequence[Row], about: dict[str, Any]) -> None:
    """What a run has measured so far."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"at": datetime.now(UTC).isoformat(), **about, "packages": _packages()}
    found["rows"] = [row_json(row) for row in rows]
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")


def _packages() -> dict[str, str | None]:
    def of(name: str) -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    return {name: of(name) for name in _PACKAGES}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "")


def _said(words: list[str]) -> str | None:
    try:
        told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
    except OSError:
        return None
    return told.stdout.strip() if told.returncode == 0 else None
