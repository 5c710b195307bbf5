"""Known vulnerabilities, from pip-audit: what was found, and which packages could not be looked up.

A package that was not looked up does not count as clean. So a package that the database does not
know, or could not be asked for, is reported as not looked up, whatever pip-audit's exit code.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.supply.lock import Pinned


@dataclass(frozen=True, slots=True)
class Looked:
    """The result. ``found``: a line for each vulnerability. ``unknown``: the packages that were not
    looked up, and why the first was not."""

    found: tuple[str, ...]
    unknown: tuple[str, ...]
    why: str

    @property
    def clean(self) -> bool:
        return not self.found and not self.unknown


def look_up(pinned: Iterable[Pinned], options: Sequence[str] = ()) -> Looked:
    """Look up every package of a lock, including those for other platforms. ``options`` go to
    pip-audit."""
    packages = tuple(pinned)
    lines = [f"{each.name}=={each.version}\n" for each in packages]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("".join(lines), encoding="utf-8")
        words = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip",
                 "--format", "json", "--progress-spinner", "off", *options, "-r", str(listed)]  # fmt: skip
        told = subprocess.run(words, capture_output=True, text=True, check=False)
    return looked({each.name for each in packages}, told.stdout, told.stderr)


def looked(names: Collection[str], told: str, errors: str) -> Looked:
    """The result in pip-audit's output. If the output cannot be read, no package was looked up."""
    try:
        listed = json.loads(told)["dependencies"]
        known = {str(each["name"]).lower(): each for each in listed}
    except (ValueError, TypeError, LookupError, AttributeError):
        last = errors.strip().splitlines()[-1:] or ["it answered nothing"]
        return Looked((), tuple(sorted(names)), last[0])
    found, unknown, reasons = [], [], []
    for name in sorted(names):
        each = known.get(name, {})
        vulnerable = each.get("vulns")
        if not isinstance(vulnerable, list):
            unknown.append(name)
            reasons.append(str(each.get("skip_reason") or "it is not in the answer"))
            continue
        found += [_line(name, each, one) for one in vulnerable]
    return Looked(tuple(found), tuple(unknown), reasons[0] if reasons else "")


def _line(name: str, each: dict[str, object], one: dict[str, object]) -> str:
    mended = one.get("fix_versions")
    better = ", ".join(map(str, mended)) if isinstance(mended, list) and mended else "none yet"
    return f"{name} {each.get('version')}: {one.get('id')}; mended in: {better}"
