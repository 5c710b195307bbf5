"""The setting NOTIFICATIONS: receivers, and rules that say who is notified of what, as JSON or as
the name of a JSON file beside ``function_app.py``. It is read when the app starts, with every fault
at once."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field

from shared.core.access.allowed import LOOPBACK, Allowed, fault_of
from shared.core.access.roles import EVERYWHERE, Reach
from shared.core.drain.happenings import Kind, Level
from shared.core.notifications.rules import (
    ON_THE_TOPIC,
    NotificationRule,
    Notifications,
    Quiet,
    Receiver,
    ReceiverKind,
)
from shared.core.policy.policychecks import is_zone
from shared.core.values.window import Day, Window, faults as window_faults
from shared.settings.setting import Secret
from shared.settings.values import json_of
from shared.wire.bodies import Whole, validated
from shared.wire.derived import Body
from shared.wire.fields import Duration

_NAME = r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$"
_SETTING = r"^NOTIFY_[A-Z0-9_]{1,60}$"
_KEY = re.compile(r"whsec_([A-Za-z0-9+/]+={0,2})")
_UNRESOLVED = "@microsoft.keyvault("
_MOST = 50
_LONGEST_FOLD = timedelta(days=7)

Name = Annotated[str, Field(pattern=_NAME)]
SecretName = Annotated[str, Field(pattern=_SETTING)]
Pattern = Annotated[str, Field(min_length=1, max_length=500)]


class QuietSetting(Whole):
    """Hours in which a receiver gets only what breaks through."""

    days: list[Day] = Field(default_factory=list, max_length=7, description="none: every day")
    starts: str = Field(description="local time, such as `22:00`")
    ends: str = Field(description="the next day, if that is not later")
    time_zone: str = Field(description="an IANA time zone", max_length=64)
    breaks_through: list[Kind] = Field(
        default_factory=lambda: [Kind.HOST_ATTENTION],
        description="kinds that are sent all the same",
    )

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        times = {name: read[name] for name in ("starts", "ends") if name in read}
        yield from (text for _, text in window_faults(Window(**times)))
        if "time_zone" in read and not is_zone(read["time_zone"]):
            yield "'timeZone' is an IANA time zone such as Europe/Berlin"

    @property
    def window(self) -> Window:
        return Window(tuple(self.days), self.starts, self.ends, self.time_zone)


class ReceiverSetting(Whole):
    """Where notifications go."""

    kind: ReceiverKind = Field(description="`teams`, `https` or `eventGrid`")
    address: SecretName = Field(
        default="", description="the name of the setting that holds its address"
    )
    keys: list[SecretName] = Field(
        default_factory=list, max_length=2,
        description="of `https`: the names of the settings that hold its keys; two while one is replaced",
    )  # fmt: skip
    fold_for: Duration = Field(
        default=timedelta(hours=1),
        description="the same about the same host is told once in so long, with how often it came",
    )
    settle: Duration = Field(
        default=timedelta(seconds=15), description="what comes within so long is told together"
    )
    quiet: QuietSetting = Field(  # type: ignore[assignment]  # left out, there is none
        default=None, description="its quiet hours; left out: none"
    )

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        kind = read.get("kind")
        if kind is ReceiverKind.EVENT_GRID and "address" in told:
            yield "'address' says nothing about 'eventGrid': the topic is that of EVENT_TOPIC_ENDPOINT"
        elif kind not in (None, ReceiverKind.EVENT_GRID) and not read.get("address", "?"):
            yield f"'address' names the setting that holds its address: '{kind}' needs one"
        if kind is not None and (kind is ReceiverKind.HTTPS) != bool(
            read.get("keys", ("keys" in told))
        ):
            yield "'keys' names settings that hold keys, of 'https' and of no other"
        settle, fold = read.get("settle"), read.get("fold_for")
        if settle is not None and fold is not None and not settle <= fold <= _LONGEST_FOLD:
            yield "'settle' is no longer than 'foldFor', and that is P7D at most"

    def receiver(self, name: str) -> Receiver:
        quiet = None
        if "quiet" in self.model_fields_set:
            quiet = Quiet(self.quiet.window, frozenset(self.quiet.breaks_through))
        return Receiver(
            name, self.kind, self.address, tuple(self.keys), self.fold_for, self.settle, quiet
        )


class NotificationRuleSetting(Body):
    """Who is notified of what. Every rule that fits applies."""

    name: str = Field(min_length=1, max_length=100)
    to: list[Name] = Field(min_length=1, max_length=_MOST, description="receivers by name")
    kinds: list[Kind] = Field(default_factory=list, description="none: every kind")
    at_least: Level = Field(default=Level.INFO, description="`info`, `warning` or `error`")
    pools: list[Pattern] = Field(
        default_factory=list, max_length=500,
        description="names or resource ids of host pools, with `*`; left out: all",
    )  # fmt: skip
    asked_by: list[Pattern] = Field(
        default_factory=list, max_length=500, description="who asked for it, with `*`; left out: anybody"
    )  # fmt: skip

    def rule(self) -> NotificationRule:
        pools = Reach(tuple(self.pools)) if self.pools else EVERYWHERE
        return NotificationRule(
            self.name, tuple(self.to), frozenset(self.kinds), self.at_least, pools, tuple(self.asked_by)
        )  # fmt: skip


class NotificationsSetting(Whole):
    """The whole setting."""

    receivers: dict[Name, ReceiverSetting] = Field(max_length=_MOST)
    rules: list[NotificationRuleSetting] = Field(max_length=200)

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        receivers, rules = told.get("receivers"), told.get("rules")
        if isinstance(receivers, dict) and isinstance(rules, list):
            yield from _between(receivers, [rule for rule in rules if isinstance(rule, dict)])


def read(value: str) -> Notifications:
    """The receivers and rules of the setting. Raises ValueError that names every fault, except
    those that depend on other settings."""
    raw = json_of(value)
    if not isinstance(raw, dict):
        raise ValueError("not a JSON object of 'receivers' and 'rules'")
    made, wrong = validated(NotificationsSetting, raw)
    if made is None:
        raise ValueError("; ".join(fault.text for fault in wrong))
    return Notifications(
        tuple(each.receiver(name) for name, each in made.receivers.items()),
        tuple(each.rule() for each in made.rules),
    )


def _between(receivers: dict[str, Any], rules: list[Any]) -> Iterator[str]:
    """What is wrong between the rules and the receivers, as they were told."""
    names = [rule["name"] for rule in rules if isinstance(rule.get("name"), str)]
    yield from (f"two rules '{name}'" for name in sorted({n for n in names if names.count(n) > 1}))
    for number, rule in enumerate(rules, 1):
        called = f"rule '{rule.get('name', number)}'"
        kinds = {kind for kind in _listed(rule, "kinds") if isinstance(kind, str)}
        for name in (to for to in _listed(rule, "to") if isinstance(to, str)):
            if name not in receivers:
                yield f"{called}: there is no receiver '{name}'"
                continue
            told = receivers[name]
            kind = told.get("kind") if isinstance(told, dict) else None
            if kind == ReceiverKind.EVENT_GRID and (not kinds or kinds - ON_THE_TOPIC):
                yield (
                    f"{called}: the topic is told of drains and hosts without a rule: 'kinds' of "
                    f"'{name}' can only be {', '.join(ON_THE_TOPIC)}"
                )
        if Kind.TEST in kinds:
            yield f"{called}: a test is sent to whom it names"


def _listed(rule: dict[str, Any], name: str) -> list[Any]:
    found = rule.get(name)
    return found if isinstance(found, list) else []


def faults(
    found: Notifications, secrets: Mapping[str, Secret], *, topic: bool, loopback: bool
) -> Iterator[str]:
    """What is wrong with the settings that NOTIFICATIONS names. No value is repeated."""
    for receiver in found.receivers:
        if receiver.kind is ReceiverKind.EVENT_GRID:
            if not topic:
                yield f"NOTIFICATIONS: '{receiver.name}' needs EVENT_TOPIC_ENDPOINT"
            continue
        for name in (receiver.address, *receiver.keys):
            secret = secrets.get(name)
            if secret is None:
                yield f"{name}: missing, and NOTIFICATIONS names it for '{receiver.name}'"
            elif is_resolved(secret):
                check = _address_fault if name == receiver.address else _key_fault
                if fault := check(secret.reveal(), loopback=loopback):
                    yield f"{name}: {fault}"


def is_resolved(secret: Secret) -> bool:
    """Whether the platform has replaced the reference to Key Vault by the secret. It leaves the
    reference if it cannot read the vault now. That does not stop the app from starting: drains do
    not depend on it."""
    return not secret.reveal().strip().lower().startswith(_UNRESOLVED)


def _address_fault(url: str, *, loopback: bool) -> str:
    """What is wrong with an address. The operator's own addresses are allowed here; that does not
    allow callers to have anything sent to them."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return "not an address"
    if host in LOOPBACK and not loopback:
        return "loopback only where ARM_ENDPOINT is loopback"
    return fault_of(url, Allowed(webhook_hosts=(host,)))


def _key_fault(text: str, *, loopback: bool) -> str:
    return "" if key_of(text) else "'whsec_' and 24 to 64 bytes in Base64"


def key_of(text: str) -> bytes:
    """The bytes of a key in the format of https://www.standardwebhooks.com. Empty: it is no such
    key."""
    found = _KEY.fullmatch(text.strip())
    if found is None:
        return b""
    try:
        key = base64.b64decode(found[1], validate=True)
    except (binascii.Error, ValueError):
        return b""
    return key if 24 <= len(key) <= 64 else b""
