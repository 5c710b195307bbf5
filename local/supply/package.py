"""``python dev.py package``: the zip file that is deployed, and its size.

It does not contain the Python packages: they are installed from ``requirements.txt`` at the
deployment. Their size is shown as far as they are installed here. The same files make the same zip,
byte for byte.
"""

import argparse
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from local.supply.ignoring import IgnoreError, kept, read_ignored
from local.supply.lock import LockError, Pinned, read_lock

ROOT = Path(__file__).resolve().parents[2]
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip entry can have."""
_READABLE = 0o644 << 16


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="dev.py package", description=__doc__.split("\n", 1)[0])
    asked.add_argument("--out", type=Path, default=ROOT / ".local" / "app.zip")
    asked.add_argument("--biggest", type=int, default=8, help="how many parts are told of each")
    given = asked.parse_args(words)
    try:
        published = list(kept(ROOT, read_ignored(ROOT / ".funcignore")))
        pinned = read_lock(ROOT / "requirements.txt")
        written = pack(ROOT, published, given.out)
    except (OSError, IgnoreError, LockError) as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    print(f"{given.out}: {in_words(given.out.stat().st_size)}, {len(published)} files")
    _tell(parts(written), given.biggest)
    sizes, missing = installed(pinned)
    print(f"\npackages that are installed for it: {in_words(sizes.total())}, {len(sizes)} packages")
    _tell(sizes, given.biggest)
    if missing:
        print(f"not installed on this machine, so not counted: {', '.join(missing)}")
    return 0


def pack(root: Path, published: Iterable[Path], out: Path) -> dict[str, int]:
    """Write the zip. Returns the compressed bytes of each file, by its path in the zip."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in published:
            if path.resolve() == out.resolve():
                continue
            entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _READABLE
            archive.writestr(entry, path.read_bytes())
        return {each.filename: each.compress_size for each in archive.infolist()}


def parts(written: dict[str, int]) -> Counter[str]:
    """The bytes by folder, two levels deep: ``shared/core``."""
    found: Counter[str] = Counter()
    for name, size in written.items():
        folders = name.split("/")[:-1][:2]
        found["/".join(folders) or name] += size
    return found


def installed(pinned: Iterable[Pinned]) -> tuple[Counter[str], list[str]]:
    """The bytes on disk by package, and the packages that are not installed here."""
    found: Counter[str] = Counter()
    missing = []
    for each in pinned:
        try:
            listed = files(each.name)
        except PackageNotFoundError:
            listed = None
        if listed is None:
            missing.append(each.name)
            continue
        there = (Path(str(file.locate())) for file in listed if file.suffix != ".pyc")
        found[each.name] = sum(path.stat().st_size for path in there if path.exists())
    return found, missing


def _tell(sizes: Counter[str], most: int) -> None:
    for name, size in sizes.most_common(most):
        print(f"  {in_words(size):>9}  {name}")


def in_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
