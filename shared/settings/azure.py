"""Settings about the Azure services that the app uses: its storage account, its host name, Azure
Resource Manager, and the app's identity there."""

from enum import StrEnum

from shared.core.access.allowed import LOOPBACK
from shared.settings.setting import Group, Secret, Setting
from shared.settings.values import (
    between,
    fitting,
    is_address,
    is_connection_string,
    one_of,
    parsed,
)

_CLIENT_ID = fitting(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "a client id: 8-4-4-4-12 hexadecimal digits",
)

_PUBLIC_STORAGE = "core.windows.net"
_STORAGE = {
    "usgovcloudapi.net": "core.usgovcloudapi.net",
    "chinacloudapi.cn": "core.chinacloudapi.cn",
}
"""The domain of the storage services, by the domain of Azure Resource Manager, where it is not the
public one."""

WORK_QUEUE = "avd-drain-work"
"""The Storage queue that carries steps. ``function_app.py`` binds its trigger to it."""

POISON_QUEUE = f"{WORK_QUEUE}-poison"
"""Where the Functions runtime moves a message that failed again and again."""

CALLS_QUEUE = "avd-drain-calls"
"""The Storage queue that carries callbacks, reports and notifications: a slow receiver holds up no
step."""

CALLS_POISON_QUEUE = f"{CALLS_QUEUE}-poison"


class Credential(StrEnum):
    """How the app authenticates to Azure."""

    MANAGED_IDENTITY = "managedIdentity"
    DEFAULT = "default"
    STATIC_TOKEN = "staticToken"  # noqa: S105 - the name of a choice, not a secret


class AzureSettings(Group):
    __slots__ = ()

    storage = Setting[Secret | None](
        "AzureWebJobsStorage",
        Secret,
        None,
        "Connection string of the storage account that holds the app's state. "
        "Leave it out where an identity is used instead.",
    )
    queue_uri = Setting[str | None](
        "AzureWebJobsStorage__queueServiceUri",
        str,
        None,
        "Queue service of the storage account, with an identity.",
    )
    table_uri = Setting[str | None](
        "AzureWebJobsStorage__tableServiceUri",
        str,
        None,
        "Table service of the storage account, with an identity.",
    )
    storage_account = Setting[str | None](
        "AzureWebJobsStorage__accountName",
        fitting(r"[a-z0-9]{3,24}", "3 to 24 small letters and digits"),
        None,
        "The storage account's name, with an identity: its queue and table services follow "
        "from it, in the cloud of ARM_ENDPOINT, where they are not named themselves.",
    )
    own_host = Setting(
        "WEBSITE_HOSTNAME",
        fitting(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?", "a host name, perhaps with a port"),
        "",
        "The app's own host name; App Service makes this setting. Callers are given back "
        "addresses of this host, whatever host name they called.",
    )
    storage_client_id = Setting[str | None](
        "AzureWebJobsStorage__clientId",
        _CLIENT_ID,
        None,
        "Client id of the user-assigned identity for storage; empty means the system-assigned one.",
    )
    arm_endpoint = Setting(
        "ARM_ENDPOINT",
        str,
        "https://management.azure.com",
        "Address of Azure Resource Manager. Plain http is allowed to loopback only.",
    )
    arm_credential = Setting(
        "ARM_CREDENTIAL",
        one_of(Credential),
        Credential.MANAGED_IDENTITY,
        "managedIdentity; default (azure-identity's chain: environment, CLI, ...); "
        "or staticToken, allowed with a loopback ARM_ENDPOINT only.",
    )
    arm_client_id = Setting[str | None](
        "ARM_CLIENT_ID",
        _CLIENT_ID,
        None,
        "Client id of the user-assigned identity for Azure Resource Manager; empty "
        "means the system-assigned one.",
    )
    arm_static_token = Setting[Secret | None](
        "ARM_STATIC_TOKEN",
        Secret,
        None,
        "The token that ARM_CREDENTIAL=staticToken sends.",
    )
    arm_share = Setting(
        "ARM_SHARE",
        between(0.1, 1),
        0.8,
        "The part of the control plane's token buckets that is used at most, 0.1 to 1; the "
        "rest is left to other programs of the same identity. Instances of this app share it.",
    )
    table_prefix = Setting(
        "TABLE_PREFIX",
        fitting(r"[A-Za-z][A-Za-z0-9]{2,50}", "a letter, then 2 to 50 letters and digits"),
        "avddrain",
        "Begins the names of the app's tables.",
    )

    def storage_faults(self) -> list[str]:
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
            good = is_connection_string(self.storage.reveal())
            return (
                [] if good else ["AzureWebJobsStorage: no connection string of a storage account"]
            )
        if self.storage_account:
            return []
        missing = [name for name, value in named.items() if not value]
        if len(missing) == len(named):
            return ["AzureWebJobsStorage: missing"]
        return [f"{name}: missing" for name in missing]

    def endpoint_faults(self) -> list[str]:
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
        """The address of a service of the storage account, for use with an identity. ``service`` is
        ``queue`` or ``table``."""
        named = self.queue_uri if service == "queue" else self.table_uri
        _, arm = parsed(self.arm_endpoint) or ("", "")
        suffix = next((s for of, s in _STORAGE.items() if arm.endswith(of)), _PUBLIC_STORAGE)
        return named or f"https://{self.storage_account}.{service}.{suffix}"

    @property
    def arm_is_loopback(self) -> bool:
        found = parsed(self.arm_endpoint)
        return found is not None and found[1] in LOOPBACK
