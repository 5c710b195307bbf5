"""Where this app is called: the absolute address that callers are given back."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from shared.core.access.allowed import LOOPBACK

_HOST = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,39}\](:[0-9]{1,5})?"
)


NOT_KNOWN = "address-not-known.invalid"
"""Where nobody says what the app's address is: RFC 2606 reserves the domain."""


def base_of(
    url: str, headers: Mapping[str, str], public: str, own: str = "", *, trust_forwarded: bool
) -> str:
    """Up to ``/api/``. ``public`` is what the operator says; then what a trusted proxy says in its
    forwarded headers (``headers`` in lower case); then ``own``, the host name that App Service gave
    the app. The ``Host`` that a caller names is not believed, but of this machine."""
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
    """Of several proxies, the one nearest to the caller."""
    return header.split(",", 1)[0].strip()
