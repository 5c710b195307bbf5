"""Policies as callers might write them, right or wrong: any field of the records, at its limits."""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic.alias_generators import to_camel

from shared.core.policy.policy import Amount, Policy

DURATIONS = st.sampled_from(
    ("PT0S", "PT1S", "PT15M", "PT2H", "P1D", "P30D", "P365D", "P3650D", "P99999D", "P999999999D")
)
MOMENTS = st.sampled_from(
    (
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z",
        "2026-11-23T12:00:01Z", "2026-11-24T03:30:00+02:00", "2199-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
    )
)  # fmt: skip
TEXTS = st.sampled_from(
    (
        "", "x", "{reason}", "{deadline} {minutes} {host} {pool}", "{", "{}", "%s", "\ud800", "*", "**",
        "*@contoso.example", "CONTOSO\\kim", "a\x00b", "ä\u202e", "x" * 256, "x" * 4096, "UTC",
        "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "00:00", "23:59", "22:00", "05:00",
        "2200Z", "24:00", "patch", "https://hooks.example/x", "https://hooks.example:99999/",
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-desktops",
    )
)  # fmt: skip
NUMBERS = st.sampled_from((-1, 0, 1, 2, 20, 100, 599, 1000, 5000, 10**7, 10**30))
AMOUNTS = st.sampled_from((0, 1, 3, 999_999, "1%", "25%", "99%", "100%", "101%", "2"))


def told(hint: Any) -> st.SearchStrategy[Any]:
    """A strategy for what a caller might write in a field of this type."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.just(parts[0])
    if origin is tuple:
        return st.lists(told(parts[0]), max_size=3)
    if origin in (Union, types.UnionType):
        return st.one_of(*(told(part) for part in parts))
    if origin is not None:
        return st.dictionaries(TEXTS, TEXTS, max_size=2)
    known = {
        type(None): st.none(), timedelta: DURATIONS, datetime: MOMENTS, bool: st.booleans(),
        int: NUMBERS, str: TEXTS, Amount: AMOUNTS,
    }  # fmt: skip
    if hint in known:
        return known[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return record_of(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from([str(member) for member in hint])
    raise TypeError(f"no strategy for {hint}")


def record_of(kind: type) -> st.SearchStrategy[dict[str, Any]]:
    """A strategy for a record with a few of its fields. Those without a default, and its kind, are
    always there."""
    hints = get_type_hints(kind)
    named = {to_camel(field.name): told(hints[field.name]) for field in fields(kind)}
    always = {
        to_camel(field.name)
        for field in fields(kind)
        if field.name == "kind" or field.default is field.default_factory is MISSING
    }
    few = st.sets(st.sampled_from(sorted(named)), max_size=3)
    return few.flatmap(
        lambda names: st.fixed_dictionaries({name: named[name] for name in sorted(names | always)})
    )


POLICIES = record_of(Policy)
