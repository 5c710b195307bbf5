"""Settings about HTTP: who lets callers in, and at which address they reach the app."""

from enum import StrEnum

from shared.settings.setting import Group, Setting
from shared.settings.values import is_address, one_of, yes_or_no


class HttpAuth(StrEnum):
    """Who authenticates callers."""

    FUNCTION_KEY = "functionKey"
    APP_SERVICE = "appService"


class HttpSettings(Group):
    __slots__ = ()

    public_address = Setting(
        "PUBLIC_ADDRESS",
        str,
        "",
        "Where callers reach this app, such as https://drains.contoso.example; also "
        "behind API Management. Left out, it is the address that a caller called.",
    )
    trust_forwarded = Setting(
        "TRUST_FORWARDED",
        yes_or_no,
        False,
        "Believe X-Forwarded-Host and X-Forwarded-Proto for the addresses that "
        "callers are given back. Only behind a proxy that sets them: elsewhere anybody can.",
    )
    http_auth = Setting(
        "HTTP_AUTH",
        one_of(HttpAuth),
        HttpAuth.FUNCTION_KEY,
        "Who lets callers in: functionKey; or appService, App Service authentication, "
        "with which managed identities call without a key. It must be on, and require "
        "authentication.",
    )
    app_service_auth = Setting(
        "WEBSITE_AUTH_ENABLED",
        yes_or_no,
        False,
        "Whether App Service authentication is on. The platform sets it; never set it yourself.",
    )
    trust_principal = Setting(
        "TRUST_CLIENT_PRINCIPAL",
        yes_or_no,
        False,
        "Believe the x-ms-client-principal-name header for the history. Only where "
        "App Service authentication is on: elsewhere anybody can send it.",
    )

    def http_faults(self) -> list[str]:
        faults = []
        if self.public_address and not is_address(self.public_address):
            faults.append("PUBLIC_ADDRESS: an https address; plain http for loopback only")
        if self.http_auth is HttpAuth.APP_SERVICE and not self.app_service_auth:
            faults.append("HTTP_AUTH: appService needs App Service authentication, which is off")
        if self.trust_principal and not self.app_service_auth:
            faults.append("TRUST_CLIENT_PRINCIPAL: only where App Service authentication is on")
        return faults
