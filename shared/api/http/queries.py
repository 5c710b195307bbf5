"""Which parameters a query may have, and which values. Nothing is ignored: an unknown, repeated or
malformed parameter is a fault, so ``?dryrun=true`` starts no drain. All is checked here, before a handler is called: it
need not check again what it reads.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

from shared.api.http.filters import HostFilter
from shared.api.http.paging import MOST, is_top, token_of
from shared.api.http.web import Request
from shared.core.host.status import Status
from shared.core.values.hostpool import HostPoolId
from shared.errors import Fault
from shared.wire.fields import instant, moment

VERSIONS = ("2026-11-01",)
"""The values of ``api-version``. A caller that sends none gets the newest."""
ALWAYS = frozenset({"api-version", "code", "clientId"})
"""The parameters that every address takes: the version, and the function key with the runtime's own
names."""


def values_of(url: str, params: Mapping[str, str]) -> dict[str, str]:
    """The values of a query as they are checked, and as a handler reads them: what ``url`` says stands above what the
    runtime made of it."""
    return {**params, **dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))}


def faults(
    takes: Iterable[str], needs: Iterable[str], url: str, params: Mapping[str, str]
) -> Iterator[Fault]:
    """Every fault of a query. ``takes`` are the parameters of the address, ``needs`` those that are
    required. ``url`` is the address called: unlike ``params`` it shows a repeated parameter."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    times = Counter(key for key, _ in pairs)
    values = values_of(url, params)
    taken = (*takes, *sorted(ALWAYS))
    for key in needs:
        if key not in values:
            yield Fault("MissingField", key, f"{key}: is required")
    for key, value in values.items():
        shown = key[:60]
        if key not in taken:
            known = ", ".join(k for k in taken if k not in ("code", "clientId"))
            yield Fault("UnknownParameter", shown, f"{shown!r}: no such parameter, but: {known}")
        elif times[key] > 1:
            yield Fault("RepeatedParameter", shown, f"{shown}: is there {times[key]} times")
        elif key in _CHECKS and (text := _CHECKS[key](value)):
            code = "UnsupportedApiVersionValue" if key == "api-version" else "InvalidValue"
            yield Fault(code, shown, f"{shown}: {text}")


def _version(value: str) -> str:
    if value in VERSIONS:
        return ""
    return f"'{value[:40]}' is not supported; there is {', '.join(VERSIONS)}"


def _one_of(*known: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        return "" if value.lower() in {k.lower() for k in known} else f"one of {', '.join(known)}"

    return check


def _parsed(parse: Callable[[str], object]) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            parse(value)
        except ValueError as error:
            return str(error)
        return ""

    return check


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "api-version": _version,
    "dryRun": _one_of("true", "false"),
    "status": _one_of(*Status),
    "format": _one_of("json", "markdown"),
    "hostPool": _parsed(HostPoolId.parse),
    "since": _parsed(moment),
    "at": _parsed(instant),
    "$filter": _parsed(HostFilter.parse),
    "$top": lambda value: "" if is_top(value) else f"a number from 1 to {MOST}",
    "$skipToken": _parsed(token_of),
}


def pool_asked(request: Request) -> HostPoolId | None:
    """The pool in the query's ``hostPool``; None: there is none. Raises RequestRefusedError if it is beyond the
    caller's reach."""
    if not (named := request.query.get("hostPool")):
        return None
    pool = HostPoolId.parse(named)
    request.caller.must_reach(pool)
    return pool
