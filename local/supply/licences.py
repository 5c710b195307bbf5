"""Licences of packages, by what the packages themselves say, and whether the deployed ones may be used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata

ALLOWED = frozenset(
    {"0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0",
     "PSF-2.0", "Unlicense", "Zlib"}
)  # fmt: skip
"""What a deployed package may be under: nothing asks more than to be named, and MPL-2.0 only for changes of
its own files. Another one is a decision: it is added here, with its reason, or the package is not taken."""

_SPELLED = {
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "apache-2.0 license": "Apache-2.0",
    "bsd license": "BSD", "bsd": "BSD", "isc license (iscl)": "ISC", "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "python software foundation license": "PSF-2.0",
    "3-clause bsd license": "BSD-3-Clause", "the unlicense (unlicense)": "Unlicense", "psf-2.0": "PSF-2.0",
}  # fmt: skip
"""Texts that packages write, and the SPDX id of each. ``BSD`` is none: those do not say which."""
_ID = re.compile(r"[A-Za-z0-9.+-]+")
_WORDS = {"AND", "OR", "WITH"}
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Licence:
    """``text``: an SPDX expression, where the package's own words are one; empty: it says none."""

    text: str
    why: str = ""
    """Why it is not known."""

    @property
    def allowed(self) -> bool:
        """Whether all of it is allowed; of a plain choice, one of it."""
        ids = [word for word in _ID.findall(self.text) if word not in _WORDS]
        if not ids or "WITH" in self.text.split():
            return False
        plain_choice = "OR" in self.text.split() and not re.search(r"[()]|\bAND\b", self.text)
        return (any if plain_choice else all)(each in ALLOWED for each in ids)


def licence_of(name: str) -> Licence:
    """Of an installed package."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return Licence("", "not installed on this machine, so it cannot be asked")
    return licence_in(
        {"License-Expression": told.get("License-Expression"), "License": told.get("License")},
        told.get_all("Classifier") or [],
    )


def licence_in(fields: Mapping[str, str | None], classifiers: Sequence[str]) -> Licence:
    """By the expression, else the short text, else the classifiers. A long text is a licence's own, and names
    nothing that a program could read."""
    if expression := (fields.get("License-Expression") or "").strip():
        return Licence(expression)
    short = (fields.get("License") or "").strip()
    known = {spdx.lower(): spdx for spdx in ALLOWED}
    named = [c.rsplit("::", 1)[-1].strip() for c in classifiers if c.startswith("License ::")]
    for text in (short if len(short) <= _LONGEST and "\n" not in short else "", *named):
        low = text.lower()
        if spdx := _SPELLED.get(low) or known.get(low):
            return Licence(spdx)
    told = short.splitlines()[0][:_LONGEST] if short else ", ".join(named)
    return Licence("", f"it says '{told}'" if told else "the package says none")
