"""Who is protected, by either name; and who can't be told apart from one who is."""

import pytest

from shared.core.host.sessions import SessionRecord
from shared.core.users.identity import is_protected, only_maybe
from tests.support.builders import NOON


def a_user(upn: str = "", account: str = "") -> SessionRecord:
    return SessionRecord("1", upn or account, NOON, "Active", NOON, account=account)


@pytest.mark.parametrize(
    ("pattern", "user", "is_one"),
    [
        ("kim@contoso.example", a_user("Kim@contoso.example"), True),
        ("*@contoso.example", a_user("kim@contoso.example", "CONTOSO\\kim"), True),
        ("contoso\\kim", a_user("kim@contoso.example", "CONTOSO\\kim"), True),
        ("contoso\\*", a_user("kim@contoso.example", "OTHER\\kim"), False),
        ("kim@contoso.example", a_user("lee@contoso.example"), False),
        ("kim@contoso.example", a_user(account="CONTOSO\\lee"), True),
        ("contoso\\kim", a_user("lee@contoso.example"), True),
        ("*", a_user(), True),
        ("VIP*", a_user("vip1@contoso.example"), True),
        ("VIP*", a_user("kim@contoso.example", "CONTOSO\\vip1"), True),
        ("VIP*", a_user("kim@contoso.example"), False),
        ("VIP*", a_user(account="CONTOSO\\kim"), True),
        ("kim", a_user("kim@contoso.example"), True),
        ("contoso*", a_user("kim@fabrikam.example", "CONTOSO\\kim"), True),
        ("kim[1]@contoso.example", a_user("kim1@contoso.example"), False),
        ("k?m@contoso.example", a_user("kim@contoso.example"), False),
    ],
)
def test_a_user_is_protected_by_either_name_or_if_it_cannot_be_told(
    pattern: str, user: SessionRecord, is_one: bool
) -> None:
    assert is_protected((pattern,), user) is is_one


def test_that_it_is_only_a_guess_is_said() -> None:
    assert only_maybe(("kim@contoso.example",), a_user(account="CONTOSO\\lee"))
    assert not only_maybe(("kim@contoso.example",), a_user("kim@contoso.example"))
    assert not only_maybe((), a_user(account="CONTOSO\\lee"))


def test_blanks_around_a_pattern_are_no_part_of_it() -> None:
    session = SessionRecord("1", "kim@contoso.example", None, "Active", NOON)
    assert is_protected((" Kim@contoso.example\n",), session)
