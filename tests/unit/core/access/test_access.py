"""Roles and grants: what somebody with some marks may do, and on which pools."""

import pytest

from shared.core.access.roles import EVERYWHERE, Grant, Reach, Role, grants_of, reach_of
from shared.core.values.hostpool import HostPoolId

FINANCE = HostPoolId("11111111-2222-3333-4444-555555555555", "rg-desktops", "hp-finance")
PEOPLE = HostPoolId("11111111-2222-3333-4444-555555555555", "rg-desktops", "hp-people")


def grant(who: str, role: Role, *pools: str) -> Grant:
    return Grant(frozenset({who}), role, Reach(pools) if pools else EVERYWHERE)


def reach(marks: set[str], needed: Role, *grants: Grant) -> Reach | None:
    return reach_of(grants_of(marks, grants), needed)


@pytest.mark.parametrize("held", Role)
@pytest.mark.parametrize("needed", Role)
def test_a_role_includes_those_before_it(held: Role, needed: Role) -> None:
    order = list(Role)
    found = reach({held}, needed)
    assert (found == EVERYWHERE) is (order.index(held) >= order.index(needed))


def test_whoever_has_no_role_may_nothing() -> None:
    assert reach({"somebody", "Reader", "Drain.Reader"}, Role.READ) is None


def test_a_grant_that_names_an_app_role_says_all_that_it_means() -> None:
    limited = grant("Drain.Operate", Role.OPERATE, "hp-fin*")
    found = reach({"Drain.Operate"}, Role.OPERATE, limited)
    assert found is not None
    assert found.covers(FINANCE)
    assert not found.covers(PEOPLE)


def test_grants_of_one_caller_add_up_by_role() -> None:
    grants = (grant("g1", Role.READ), grant("g2", Role.OPERATE, "hp-finance"))
    assert reach({"g1", "g2"}, Role.READ, *grants) == EVERYWHERE
    assert reach({"g1", "g2"}, Role.OPERATE, *grants) == Reach(("hp-finance",))
    assert reach({"g1", "g2"}, Role.ADMIN, *grants) is None


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [
        ("hp-finance", True),
        ("HP-FIN*", True),
        ("*", True),
        ("/subscriptions/*/resourceGroups/RG-desktops/*/hp-finance", True),
        ("hp-fin", False),
        ("finance", False),
        ("/subscriptions/22222222-*", False),
    ],
)
def test_a_pattern_is_a_name_or_a_resource_id_in_any_letter_case(
    pattern: str, covers: bool
) -> None:
    assert Reach((pattern,)).covers(FINANCE) is covers


def test_letter_case_of_a_mark_makes_no_difference() -> None:
    assert reach({"ABCD"}, Role.READ, grant("abcd", Role.READ)) == EVERYWHERE
    assert reach({"drain.admin"}, Role.ADMIN) == EVERYWHERE
