"""Fault rules: which calls fail, how, and how often.

A rule is an object such as ``{"operation": "sessionHosts.update", "host": "avd-fin-1", "effect":
"lose", "times": 1}``. Its effects:

    ``status``  respond with ``status`` (and ``code`` and ``retryAfter``); nothing happens
    ``delay``   respond after ``seconds``
    ``cut``     break the connection; nothing happens
    ``lose``    do it, then break the connection
    ``late``    break the connection, and do it after ``seconds``
    ``rewrite`` do it, and respond differently: see ``local.sim.limits.rewriting``

``method`` and ``path`` (a pattern such as ``*/userSessions*api-version=2024-*``) narrow any rule.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from local.sim.limits import rewriting
from local.sim.limits.rewriting import Rewriting

EFFECTS = ("status", "delay", "cut", "lose", "late", "rewrite")
FIELDS = {
    "operation", "host", "effect", "times", "skip", "status", "code", "retryAfter", "seconds",
    "method", "path", "message",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Called:
    """A call that rules are matched against. ``path`` includes the query."""

    operation: str
    host: str = ""
    method: str = ""
    path: str = ""


@dataclass(slots=True)
class Rule:
    id: int
    operation: str
    effect: str
    host: str = ""
    times: int = 1
    """How often the rule strikes; -1 for always."""
    skip: int = 0
    """How many matching calls pass first."""
    status: int = 500
    code: str = "InternalServerError"
    retry_after: int | None = None
    seconds: float = 1.0
    method: str = ""
    path: str = ""
    message: str = ""
    rewriting: Rewriting | None = None

    def meets(self, call: Called) -> bool:
        host = call.host.lower()
        return (
            self.operation in ("*", call.operation)
            and self.host in ("", host, host.split(".", 1)[0])
            and self.method in ("", call.method)
            and (not self.path or fnmatchcase(call.path.lower(), self.path))
        )


@dataclass(slots=True)
class Faults:
    rules: list[Rule] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, told: dict[str, Any]) -> Rule:
        """Add a rule. Raises ValueError that says what is wrong with it."""
        rewrites = told.get("effect") == "rewrite"
        known = FIELDS | (rewriting.FIELDS if rewrites else set())
        unknown = sorted(set(told) - known)
        if unknown:
            raise ValueError(f"unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        if told.get("effect") not in EFFECTS:
            raise ValueError(f"'effect' is one of {', '.join(EFFECTS)}")
        rule = Rule(
            next(self._ids),
            str(told.get("operation", "*")),
            told["effect"],
            str(told.get("host", "")).lower(),
            int(told.get("times", 1)),
            int(told.get("skip", 0)),
            int(told.get("status", 500)),
            str(told.get("code", "InternalServerError")),
            told.get("retryAfter"),
            float(told.get("seconds", 1.0)),
            str(told.get("method", "")).upper(),
            str(told.get("path", "")).lower(),
            str(told.get("message", "")),
            Rewriting.of(told) if rewrites else None,
        )
        self.rules.append(rule)
        return rule

    def lift(self, id_: str) -> None:
        """Remove the rule with that id, or all rules if it is empty. Raises ValueError for an
        unknown id."""
        if id_ and id_ not in {str(rule.id) for rule in self.rules}:
            raise ValueError(f"'id' is one of {', '.join(str(rule.id) for rule in self.rules)}")
        self.rules = [rule for rule in self.rules if id_ and str(rule.id) != id_]

    def strike(self, call: Called) -> Rule | None:
        """The first rule that strikes this call. It counts as having struck once."""
        return next((rule for rule in self._struck(call, rewrites=False)), None)

    def rewrites(self, call: Called) -> list[Rewriting]:
        """All rules that rewrite the response to this call. Each counts as having struck once."""
        return [r.rewriting for r in self._struck(call, rewrites=True) if r.rewriting is not None]

    def _struck(self, call: Called, *, rewrites: bool) -> Iterator[Rule]:
        for rule in self.rules:
            if (
                (rule.effect == "rewrite") is not rewrites
                or rule.times == 0
                or not rule.meets(call)
            ):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times > 0:
                rule.times -= 1
            yield rule
