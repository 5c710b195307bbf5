"""``.funcignore``: which files are left out of the published app. It reads the part of gitignore's
language that the file uses.

A pattern without a slash matches names at any depth; one that ends with a slash matches folders
only.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path


class IgnoreError(Exception):
    """A pattern that is not supported here, and so might mean something else to the vendor's
    tools."""


def read_ignored(path: Path) -> tuple[str, ...]:
    """The patterns of the file. Raises IgnoreError that names every pattern that is not
    supported."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    patterns = tuple(line for line in lines if line and not line.startswith("#"))
    odd = [p for p in patterns if p.startswith(("!", "/")) or "/" in p[:-1] or "**" in p]
    if odd:
        raise IgnoreError(f"{path.name}: not understood: {', '.join(odd)}")
    return patterns


def kept(root: Path, patterns: Sequence[str]) -> Iterator[Path]:
    """The files that are published, in a fixed order. Links are left out."""
    for path in sorted(root.iterdir()):
        if path.is_symlink() or _is_left_out(path, patterns):
            continue
        if path.is_dir():
            yield from kept(path, patterns)
        else:
            yield path


def _is_left_out(path: Path, patterns: Sequence[str]) -> bool:
    return any(
        fnmatchcase(path.name, pattern.rstrip("/"))
        for pattern in patterns
        if path.is_dir() or not pattern.endswith("/")
    )
