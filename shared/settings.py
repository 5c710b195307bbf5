"""Every setting the app reads: name, type, default, meaning. Nothing else reads the environment.

``load`` tells all faults at once, by the settings' names and without their values, since a
value may be a secret.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from shared.allowing import HostNames, RunCommands
from shared.core.values.allowed import Allowed
from shared.core.values.callbacks import LOOPBACK
from shared.core.values.durations import parse_duration
from shared.settingvalues import is_address, is_connection_string, parsed
from shared.timers import TIMER_WORDS, is_timer
from shared.triggersettings import TriggerSettings, rule_faults, schedule_faults

LOGIC_APPS = ("*.logic.azure.com", "*.logic.azure.us", "*.logic.azure.cn")
"""The host names of Logic Apps (consumption) in the public clouds."""

_PUBLIC_STORAGE = "core.windows.net"
_STORAGE = {
    "usgovcloudapi.net": "core.usgovcloudapi.net",
    "chinacloudapi.cn": "core.chinacloudapi.cn",
}
"""The storage services' domain by that of Azure Resource Manager, where it is another one."""

_CLIENT_ID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

WORK_QUEUE = "avd-drain-work"
"""The Storage queue that carries the steps; ``function_app.py`` binds its trigger to it."""

POISON_QUEUE = f"{WORK_QUEUE}-poison"
"""Where the Functions runtime puts a message whose step failed again and again."""

CALLS_QUEUE = "avd-drain-calls"
"""The Storage queue that carries callbacks and reports: a slow receiver holds up no step."""

CALLS_POISON_QUEUE = f"{CALLS_QUEUE}-poison"

Duration = Annotated[timedelta, BeforeValidator(parse_duration)]


class SettingsError(Exception):
    """Settings that the app cannot run with. The text names each."""


class Credential(StrEnum):
    """How the app proves to Azure who it is."""

    MANAGED_IDENTITY = "managedIdentity"
    DEFAULT = "default"
    STATIC_TOKEN = "staticToken"  # noqa: S105 - the name of a choice, not a secret


class HttpAuth(StrEnum):
    """Who lets callers in."""

    FUNCTION_KEY = "functionKey"
    APP_SERVICE = "appService"


