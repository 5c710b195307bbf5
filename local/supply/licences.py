"""The licences of packages, from the packages' own metadata, and whether the deployed ones are
allowed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata

ALLOWED = frozenset(
    {"0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0",
     "PSF-2.0", "Unlicense", "Zlib"}
)  # fmt: skip
"""The licences that a deployed package may have. They ask for no more than attribution; MPL-2.0
covers only changes to its own files. Another licence is a decision: add it here with its reason, or
do not use the package."""

_SPELLED = {
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "apache-2.0 license": "Apache-2.0",
    "bsd license": "BSD", "bsd": "BSD", "isc license (iscl)": "ISC", "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "python software foundation license": "PSF-2.0",
    "3-clause bsd license": "BSD-3-Clause", "the unlicense (unlicense)": "Unlicense", "psf-2.0": "PSF-2.0",
}  # fmt: skip
"""Texts that packages write, with the SPDX id of each. ``BSD`` is not an SPDX id: such a package
does not say which one."""
_ID = re.compile(r"[A-Za-z0-9.+-]+")
_WORDS = {"AND", "OR", "WITH"}
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence. ``text``: an SPDX expression, if the package states one; empty: it states none."""

    text: str
    why: str = ""
    """Why the licence is not known."""

    @property
    def allowed(self) -> bool:
        """Whether all of the licence is allowed; for a plain choice ("OR"), whether one of them
        is."""
        ids = [word for word in _ID.findall(self.text) if word not in _WORDS]
        if not ids or "WITH" in self.text.split():
            return False
        plain_choice = "OR" in self.text.split() and not re.search(r"[()]|\bAND\b", self.text)
        return (any if plain_choice else all)(each in ALLOWED for each in ids)


def licence_of(name: str) -> Licence:
    """The licence of an installed package."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return Licence("", "not installed on this machine, so it cannot be asked")
    return licence_in(
        {"License-Expression": told.get("License-Expression"), "License": told.get("License")},
        told.get_all("Classifier") or [],
    )


def licence_in(fields: Mapping[str, str | None], classifiers: Sequence[str]) -> Licence:
    """The licence in a package's metadata: its expression, else its short text, else its
    classifiers. A long text is the licence itself, which a program cannot name."""
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
