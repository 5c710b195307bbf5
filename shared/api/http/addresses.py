"""The absolute address of this app, for the addresses that callers are given."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.core.access.allowed import LOOPBACK

_HOST = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,39}\](:[0-9]{1,5})?"
)


NOT_KNOWN = "address-not-known.invalid"
"""The host name if nobody says what the app's address is. RFC 2606 reserves the domain."""


def base_of(
    url: str, headers: Mapping[str, str], public: str, own: str = "", *, trust_forwarded: bool
) -> str:
    """The address of the app, up to ``/api/``. ``public`` (the operator's setting) comes first;
    then the forwarded headers of a trusted proxy (``headers`` has lower-case names); then ``own``,
    the host name that App Service gave the app. The ``Host`` header of a caller is believed only if
    it is loopback."""
    if public:
        return f"{public.rstrip('/')}/api/"
    called = urlsplit(url)
    scheme, host = called.scheme, called.netloc
    if (called.hostname or "") not in LOOPBACK and host.lower() != own.lower():
        scheme, host = "https", own or NOT_KNOWN
    if trust_forwarded:
        forwarded = _first(headers.get("x-forwarded-host", ""))
        host = forwarded if _HOST.fullmatch(forwarded) else host
        header = _first(headers.get("x-forwarded-proto", "")).lower()
        scheme = header if header in ("http", "https") else scheme
    return f"{scheme}://{host}/api/"


def _first(header: str) -> str:
    """The value of the proxy that is nearest to the caller."""
    return header.split(",", 1)[0].strip()
