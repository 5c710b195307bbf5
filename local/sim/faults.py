"""Faults by rule: which calls go wrong, how, and how often.

A rule is an object such as ``{"operation": "sessionHosts.update", "host": "avd-fin-1",
"effect": "lose", "times": 1}``. Effects:

``status``  answer ``status`` (with ``code`` and ``retryAfter``); nothing happens
``delay``   answer after ``seconds``
``cut``     break the connection; nothing happens
``lose``    do it, then break the connection
``late``    break the connection, and do it after ``seconds``
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

EFFECTS = ("status", "delay", "cut", "lose", "late")
FIELDS = {"operation", "host", "effect", "times", "skip", "status", "code", "retryAfter", "seconds"}


@dataclass(slots=True)
class Rule:
    id: int
    operation: str
    effect: str
    host: str = ""
    times: int = 1
    """How often it strikes; -1 for always."""
    skip: int = 0
    """So many matching calls pass first."""
    status: int = 500
    code: str = "InternalServerError"
    retry_after: int | None = None
    seconds: float = 1.0


@dataclass(slots=True)
class Faults:
    rules: list[Rule] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, told: dict[str, Any]) -> Rule:
        """Raises ValueError that says what is wrong with the rule."""
        unknown = sorted(set(told) - FIELDS)
        if unknown:
            raise ValueError(f"unknown {', '.join(unknown)}; known are {', '.join(sorted(FIELDS))}")
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
        )
        self.rules.append(rule)
        return rule

    def strike(self, operation: str, host: str) -> Rule | None:
        """The first rule that strikes this call, used up by one."""
        for rule in self.rules:
            if rule.operation not in ("*", operation) or rule.times == 0:
                continue
            if rule.host and rule.host not in (host.lower(), host.lower().split(".", 1)[0]):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times > 0:
                rule.times -= 1
            return rule
        return None
