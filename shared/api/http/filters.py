"""The ``$filter`` of a drain's hosts: the little of OData's language that is needed.

It takes ``phase eq 'draining'`` or ``phase in ('empty', 'maintaining')``; ``attention ne null``; or
both, joined by ``and``.
"""

import re
from dataclasses import dataclass

from shared.api.http.web import Request
from shared.core.host.phases import Phase

_AND = re.compile(r"\s+and\s+")
_EQUAL = re.compile(r"phase\s+eq\s+'([^']*)'")
_IN = re.compile(r"phase\s+in\s*\(\s*('[^']*'(?:\s*,\s*'[^']*')*)\s*\)")
_NEEDS = re.compile(r"attention\s+ne\s+null")
_LONGEST = 500
_TAKES = "phase eq '...', phase in ('...', '...'), attention ne null, joined by and"


@dataclass(frozen=True, slots=True)
class HostFilter:
    """Hosts in these phases (empty: in any). ``needing``: only hosts that need attention."""

    phases: frozenset[Phase] = frozenset()
    needing: bool = False

    @classmethod
    def parse(cls, text: str) -> "HostFilter":
        """The filter in ``text``. Raises ValueError that names every fault."""
        if len(text) > _LONGEST:
            raise ValueError(f"at most {_LONGEST} characters")
        words: list[list[str]] = []
        faults: list[str] = []
        needing = 0
        for term in _AND.split(text.strip()):
            if found := _EQUAL.fullmatch(term):
                words.append([found[1]])
            elif found := _IN.fullmatch(term):
                words.append(re.findall(r"'([^']*)'", found[1]))
            elif _NEEDS.fullmatch(term):
                needing += 1
            else:
                faults.append(f"'{term[:60]}' is not understood; it takes {_TAKES}")
        if len(words) > 1 or needing > 1:
            faults.append("says the same of a host twice")
        known = {str(phase): phase for phase in Phase}
        given = [word for some in words for word in some]
        if unknown := [word[:40] for word in given if word not in known]:
            faults.append(f"no such phase: {', '.join(unknown)}; one of {', '.join(known)}")
        if faults:
            raise ValueError("; ".join(faults))
        return cls(frozenset(known[word] for word in given), bool(needing))


def hosts_asked(request: Request) -> HostFilter:
    """The filter in the query's ``$filter``."""
    text = request.query.get("$filter")
    return HostFilter() if text is None else HostFilter.parse(text)
