"""Who may call the app, and at which address."""

from enum import StrEnum

from pydantic import BaseModel, Field

from shared.settings.values import is_address


class HttpAuth(StrEnum):
    """Who lets callers in."""

    FUNCTION_KEY = "functionKey"
    APP_SERVICE = "appService"


class HttpSettings(BaseModel):
    public_address: str = Field(
        default="",
        alias="PUBLIC_ADDRESS",
        description="Where callers reach this app, such as https://drains.contoso.example; also "
        "behind API Management. Left out, it is the address that a caller called.",
    )
    trust_forwarded: bool = Field(
        default=False,
        alias="TRUST_FORWARDED",
        description="Believe X-Forwarded-Host and X-Forwarded-Proto for the addresses that "
        "callers are given back. Only behind a proxy that sets them: elsewhere anybody can.",
    )
    http_auth: HttpAuth = Field(
        default=HttpAuth.FUNCTION_KEY,
        alias="HTTP_AUTH",
        description="Who lets callers in: functionKey; or appService, App Service authentication, "
        "with which managed identities call without a key. It must be on, and require "
        "authentication.",
    )
    app_service_auth: bool = Field(
        default=False,
        alias="WEBSITE_AUTH_ENABLED",
        description="Whether App Service authentication is on. The platform sets it; never set it "
        "yourself.",
    )
    trust_principal: bool = Field(
        default=False,
        alias="TRUST_CLIENT_PRINCIPAL",
        description="Believe the x-ms-client-principal-name header for the history. Only where "
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