class Settings(TriggerSettings):
    """The fields' aliases are the settings' names."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=False)

    storage: SecretStr | None = Field(
        default=None,
        alias="AzureWebJobsStorage",
        description="Connection string of the storage account that holds the app's state. "
        "Leave it out where an identity is used instead.",
    )
    queue_uri: str | None = Field(
        default=None,
        alias="AzureWebJobsStorage__queueServiceUri",
        description="Queue service of the storage account, with an identity.",
    )
    table_uri: str | None = Field(
        default=None,
        alias="AzureWebJobsStorage__tableServiceUri",
        description="Table service of the storage account, with an identity.",
    )
    storage_account: str | None = Field(
        default=None,
        alias="AzureWebJobsStorage__accountName",
        pattern=r"^[a-z0-9]{3,24}$",
        description="The storage account's name, with an identity: its queue and table services follow "
        "from it, in the cloud of ARM_ENDPOINT, where they are not named themselves.",
    )
    own_host: str = Field(
        default="",
        alias="WEBSITE_HOSTNAME",
        pattern=r"^[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$",
        description="The app's own host name; App Service makes this setting. Callers are given back "
        "addresses of this host, whatever host name they called.",
    )
    storage_client_id: str | None = Field(
        default=None,
        alias="AzureWebJobsStorage__clientId",
        pattern=_CLIENT_ID,
        description="Client id of the user-assigned identity for storage; empty means the "
        "system-assigned one.",
    )
    arm_endpoint: str = Field(
        default="https://management.azure.com",
        alias="ARM_ENDPOINT",
        description="Address of Azure Resource Manager. Plain http is allowed to loopback only.",
    )
    arm_credential: Credential = Field(
        default=Credential.MANAGED_IDENTITY,
        alias="ARM_CREDENTIAL",
        description="managedIdentity; default (azure-identity's chain: environment, CLI, ...); "
        "or staticToken, allowed with a loopback ARM_ENDPOINT only.",
    )
    arm_client_id: str | None = Field(
        default=None,
        alias="ARM_CLIENT_ID",
        pattern=_CLIENT_ID,
        description="Client id of the user-assigned identity for Azure Resource Manager; empty "
        "means the system-assigned one.",
    )
    arm_static_token: SecretStr | None = Field(
        default=None,
        alias="ARM_STATIC_TOKEN",
        description="The token that ARM_CREDENTIAL=staticToken sends.",
    )
    arm_share: float = Field(
        default=0.8,
        alias="ARM_SHARE",
        ge=0.1,
        le=1.0,
        description="The part of the control plane's token buckets that is used at most, 0.1 to 1; the "
        "rest is left to other programs of the same identity. Instances of this app share it.",
    )
    tick_schedule: str = Field(
        default="0 * * * * *",
        alias="TICK_SCHEDULE",
        description="NCRONTAB schedule (six fields, UTC) of the timer that finds drains whose "
        "own message was lost. The trigger reads it, so it must be set.",
    )
    watchdog_schedule: str = Field(
        default="30 */5 * * * *",
        alias="WATCHDOG_SCHEDULE",
        description="NCRONTAB schedule (six fields, UTC) of the timer that puts back hosts which "
        "no drain works on any more. The trigger reads it, so it must be set.",
    )
    nightly_schedule: str = Field(
        default="15 * * * * *",
        alias="NIGHTLY_SCHEDULE",
        description="NCRONTAB schedule (six fields, UTC) of the timer that sees to the moments of "
        "schedules, whatever their own times are. The trigger reads it, so it must be set.",
    )
    table_prefix: str = Field(
        default="avddrain",
        alias="TABLE_PREFIX",
        pattern=r"^[A-Za-z][A-Za-z0-9]{2,50}$",
        description="Begins the names of the app's tables.",
    )
    look_soon: Duration = Field(
        default=timedelta(seconds=5),
        alias="LOOK_SOON",
        description="How soon to look again when something is about to happen.",
    )
    look_usual: Duration = Field(
        default=timedelta(seconds=30),
        alias="LOOK_USUAL",
        description="How soon to look again while people or machines take their time.",
    )
    look_idle: Duration = Field(
        default=timedelta(minutes=5),
        alias="LOOK_IDLE",
        description="How soon to look again when nothing is expected.",
    )
    late_writes: Duration = Field(
        default=timedelta(minutes=3),
        alias="LATE_WRITES",
        description="How long a write whose answer was lost may still take effect. A host is "
        "watched for so long before it counts as put back.",
    )
    lease_for: Duration = Field(
        default=timedelta(seconds=90),
        alias="LEASE_FOR",
        description="How long a step owns its pool. After a crash nobody else works on the pool "
        "for that long.",
    )
    overdue_after: Duration = Field(
        default=timedelta(seconds=45),
        alias="OVERDUE_AFTER",
        description="How late a drain's own message may be before the timer sends another.",
    )
    retain_drains: Duration = Field(
        default=timedelta(days=90),
        alias="RETAIN_DRAINS",
        description="How long drains that have ended are kept, with their history and the users' "
        "names in it; runs of schedules, their reports, and campaigns, too. At least P1D.",
    )
    retain_events: Duration = Field(
        default=timedelta(days=30),
        alias="RETAIN_EVENTS",
        description="How long it is kept what came of events. At least P1D.",
    )
    run_commands: RunCommands = Field(
        default_factory=dict,
        alias="RUN_COMMANDS",
        description="The scripts that a drain may run on hosts, as JSON: by name, each with its "
        "script (a text, or a list of lines) or scriptUri, and the pattern that each of its "
        "parameters must fit. None unless it is set.",
    )
    webhook_hosts: HostNames = Field(
        default=LOGIC_APPS,
        alias="WEBHOOK_HOSTS",
        description="The host names that the app may call on a caller's request (webhooks, "
        "callbacks), separated by commas; one that begins with *. stands for all below it. Loopback "
        "only where ARM_ENDPOINT is loopback; private addresses never.",
    )
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

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._storage_faults(), *self._endpoint_faults()]
        faults += self._timer_faults()
        faults += self.event_faults(loopback=self.arm_is_loopback)
        faults += rule_faults(self.event_rules, self.allowed)
        faults += schedule_faults(self.schedules, self.allowed)
        if self.public_address and not is_address(self.public_address):
            faults.append("PUBLIC_ADDRESS: an https address; plain http for loopback only")
        if self.http_auth is HttpAuth.APP_SERVICE and not self.app_service_auth:
            faults.append("HTTP_AUTH: appService needs App Service authentication, which is off")
        if self.trust_principal and not self.app_service_auth:
            faults.append("TRUST_CLIENT_PRINCIPAL: only where App Service authentication is on")
        if not self.arm_is_loopback and set(self.webhook_hosts) & LOOPBACK:
            faults.append("WEBHOOK_HOSTS: loopback only where ARM_ENDPOINT is loopback")
        short = timedelta(milliseconds=100)
        named = {
            "LOOK_SOON": self.look_soon,
            "LOOK_USUAL": self.look_usual,
            "LOOK_IDLE": self.look_idle,
        }
        faults += [f"{name}: at least PT0.1S" for name, value in named.items() if value < short]
        kept = {"RETAIN_DRAINS": self.retain_drains, "RETAIN_EVENTS": self.retain_events}
        day = timedelta(days=1)
        faults += [f"{name}: at least P1D" for name, value in kept.items() if value < day]
        if self.lease_for < timedelta(seconds=2):
            faults.append("LEASE_FOR: at least PT2S")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _timer_faults(self) -> list[str]:
        """A timer that the host cannot read is the net being off, so the app does not start."""
        timers = {
            "TICK_SCHEDULE": (self.tick_schedule, "tick_schedule"),
            "WATCHDOG_SCHEDULE": (self.watchdog_schedule, "watchdog_schedule"),
            "NIGHTLY_SCHEDULE": (self.nightly_schedule, "nightly_schedule"),
        }
        return [
            f"{name}: missing" if field not in self.model_fields_set else f"{name}: {TIMER_WORDS}"
            for name, (text, field) in timers.items()
            if field not in self.model_fields_set or not is_timer(text)
        ]

    def _storage_faults(self) -> list[str]:
        named = {
            "AzureWebJobsStorage__queueServiceUri": self.queue_uri,
            "AzureWebJobsStorage__tableServiceUri": self.table_uri,
        }
        wrong = [
            f"{name}: not an https address" for name, v in named.items() if v and not is_address(v)
        ]
        if wrong:
            return wrong
        if self.storage is not None:
            good = is_connection_string(self.storage.get_secret_value())
            return (
                [] if good else ["AzureWebJobsStorage: no connection string of a storage account"]
            )
        if self.storage_account:
            return []
        missing = [name for name, value in named.items() if not value]
        if len(missing) == len(named):
            return ["AzureWebJobsStorage: missing"]
        return [f"{name}: missing" for name in missing]

    def _endpoint_faults(self) -> list[str]:
        faults = []
        scheme, _ = parsed(self.arm_endpoint) or ("", "")
        if scheme not in ("https", "http"):
            faults.append("ARM_ENDPOINT: not an http address")
        elif scheme == "http" and not self.arm_is_loopback:
            faults.append("ARM_ENDPOINT: plain http is allowed to loopback only")
        if self.arm_credential is Credential.STATIC_TOKEN:
            if not self.arm_is_loopback:
                faults.append("ARM_CREDENTIAL: staticToken is allowed with loopback only")
            if self.arm_static_token is None:
                faults.append("ARM_STATIC_TOKEN: missing, as ARM_CREDENTIAL is staticToken")
        elif scheme == "http":
            faults.append("ARM_CREDENTIAL: a real identity's token never goes over plain http")
        return faults

    def service_uri(self, service: str) -> str:
        """Of the storage account, with an identity; ``service`` is ``queue`` or ``table``."""
        told = self.queue_uri if service == "queue" else self.table_uri
        _, arm = parsed(self.arm_endpoint) or ("", "")
        suffix = next((s for of, s in _STORAGE.items() if arm.endswith(of)), _PUBLIC_STORAGE)
        return told or f"https://{self.storage_account}.{service}.{suffix}"

    @property
    def arm_is_loopback(self) -> bool:
        found = parsed(self.arm_endpoint)
        return found is not None and found[1] in LOOPBACK

    @property
    def allowed(self) -> Allowed:
        """What a drain may ask for beyond what everybody may."""
        scripts = {name: made.allowed() for name, made in self.run_commands.items()}
        return Allowed(scripts, self.webhook_hosts)


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError that names every one that is wrong.

    A name with ``__`` may also be spelled with ``:``, as Azure Functions allows; an empty value
    means that the setting is not made.
    """
    given = {name.replace(":", "__"): value for name, value in environ.items() if value != ""}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        faults = []
        for fault in error.errors(include_input=False, include_url=False):
            name = ".".join(str(part) for part in fault["loc"]) + ": " if fault["loc"] else ""
            faults.append(name + fault["msg"].removeprefix("Value error, "))
        raise SettingsError("wrong settings: " + "; ".join(faults)) from None
