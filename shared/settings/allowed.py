"""Settings that allow: the scripts of RUN_COMMANDS, the host names of WEBHOOK_HOSTS."""

import json
import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from shared.core.values.allowed import Allowed, Script, pattern_fault
from shared.core.values.callbacks import LOOPBACK

_NAME = r"^[A-Za-z][A-Za-z0-9_]{0,63}$"
LOGIC_APPS = ("*.logic.azure.com", "*.logic.azure.us", "*.logic.azure.cn")
"""The host names of Logic Apps (consumption) in the public clouds."""
_HOST = re.compile(r"^([*][.])?[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$|^::1$")


class ScriptSetting(BaseModel):
    """``{"script": "..."}`` (or a list of lines), or ``{"scriptUri": "https://..."}``; and
    ``"parameters": {"days": "[0-9]{1,3}"}``."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    script: SecretStr | list[SecretStr] | None = None
    uri: SecretStr | None = Field(default=None, alias="scriptUri")
    parameters: dict[Annotated[str, Field(pattern=_NAME)], str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.script is None) == (self.uri is None):
            raise ValueError("either 'script' or 'scriptUri'")
        if self.uri is not None and not self.uri.get_secret_value().startswith("https://"):
            raise ValueError("'scriptUri' is an https address")
        for name, pattern in self.parameters.items():
            if fault := pattern_fault(pattern):
                text = f"the pattern of '{name}' is no regular expression of RE2: {fault}"
                raise ValueError(text)
        return self

    def allowed(self) -> Script:
        lines = self.script if isinstance(self.script, list) else [self.script or SecretStr("")]
        return Script(
            text="\n".join(line.get_secret_value() for line in lines),
            uri=self.uri.get_secret_value() if self.uri is not None else "",
            parameters=dict(self.parameters),
        )


def _json_object(value: object) -> Any:
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except ValueError:
        raise ValueError("not JSON") from None
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def _host_names(value: object) -> tuple[str, ...]:
    names = [n.strip() for n in str(value).split(",")] if isinstance(value, str) else []
    wrong = [name for name in names if not _HOST.match(name)]
    if wrong:
        raise ValueError("host names separated by commas; one may begin with '*.'")
    return tuple(names)


ScriptName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
RunCommands = Annotated[dict[ScriptName, ScriptSetting], BeforeValidator(_json_object)]
HostNames = Annotated[tuple[str, ...], BeforeValidator(_host_names)]


class AllowSettings(BaseModel):
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

    def allow_faults(self, *, loopback: bool) -> list[str]:
        """``loopback``: whether the app may talk to this machine in plain http."""
        if not loopback and set(self.webhook_hosts) & LOOPBACK:
            return ["WEBHOOK_HOSTS: loopback only where ARM_ENDPOINT is loopback"]
        return []

    @property
    def allowed(self) -> Allowed:
        """What a drain may ask for beyond what everybody may."""
        scripts = {name: made.allowed() for name, made in self.run_commands.items()}
        return Allowed(scripts, self.webhook_hosts)
