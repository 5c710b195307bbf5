"""Settings that allow: the scripts of RUN_COMMANDS, the host names of WEBHOOK_HOSTS."""

import json
import re
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from shared.core.values.allowed import Script, pattern_fault

_NAME = r"^[A-Za-z][A-Za-z0-9_]{0,63}$"
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
