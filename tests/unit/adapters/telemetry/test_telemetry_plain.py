"""No secret leaves in a text, whoever wrote it there, and no user's name where none is kept."""

import pytest
from hypothesis import given, strategies as st

from shared.adapters.telemetry.plain import cleaner, without_secrets
from shared.core.values.usernames import UserNames

SECRET = "c3VwZXItc2VjcmV0"


@pytest.mark.parametrize(
    "text",
    [
        f"https://prod.logic.azure.com/run?api-version=1&sp=%2Ftriggers&sig={SECRET}",
        f"https://app.example/api/drains?code={SECRET}==&clientId=x",
        f"https://app.example/api/drains%3Fcode%3d{SECRET}",
        f"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={SECRET};EndpointSuffix=y",
        f"SharedAccessSignature={SECRET}",
        f"InstrumentationKey={SECRET};IngestionEndpoint=https://x.example",
        f"Authorization: Bearer {SECRET}",
        f"authorization: basic {SECRET}",
        f"{{'x-functions-key': '{SECRET}'}}",
        f'{{"access_token": "{SECRET}", "expires_in": 1}}',
        f'{{"client_secret":"{SECRET}"}}',
        f"password: {SECRET}",
        f"token {chr(10)} eyJ{SECRET}.eyJ{SECRET}.{SECRET}",
    ],
)
def test_a_secret_is_taken_out_of_its_text(text: str) -> None:
    assert SECRET not in without_secrets(text)
    assert "***" in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "the control plane answered: status code: 404, code 'HostNotFound'",
        "too many writes: the control plane allows the next in 5 s; 12 tokens are left",
        "drain hp-one-0123456789-0123456789: a step failed as nobody foresaw",
        "signed by the identity; the signature of the token was not checked",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text
    assert cleaner(UserNames.NONE)(text, 1_000) == text


@pytest.mark.parametrize("kind", [UserNames.HASHED, UserNames.NONE])
@pytest.mark.parametrize(
    "name", ["ada.lovelace@contoso.example", "o'neil@x.example", "CONTOSO\\ada", "contoso\\ada.l"]
)
def test_users_names_are_taken_out_where_none_are_kept(kind: UserNames, name: str) -> None:
    text = f"the session of {name} could not be ended"
    assert cleaner(kind)(text, 1_000) == "the session of a user could not be ended"
    assert cleaner(UserNames.FULL)(text, 1_000) == text


@given(st.text(), st.integers(1, 50))
def test_a_text_is_as_long_as_it_may_be_at_most(text: str, longest: int) -> None:
    assert len(cleaner(UserNames.NONE)(text, longest)) <= longest


@given(st.text(alphabet="abc@.'-\\+ =&?sigcode", max_size=3_000))
def test_any_text_can_be_cleaned(text: str) -> None:
    once = cleaner(UserNames.NONE)(text, 10_000)
    assert "sig=a" not in once
