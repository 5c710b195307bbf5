"""``python dev.py audit``: bills of materials, licences, known vulnerabilities.

It succeeds only if every package, including those for development, was looked up without a finding,
and every deployed package has an allowed licence.
"""

import json
import sys
import tomllib
from pathlib import Path

from local.supply.bill import bill
from local.supply.licences import Licence, licence_of
from local.supply.lock import LockError, Pinned, read_lock
from local.supply.vulnerabilities import Looked, look_up

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".local" / "bills"


def main(options: list[str]) -> int:
    try:
        deployed = read_lock(ROOT / "requirements.txt")
        everything = read_lock(ROOT / "requirements-dev.txt")
    except (OSError, LockError) as error:
        print(f"audit: NOT clean: {error}")
        return 1
    licences = {each.name: licence_of(each.name) for each in everything}
    licences |= {each.name: licence_of(each.name) for each in deployed}
    _write("app", deployed, licences)
    _write("development", everything, licences)
    refused = _licences(deployed, everything, licences)
    both = {(each.name, each.version): each for each in (*everything, *deployed)}
    seen = look_up(both.values(), options)
    return 1 if _told(seen, len(both)) + refused else 0


def _write(name: str, pinned: tuple[Pinned, ...], licences: dict[str, Licence]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.cdx.json"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    made = bill(pinned, licences, project["version"])
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"bill of materials: {path.relative_to(ROOT)} ({len(pinned)} packages)")


def _licences(
    deployed: tuple[Pinned, ...], everything: tuple[Pinned, ...], licences: dict[str, Licence]
) -> int:
    """Print the licences. Returns how many deployed packages have no allowed licence."""
    ours = {each.name for each in deployed}
    for title, pinned in (
        ("deployed", deployed), ("development only", [e for e in everything if e.name not in ours])
    ):  # fmt: skip
        by: dict[str, list[str]] = {}
        for each in pinned:
            licence = licences[each.name]
            by.setdefault(licence.text or f"not known: {licence.why}", []).append(each.name)
        print(f"\nlicences, {title}:")
        for text, names in sorted(by.items(), key=lambda item: (-len(item[1]), item[0])):
            print(f"  {text}: {', '.join(names)}")
    refused = [each.name for each in deployed if not licences[each.name].allowed]
    if refused:
        print(f"audit: NOT clean: deployed, under no licence that is allowed: {', '.join(refused)}")
    return len(refused)


def _told(seen: Looked, number: int) -> int:
    print(f"\nvulnerabilities: {number - len(seen.unknown)} of {number} packages looked up")
    for line in seen.found:
        print(f"  {line}")
    if seen.found:
        print(f"audit: NOT clean: {len(seen.found)} vulnerabilities are known")
    if seen.unknown:
        print(
            f"audit: NOT clean: the database could not be reached, or does not know "
            f"{len(seen.unknown)} packages; what was not looked up is not clean. "
            f"First: {seen.unknown[0]}: {seen.why}"
        )
    if seen.clean:
        print("nothing is known against any of them")
    return len(seen.found) + len(seen.unknown)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
