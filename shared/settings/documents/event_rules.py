"""The setting EVENT_RULES: what each kind of event does, as JSON or as the name of a JSON file
beside ``function_app.py``. It is read when the app starts, with every fault at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from shared.core.access.allowed import Allowed
from shared.core.events.rules import Does, OverTheFloor, Rule
from shared.core.events.signals import Source
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.updaterun import UsersRemain
from shared.core.policy import policychecks
from shared.core.policy.policy import Amount, Policy
from shared.settings.setting import PartlyReadError
from shared.settings.values import json_of
from shared.wire.bodies import Whole, validated
from shared.wire.derived import record
from shared.wire.fields import Duration
from shared.wire.policies import faults_told
from shared.wire.start import PolicyBody

Pattern = Annotated[str, Field(min_length=1, max_length=500)]
Patterns = list[Pattern]

FILTERS = {
    Source.ALERT: {
        "severities": "severity",
        "alert_rules": "alertRule",
        "target_types": "targetType",
    },
    Source.SCHEDULED_EVENT: {"event_types": "eventType"},
    Source.PREDICTED_LOSS: {"annotations": "annotation"},
    Source.PLATFORM_MAINTENANCE: {"annotations": "annotation"},
    Source.UPDATE_MANAGER: {},
}
"""By kind of event: the fields that narrow a rule, and the fact of a signal that each field is
compared with."""
_NARROW = {name for names in FILTERS.values() for name in names}
_OF_RUNS = {"users_remain", "over_the_floor", "decide_before"}


class RuleSetting(Whole):
    """One rule. The first rule that fits an event and a host pool is used."""

    name: str = Field(min_length=1, max_length=100, description="how the history calls it")
    on: Source = Field(description="which kind of event")
    does: Does = Field(
        default=Does.DRAIN, description="`nothing` keeps later rules from speaking of it"
    )
    pools: Patterns = Field(
        default_factory=list, max_length=500,
        description="names or resource ids of host pools, with `*`; left out: all",
    )  # fmt: skip
    severities: Patterns = Field(default_factory=list, description="of alerts: `Sev0` to `Sev4`")
    alert_rules: Patterns = Field(default_factory=list, description="of alerts: their rules")
    target_types: Patterns = Field(
        default_factory=list, description="of alerts: `virtualMachines` or `sessionHosts`"
    )
    event_types: Patterns = Field(
        default_factory=list,
        description="of scheduled events: `Freeze`, `Reboot`, `Redeploy`, `Preempt`, `Terminate`",
    )
    annotations: Patterns = Field(default_factory=list, description="of health: their names")
    allow_personal: bool = Field(
        default=False, description="drain pools whose users have nowhere else to go"
    )
    users_remain: UsersRemain = Field(
        default=UsersRemain.CANCEL_RUN,
        description="of Update Manager: when users remain on a host shortly before the run can't be "
        "cancelled any more",
    )
    over_the_floor: OverTheFloor = Field(
        default=OverTheFloor.CANCEL_RUN,
        description="of Update Manager: when a run wants more hosts than the policy lets out at once",
    )
    decide_before: Duration = Field(
        default=timedelta(minutes=3),
        description="of Update Manager: so long before the last moment to cancel it is decided; users "
        "have until then",
    )
    policy: PolicyBody | SkipJsonSchema[None] = Field(  # type: ignore[valid-type]
        default=None, description="as in a request; left out: half of the pool at once, and `hold`"
    )

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        on = read.get("on")
        if on is None:
            return
        wrong = (told.keys() & _NARROW) - FILTERS[on].keys()
        if on is not Source.UPDATE_MANAGER:
            wrong |= told.keys() & _OF_RUNS
        yield from (f"'{_alias(name)}' says nothing about '{on}'" for name in sorted(wrong))
        if on is Source.UPDATE_MANAGER and _says_what_is_the_runs(told.get("policy")):
            yield (
                "'policy': what is done, and until when, is the run's to say: leave out "
                "'maintenance', 'deadlineAt' and 'atDeadline'"
            )

    def rule(self) -> Rule:
        policy = Policy(max_unavailable=Amount(50, percent=True))
        if self.policy is not None:
            policy = record(Policy, self.policy)
        only = {
            fact: tuple(getattr(self, name))
            for name, fact in FILTERS[self.on].items()
            if getattr(self, name)
        }
        return Rule(
            self.name, self.on, self.does, tuple(self.pools), only, policy, self.allow_personal,
            self.users_remain, self.over_the_floor, self.decide_before,
        )  # fmt: skip


def _says_what_is_the_runs(policy: Any) -> bool:
    if not isinstance(policy, dict):
        return False
    done = policy.get("maintenance")
    kind = done.get("kind", Hold().kind) if isinstance(done, dict) else Hold().kind
    return kind != Hold().kind or bool({"deadlineAt", "atDeadline"} & policy.keys())


def read_rules(value: str) -> tuple[Rule, ...]:
    """The rules of the setting. Raises PartlyReadError that names every fault, except those that depend on other
    settings."""
    raw = json_of(value)
    if not isinstance(raw, list):
        raise ValueError("not a list of rules")
    rules, faults = [], []
    for number, each in enumerate(raw, 1):
        made, wrong = validated(RuleSetting, each)
        faults += [f"rule {number}{', ' if f.target else ': '}{f.text}" for f in wrong]
        if made is not None:
            rules.append(made.rule())
    names = [name for name in (_name(each) for each in raw) if name]
    faults += [f"two rules '{name}'" for name in sorted({n for n in names if names.count(n) > 1})]
    if faults:
        raise PartlyReadError("; ".join(faults), lambda allowed: _beside(raw, allowed))
    return tuple(rules)


def _name(raw: Any) -> str:
    name = raw.get("name") if isinstance(raw, dict) else None
    return name if isinstance(name, str) else ""


def _beside(raw: list[Any], allowed: Allowed) -> Iterator[str]:
    for number, each in enumerate(raw, 1):
        for fault in faults_told(each, allowed):
            yield f"EVENT_RULES: rule {number}, {fault.target}: {fault.text}"


def faults(rules: tuple[Rule, ...], allowed: Allowed) -> list[str]:
    """What is wrong with the policies of the rules as a whole, which depends on other settings."""
    return [
        f"EVENT_RULES: rule '{rule.name}', policy.{field}: {text}"
        for rule in rules
        for field, text in policychecks.faults(rule.policy, allowed)
    ]


def _alias(name: str) -> str:
    return str(RuleSetting.model_fields[name].alias)
