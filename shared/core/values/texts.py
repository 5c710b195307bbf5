"""Texts for readers: counted nouns, and text from elsewhere made safe to show."""

import unicodedata

LONGEST = 2000
"""Characters."""


def count(number: int, noun: str) -> str:
    """``1 session``, ``2 sessions``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def plain(text: str, longest: int = LONGEST) -> str:
    """The text with invisible characters (controls, line ends, direction marks, lone surrogates)
    written as escapes, cut to ``longest`` characters. So text from elsewhere cannot begin
    another line or turn the text around it."""
    short = cut(text, longest)
    if short.isascii() and short.isprintable():
        return short
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.category(c) in _UNSEEN else c
        for c in short
    )


def cut(text: str, longest: int) -> str:
    """The text in at most ``longest`` characters. If it was longer, the last one is an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
