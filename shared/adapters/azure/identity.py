"""The app's identity in Azure: a credential of azure-identity that is made when the first token is
needed. The package is a large import; what needs no token does not wait for it."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from azure.core.credentials import AccessToken, AccessTokenInfo, TokenRequestOptions
from azure.core.credentials_async import AsyncTokenCredential


class LazyCredential:
    """Stands in for the credential that ``make`` makes, with all methods that the SDKs call."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    async def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        token: AccessToken = await self._credential().get_token(*scopes, **kwargs)
        return token

    async def get_token_info(
        self, *scopes: str, options: TokenRequestOptions | None = None
    ) -> AccessTokenInfo:
        found: AccessTokenInfo = await self._credential().get_token_info(*scopes, options=options)
        return found

    async def close(self) -> None:
        if self._made is not None:
            await self._made.close()

    async def __aenter__(self) -> "LazyCredential":
        return self

    async def __aexit__(self, *args: object) -> None:
        await self.close()

    def _credential(self) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made


def managed_identity(client_id: str | None) -> AsyncTokenCredential:
    """A managed identity. ``client_id`` None: the system-assigned one."""
    return LazyCredential(lambda: _sdk().ManagedIdentityCredential(client_id=client_id))


def default_identity(client_id: str | None) -> AsyncTokenCredential:
    """The chain of azure-identity: environment, managed identity, CLI, ..."""
    return LazyCredential(
        lambda: _sdk().DefaultAzureCredential(managed_identity_client_id=client_id)
    )


def _sdk() -> ModuleType:
    from azure.identity import aio

    return aio
