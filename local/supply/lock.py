"""The lock: what ``requirements.txt`` pins, and which packages need it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[^]]*])?==(\S+?)(?:\s*;\s*(.*?))?\s*\\?$")
_HASH = re.compile(r"\s+--hash=sha256:([0-9a-f]{64})\s*\\?$")
_VIA = re.compile(r"\s+#(?: via)?\s*(.*)$")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*$")


@dataclass(frozen=True, slots=True)
class Pinned:
    """One pinned package. ``needed_by``: the packages that need it; empty if it is only a direct
    dependency. ``marker``: where it is installed; empty: everywhere."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]
    direct: bool

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version.replace('+', '%2B')}"


class LockError(Exception):
    """The file is not a lock. The text names the line."""


def read_lock(path: Path) -> tuple[Pinned, ...]:
    """The pinned packages. Raises LockError for a line that does not belong in a lock, and for a
    package without a hash."""
    found = tuple(_parts(path.read_text(encoding="utf-8").splitlines()))
    if bare := [pinned.name for pinned in found if not pinned.hashes]:
        raise LockError(f"{path.name}: without a hash: {', '.join(bare)}")
    return found


def _parts(lines: list[str]) -> Iterator[Pinned]:
    head: re.Match[str] | None = None
    hashes: list[str] = []
    via: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if head is not None and (told := _HASH.match(line)):
            hashes.append(told[1])
        elif head is not None and (told := _VIA.match(line)):
            via += [told[1]] if told[1] else []
        else:
            if head is not None:
                yield _pinned(head, hashes, via)
            head, hashes, via = _PIN.match(line), [], []
            if head is None and line.strip() and not line.startswith("#"):
                raise LockError(f"line {number} is none of a lock: {line[:80]!r}")
    if head is not None:
        yield _pinned(head, hashes, via)


def _pinned(head: re.Match[str], hashes: list[str], via: list[str]) -> Pinned:
    by = tuple(name for name in via if _NAME.match(name))
    return Pinned(
        _normal(head[1]), head[2], head[3] or "", tuple(hashes), tuple(map(_normal, by)),
        direct=any(word.startswith("-r ") for word in via),
    )  # fmt: skip


def _normal(name: str) -> str:
    """The name as the registry compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()
