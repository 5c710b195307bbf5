"""Every setting the app reads, with its name, default and meaning. Nothing else reads the
environment.

``load`` reports all faults at once, by the settings' names and without their values, since a value
may be a secret. It runs while the host waits for the functions, so keep it cheap (see
``setting.py``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.settings.access import AccessSettings
from shared.settings.allowed import AllowSettings
from shared.settings.azure import AzureSettings
from shared.settings.http import HttpSettings
from shared.settings.notify import NotifySettings
from shared.settings.pace import PaceSettings
from shared.settings.setting import PartlyReadError
from shared.settings.telemetry import TelemetrySettings
from shared.settings.triggers import TriggerSettings

_AROUND = " \t\r\n\ufeff"
_REFERENCES = ("@Microsoft.KeyVault(", "@Microsoft.AppConfiguration(")


class SettingsError(Exception):
    """Settings that the app cannot run with. The text names each of them."""


class Settings(
    AzureSettings,
    PaceSettings,
    AllowSettings,
    TriggerSettings,
    NotifySettings,
    AccessSettings,
    HttpSettings,
    TelemetrySettings,
):
    """All settings. Each value is right by itself when this is made; ``faults`` reports what is
    wrong between them."""

    __slots__ = ()

    def faults(self) -> Iterator[str]:
        yield from self.storage_faults()
        yield from self.endpoint_faults()
        yield from self.timer_faults()
        yield from self.trigger_faults(self.allowed, loopback=self.arm_is_loopback)
        yield from self.notify_faults(topic=bool(self.topic), loopback=self.arm_is_loopback)
        yield from self.http_faults()
        yield from self.access_faults()
        yield from self.allow_faults(loopback=self.arm_is_loopback)
        yield from self.pace_faults()
        yield from self.telemetry_faults()


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises SettingsError that names every wrong setting.

    A name with ``__`` may also be spelled with ``:``, as Azure Functions allows. An empty value
    means that the setting is not set. Blanks, line ends and a byte order mark around a value, which come
    with copying, are no part of it.
    """
    given = {
        name.replace(":", "__"): value.strip(_AROUND) or value
        for name, value in environ.items()
        if value != ""
    }
    values, faults, besides = dict[str, Any](), list[str](), list[PartlyReadError]()
    for setting in Settings.settings():
        if setting.name not in given:
            continue
        try:
            values[setting.name] = setting.read(given[setting.name])
        except ValueError as error:
            faults.append(f"{setting.name}: {_fault(given[setting.name], error)}")
            if isinstance(error, PartlyReadError):
                besides.append(error)
    for family in Settings.families():
        names = family.names(given)
        values[family.name] = {name: family.read_one(given[name]) for name in names}
    settings = Settings(values)
    wrong = {fault.partition(":")[0] for fault in faults}
    faults += [each for each in settings.faults() if each.partition(":")[0] not in wrong]
    faults += [text for each in besides for text in each.beside(settings.allowed)]
    if faults:
        raise SettingsError("wrong settings: " + "; ".join(faults))
    return settings


def _fault(value: str, error: ValueError) -> str:
    """What is wrong with a value: also that it is a reference which the platform leaves as it is, because it could not
    resolve it. A secret may be one: Key Vault may be back later, and hosts are to be put back meanwhile."""
    if value.startswith(_REFERENCES):
        return f"a reference that the platform has not resolved, and no value: {error}"
    return str(error)
