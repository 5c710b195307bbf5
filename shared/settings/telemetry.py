"""Settings about where telemetry is sent. The Functions host reads the same settings for its own
telemetry."""

import re

from shared.settings.setting import Group, Secret, Setting
from shared.settings.values import fitting, is_address, yes_or_no

_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class TelemetrySettings(Group):
    __slots__ = ()

    insights = Setting[Secret | None](
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        Secret,
        None,
        "Connection string of the Application Insights resource that telemetry is sent to. Left out, "
        "none is sent there.",
    )
    insights_signing = Setting(
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        fitting(
            rf"(?i:ClientId={_GUID};)?(?i:Authorization=AAD)(?i:;ClientId={_GUID})?;?",
            "Authorization=AAD, perhaps with ClientId=...",
        ),
        "",
        "Authorization=AAD: the app's identity sends the telemetry, the one of ClientId=... if that is "
        "given. It needs the role Monitoring Metrics Publisher. Left out, whoever knows the connection "
        "string may send.",
    )
    otlp_endpoint = Setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        str,
        "",
        "Address of an OTLP collector that telemetry is sent to, without /v1/traces and the like. "
        "Plain http is allowed to loopback only. Left out, none is sent there.",
    )
    otlp_headers = Setting[Secret | None](
        "OTEL_EXPORTER_OTLP_HEADERS",
        Secret,
        None,
        "Headers for the collector, such as api-key=..., separated by commas.",
    )
    otlp_protocol = Setting(
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        fitting(r"http/protobuf", "http/protobuf, the one protocol that the app speaks"),
        "http/protobuf",
        "How the collector is spoken to: http/protobuf. In Azure set it, since the Functions host speaks "
        "grpc where it is left out.",
    )
    telemetry_off = Setting(
        "OTEL_SDK_DISABLED",
        yes_or_no,
        False,
        "Send nothing, whatever else is set. The Functions host goes on sending what it tells itself.",
    )

    def telemetry_faults(self) -> list[str]:
        faults = []
        if self.otlp_endpoint and not is_address(self.otlp_endpoint):
            faults.append(
                "OTEL_EXPORTER_OTLP_ENDPOINT: an https address; plain http for loopback only"
            )
        if self.insights is not None and not _is_insights(self.insights.reveal()):
            faults.append(
                "APPLICATIONINSIGHTS_CONNECTION_STRING: no connection string of Application Insights"
            )
        if self.insights_signing and self.insights is None:
            faults.append(
                "APPLICATIONINSIGHTS_AUTHENTICATION_STRING: only with "
                "APPLICATIONINSIGHTS_CONNECTION_STRING"
            )
        return faults

    @property
    def insights_client_id(self) -> str:
        """The client id of the identity that sends telemetry. Empty: the system-assigned identity,
        or none."""
        found = re.search(_GUID, self.insights_signing)
        return found[0] if found else ""


def _is_insights(text: str) -> bool:
    """Whether the text has ``InstrumentationKey=<guid>``, and only an endpoint that may be sent
    to."""
    parts = [part.partition("=") for part in text.strip().strip(";").split(";")]
    given = {name.strip().lower(): value.strip() for name, _, value in parts}
    endpoint = given.get("ingestionendpoint", "")
    key = given.get("instrumentationkey", "")
    return bool(re.fullmatch(_GUID, key)) and (not endpoint or is_address(endpoint))
