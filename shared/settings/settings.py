"""Every setting the app reads: name, type, default, meaning. Nothing else reads the environment.

``load`` tells all faults at once, by the settings' names and without their values, since a
value may be a secret.
"""

from collections.abc import Mapping
from typing import Self

from pydantic import ConfigDict, ValidationError, model_validator

from shared.settings.allowed import AllowSettings
from shared.settings.azure import AzureSettings
from shared.settings.http import HttpSettings
from shared.settings.pace import PaceSettings
from shared.settings.triggers import TriggerSettings


class SettingsError(Exception):
    """Settings that the app cannot run with. The text names each."""


class Settings(HttpSettings, AllowSettings, PaceSettings, AzureSettings, TriggerSettings):
    """The fields' aliases are the settings' names. Faults are told in the order of the fields: the last
    of these classes comes first."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=False)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self.storage_faults(), *self.endpoint_faults(), *self.timer_faults()]
        faults += self.trigger_faults(self.allowed, loopback=self.arm_is_loopback)
        faults += self.http_faults()
        faults += self.allow_faults(loopback=self.arm_is_loopback)
        faults += self.pace_faults()
        if faults:
            raise ValueError("; ".join(faults))
        return self


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
