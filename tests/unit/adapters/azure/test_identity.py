"""A credential that is made when the first token is asked for."""

from typing import Any

from azure.core.credentials import AccessToken, AccessTokenInfo
from azure.core.credentials_async import AsyncSupportsTokenInfo

from shared.adapters.azure.identity import LazyCredential, default_identity, managed_identity
from shared.settings.settings import load
from shared.wiring import connect
from tests.unit.settings.test_settings import GOOD

BY_IDENTITY = {name: value for name, value in GOOD.items() if name != "AzureWebJobsStorage"} | {
    "AzureWebJobsStorage__accountName": "drains1"
}


class Real:
    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.closed = 0

    async def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        self.asked.append((*scopes, kwargs))
        return AccessToken("t", 1)

    async def get_token_info(self, *scopes: str, options: Any = None) -> AccessTokenInfo:
        self.asked.append((*scopes, options))
        return AccessTokenInfo("t", 1)

    async def close(self) -> None:
        self.closed += 1


def made_into(made: list[Real]) -> LazyCredential:
    def make() -> Real:
        made.append(Real())
        return made[-1]

    return LazyCredential(make)


async def test_it_is_made_once_and_asked_as_the_sdk_asks() -> None:
    made: list[Real] = []
    lazy = made_into(made)
    assert not made
    await lazy.get_token("scope", claims="c")
    await lazy.get_token_info("scope", options={"claims": "c"})
    [real] = made
    assert real.asked == [("scope", {"claims": "c"}), ("scope", {"claims": "c"})]


async def test_one_that_nobody_asked_is_not_made_to_be_closed() -> None:
    made: list[Real] = []
    async with made_into(made) as lazy:
        pass
    assert not made
    async with lazy:
        await lazy.get_token("scope")
    assert made[0].closed == 1


def test_the_sdks_find_all_that_they_look_for_in_a_credential() -> None:
    for identity in (managed_identity(None), default_identity("an id")):
        assert isinstance(identity, AsyncSupportsTokenInfo)


async def test_the_app_connects_by_identity_and_asks_for_no_token_yet() -> None:
    assert connect(load(BY_IDENTITY)).options.holder
