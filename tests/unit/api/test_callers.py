"""Who calls: the principal that App Service authentication tells of, or a function key."""

import base64
import hashlib
import json
from typing import Any

import pytest

from shared.api.http.callers import Believed, Caller, caller_of, name_faults
from shared.api.http.principal import Principal, principal_of
from shared.core.access.roles import EVERYWHERE, Grant, Reach, Role, reach_of
from tests.support.callers.principals import (
    ANNA,
    CLIENT,
    OBJECT,
    ROLE_TYPE,
    SUBJECT,
    WORKFLOW,
    encoded,
    headers_of,
    principal,
)

GROUP, OTHER_GROUP = "dddddddd-0000-0000-0000-000000000004", "eeeeeeee-0000-0000-0000-000000000005"
BY_TOKEN = Believed(by_app_service=True)
BY_KEY = Believed()
READER, READERS = "a-reader's-key", Grant(frozenset({"key:reader"}), Role.READ)
NAMED = Believed(grants=(READERS,), keys={hashlib.sha256(READER.encode()).hexdigest(): "reader"})


def told(*claims: tuple[str, str], provider: str = "aad") -> Principal | None:
    return principal_of({"x-ms-client-principal": encoded(principal(*claims, provider=provider))})


def somebody(headers: dict[str, str], believed: Believed, **query: str) -> Caller:
    found = caller_of(headers, query, believed)
    assert found is not None
    return found


@pytest.mark.parametrize("type_", ["roles", ROLE_TYPE])
def test_app_roles_are_read_by_the_short_name_and_by_the_long_one(type_: str) -> None:
    found = told((OBJECT, ANNA), (type_, "Drain.Read"), (type_, "Other"))
    assert found is not None
    assert {"Drain.Read", "Other", ANNA} <= found.marks


def test_a_claim_that_comes_several_times_has_several_values() -> None:
    found = told(("oid", ANNA), ("groups", GROUP), ("groups", OTHER_GROUP))
    assert found is not None
    assert {GROUP, OTHER_GROUP} <= found.marks


def test_an_application_has_its_client_id_and_a_user_has_not_that_of_the_one_they_use() -> None:
    itself = told((OBJECT, WORKFLOW), (SUBJECT, WORKFLOW), ("appid", CLIENT))
    used = told((OBJECT, ANNA), (SUBJECT, "pairwise"), ("appid", CLIENT))
    scoped = told((OBJECT, ANNA), (SUBJECT, ANNA), ("azp", CLIENT), ("scp", "user_impersonation"))
    assert itself is not None
    assert used is not None
    assert scoped is not None
    assert CLIENT in itself.marks
    assert CLIENT not in used.marks | scoped.marks


def test_an_application_without_a_name_is_known_by_its_client_id() -> None:
    found = told((OBJECT, WORKFLOW), (SUBJECT, WORKFLOW), ("appid", CLIENT))
    assert found is not None
    assert found.name == CLIENT


