"""What a setting's value may look like: addresses, and the storage account's connection string. Values
are told apart here, and repeated nowhere: they may be secrets."""

from urllib.parse import urlsplit

from shared.core.values.callbacks import LOOPBACK


def is_address(text: str) -> bool:
    """An https address, or one of this machine in plain http, without a user, a query or a mark."""
    parts = parsed(text)
    if parts is None:
        return False
    scheme, host = parts
    return scheme == "https" or (scheme == "http" and host in LOOPBACK)


def parsed(text: str) -> tuple[str, str] | None:
    """Scheme and host of an address; None for what is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    odd = parts.query or parts.fragment or "@" in parts.netloc or port == 0
    if odd or not parts.hostname or any(c.isspace() for c in text) or not text.isascii():
        return None
    return parts.scheme, parts.hostname


def is_connection_string(text: str) -> bool:
    """As the storage account's keys page has it, or with a shared access signature, or the emulator's."""
    parts = [part.partition("=") for part in text.strip().strip(";").split(";")]
    given = {name.strip().lower(): value for name, _, value in parts if value}
    if len(given) != len(parts):
        return False
    if given.get("usedevelopmentstorage", "").lower() == "true":
        return True
    places = {"queueendpoint", "tableendpoint"} <= given.keys() or "accountname" in given
    return places and bool({"accountkey", "sharedaccesssignature"} & given.keys())
