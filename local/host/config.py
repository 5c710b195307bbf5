"""Reads what configures the host: ``host.json`` and the app's settings."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PERCENT = re.compile(r"%([^%]+)%")
_OTHERWISE = "AzureFunctionsJobHost__"
_SPAN = re.compile(r"^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)$")


class ConfigError(Exception):
    """A file or a setting that the host cannot work with. The text names it."""


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """``extensions.queues`` of host.json, with the real host's defaults. Times are in seconds."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    max_polling_interval: float = 60.0
    max_dequeue_count: int = 5
    visibility_timeout: float = 0.0
    base64: bool = True


@dataclass(frozen=True, slots=True)
class HostConfig:
    route_prefix: str = "api"
    queues: QueueOptions = QueueOptions()


def read_host_json(folder: Path, settings: Mapping[str, str] | None = None) -> HostConfig:
    """The configuration in host.json, overridden by settings such as
    ``AzureFunctionsJobHost__extensions__queues__batchSize``, like in the real host. Raises
    ConfigError if host.json is missing or is not JSON."""
    told = _json(folder / "host.json")
    for name, value in (settings or {}).items():
        if name.startswith(_OTHERWISE):
            _set(told, name.removeprefix(_OTHERWISE).split("__"), value)
    extensions = told.get("extensions", {})
    queues: dict[str, Any] = extensions.get("queues", {})
    default = QueueOptions()
    batch = int(queues.get("batchSize", default.batch_size))
    return HostConfig(
        route_prefix=str(extensions.get("http", {}).get("routePrefix", "api")).strip("/"),
        queues=QueueOptions(
            batch_size=batch,
            new_batch_threshold=int(queues.get("newBatchThreshold", batch // 2)),
            max_polling_interval=span(queues.get("maxPollingInterval", "00:01:00")),
            max_dequeue_count=int(queues.get("maxDequeueCount", default.max_dequeue_count)),
            visibility_timeout=span(queues.get("visibilityTimeout", "00:00:00")),
            base64=str(queues.get("messageEncoding", "base64")).lower() == "base64",
        ),
    )


def _set(told: dict[str, Any], place: list[str], value: str) -> None:
    for name in place[:-1]:
        told = told.setdefault(name, {})
    told[place[-1]] = value


def read_settings(path: Path) -> dict[str, str]:
    """The ``Values`` of local.settings.json. Raises ConfigError."""
    told = _json(path)
    values = told.get("Values", {})
    if told.get("IsEncrypted") or not isinstance(values, dict):
        raise ConfigError(f"{path}: encrypted settings, or none")
    return {str(name): str(value) for name, value in values.items()}


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from None


def expand(text: str, settings: Mapping[str, str]) -> str:
    """Replace names in percent signs by the settings of those names. Raises ConfigError for a
    setting that is not set."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in settings:
            raise ConfigError(f"the setting '{match[1]}', which a trigger names, is not set")
        return settings[match[1]]

    return _PERCENT.sub(value, text)


def span(text: str) -> float:
    """A .NET time span, ``[d.]hh:mm:ss``, in seconds. Raises ConfigError."""
    found = _SPAN.match(str(text))
    if found is None:
        raise ConfigError(f"not a time span (hh:mm:ss): {text!r}")
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60.0 + seconds
