"""Texts: numbers in sentences; a text of somebody else's in one line, in which nothing begins another line or turns
round what stands there."""

import unicodedata

LONGEST = 2000


def count(number: int, noun: str) -> str:
    """``1 session``, ``2 sessions``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def plain(text: str, longest: int = LONGEST) -> str:
    """Characters that nobody sees (controls, line ends, marks of direction, halves of pairs) are spelled out; what is
    beyond ``longest`` characters is left off."""
    short = cut(text, longest)
    if short.isascii() and short.isprintable():
        return short
    return "".join(_spelled(c) if _unseen(c) else c for c in short)


def cut(text: str, longest: int) -> str:
    """At most so many characters, the last of which then says that there were more."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