@pytest.mark.parametrize(
    "header",
    [
        "", "%%%", "bm8=", "e30=", "W10=", "bnVsbA==", "\ud800", "ä", base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"[" * 100_000).decode(),
        encoded({"auth_typ": "aad", "claims": None}),
        encoded({"auth_typ": "aad", "claims": [None, 1, {"typ": 1, "val": 2}, {"typ": OBJECT}]}),
        encoded({"auth_typ": ["aad"], "claims": []}),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_read_is_nobody(header: str) -> None:
    assert principal_of({"x-ms-client-principal": header}) is None
    assert caller_of({"x-ms-client-principal": header}, {}, BY_TOKEN) is None


def test_roles_of_another_identity_provider_are_not_believed() -> None:
    assert told((OBJECT, ANNA), ("roles", "Drain.Admin"), provider="google") is None


def test_no_role_or_group_is_taken_for_a_function_key() -> None:
    found = told((OBJECT, ANNA), ("groups", "key:reader"), ("roles", "KEY:reader"))
    assert found is not None
    assert found.marks == {ANNA}


def test_a_group_that_is_called_like_a_role_is_none() -> None:
    """A registration may have groups come by their names."""
    found = told((OBJECT, ANNA), ("groups", "Drain.Admin"), ("groups", "ActionGroupsSecureWebhook"))
    assert found is not None
    assert found.marks == {ANNA}


def test_with_app_service_authentication_a_key_is_nobody() -> None:
    assert caller_of({"x-functions-key": "k"}, {"code": "k"}, BY_TOKEN) is None
    assert caller_of({"x-ms-client-principal-id": ANNA}, {}, BY_TOKEN) is None


def test_without_it_the_principal_is_not_believed() -> None:
    sent = headers_of("Drain.Admin") | {"x-functions-key": READER}
    caller = somebody(sent, NAMED)
    assert caller.name == "function key 'reader'"
    assert reach_of(caller.grants, Role.OPERATE) is None


def test_a_callers_name_is_believed_only_where_nobody_can_make_it_up() -> None:
    sent = headers_of() | {"x-functions-key": "k"}
    assert somebody(sent, BY_TOKEN).name == "anna@contoso.example"
    assert somebody(sent, Believed(principal_names=True)).name == "anna@contoso.example"
    assert somebody(sent, BY_KEY).name == "a caller with a function key"


def test_whoever_has_a_key_may_all_unless_a_grant_is_for_it() -> None:
    for key, role in (("k", Role.ADMIN), (READER, Role.READ)):
        caller = somebody({"x-functions-key": key}, NAMED)
        assert reach_of(caller.grants, role) == EVERYWHERE
        assert (reach_of(caller.grants, Role.OPERATE) is None) is (key == READER)


def test_a_grant_for_every_key_is_for_those_that_no_other_is_for() -> None:
    every = Grant(frozenset({"key:*"}), Role.READ)
    operators = Grant(frozenset({"key:reader"}), Role.OPERATE)
    believed = Believed(grants=(every, operators), keys=NAMED.keys)
    for key, may in (("k", False), (READER, True), ("", False)):
        caller = somebody({"x-functions-key": key}, believed)
        assert reach_of(caller.grants, Role.READ) == EVERYWHERE
        assert (reach_of(caller.grants, Role.OPERATE) is not None) is may


def test_a_key_has_its_name_in_the_header_and_in_the_query() -> None:
    assert somebody({"x-functions-key": READER}, NAMED).name == "function key 'reader'"
    assert somebody({}, NAMED, code=READER).name == "function key 'reader'"
    assert (
        somebody({"x-functions-key": "k"}, NAMED, code=READER).name
        == "a caller with a function key"
    )


def test_a_key_in_the_query_is_found_in_any_letter_case() -> None:
    assert somebody({}, NAMED, CODE=READER).name == "function key 'reader'"
    assert caller_of({}, {"code": "k", "Code": READER}, NAMED) is None


@pytest.mark.parametrize(
    ("headers", "query"), [({"x-functions-key": f"{READER},x"}, {}), ({}, {"code": f"{READER},x"})]
)
def test_a_key_that_is_sent_twice_is_nobodys(
    headers: dict[str, str], query: dict[str, str]
) -> None:
    """The host looks at the first, and passes on both."""
    assert caller_of(headers, query, NAMED) is None


def test_a_caller_with_a_key_may_say_who_it_is_and_that_is_told_as_said() -> None:
    sent = {"x-functions-key": "k", "x-caller-name": "nightly patches"}
    assert (
        somebody(sent, BY_KEY).name == "a caller with a function key, says to be 'nightly patches'"
    )
    assert somebody(sent | headers_of(), BY_TOKEN).name == "anna@contoso.example"


@pytest.mark.parametrize("name", ["x" * 101, "a\nb", "a\u202eb", "a' of the board, says to be 'b"])
def test_a_name_that_could_be_taken_for_more_is_a_fault(name: str) -> None:
    [fault] = name_faults({"x-caller-name": name})
    assert fault.target == "x-caller-name"
    assert name_faults({"x-caller-name": "nightly"}) == ()


def test_what_a_caller_calls_itself_makes_it_nobody_else() -> None:
    ids = {
        somebody({"x-functions-key": "k", "x-caller-name": name}, BY_KEY).id for name in ("a", "b")
    }
    assert len(ids) == 1
    assert somebody({"x-functions-key": "other"}, BY_KEY).id not in ids


def test_a_principals_name_is_one_line() -> None:
    odd = headers_of(name="anna\r\nERROR all hosts are lost")
    assert "\n" not in somebody(odd, BY_TOKEN).name


def test_a_limited_group_reaches_its_pools_only() -> None:
    grants = (Grant(frozenset({GROUP}), Role.OPERATE, Reach(("hp-fin*",))),)
    believed = Believed(by_app_service=True, grants=grants)
    caller = somebody(headers_of(groups=(GROUP.upper(),)), believed)
    assert reach_of(caller.grants, Role.OPERATE) == Reach(("hp-fin*",))


def test_odd_claims_are_passed_over_one_by_one() -> None:
    raw: Any = principal((OBJECT, ANNA), ("roles", "Drain.Read"))
    raw["claims"] += [None, {"typ": "roles", "val": {"a": 1}}, {"typ": "roles"}, "roles"]
    raw["role_typ"] = ["roles"]
    found = principal_of(
        {"x-ms-client-principal": base64.b64encode(json.dumps(raw).encode()).decode()}
    )
    assert found is not None
    assert found.marks == {ANNA, "Drain.Read"}
