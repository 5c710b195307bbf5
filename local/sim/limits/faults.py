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
from typing import Annotated, Any, Literal, get_args

import pydantic
from pydantic import AfterValidator, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from local.sim.limits.rewriting import Rewriting
from local.sim.services.arm import ArmError

Effect = Literal["status", "delay", "cut", "lose", "late", "rewrite"]
EFFECTS = get_args(Effect)
_REWRITES = ("set", "remove", "repeat", "raw", "headers")
Lower = Annotated[str, AfterValidator(str.lower)]


@dataclass(frozen=True, slots=True)
class Called:
    """A call that rules are matched against. ``path`` includes the query."""

    operation: str
    host: str = ""
    method: str = ""
    path: str = ""


@pydantic.dataclasses.dataclass(
    config=ConfigDict(extra="forbid", alias_generator=to_camel), kw_only=True
)
class Rule(Rewriting):
    """A rule, with how it rewrites, if that is its effect."""

    id: int = field(default=0, init=False)
    effect: Effect
    operation: str = "*"
    host: Lower = ""
    times: int = 1
    """How often the rule strikes; -1 for always."""
    skip: int = 0
    """How many matching calls pass first."""
    code: str = "InternalServerError"
    retry_after: int | None = None
    seconds: float = 1.0
    method: Annotated[str, AfterValidator(str.upper)] = ""
    path: Lower = ""
    message: str = ""

    @property
    def refusal(self) -> ArmError:
        text = self.message or f"Injected by fault rule {self.id}."
        return ArmError(self.status or 500, self.code, text, self.retry_after)

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
        rule = TypeAdapter(Rule).validate_python(told)
        if rule.effect != "rewrite" and (found := [name for name in _REWRITES if name in told]):
            raise ValueError(f"{', '.join(found)}: only with the effect 'rewrite'")
        rule.id = next(self._ids)
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

    def rewrites(self, call: Called) -> list[Rule]:
        """All rules that rewrite the response to this call. Each counts as having struck once."""
        return list(self._struck(call, rewrites=True))

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
