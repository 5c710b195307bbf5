"""Where callers are told to come back to, and where the app may call."""

import pytest

from shared.adapters.outgoing import ForbiddenAddressError, GuardedResolver, Outgoing, is_public
from shared.api.http.addresses import base_of
from shared.core.access.allowed import Allowed, fault_of
from shared.errors import RejectedError

CALLED = "https://app.azurewebsites.net/api/drains?code=secret"
FORWARDED = {"x-forwarded-host": "api.contoso.example", "x-forwarded-proto": "https"}
OWN = "app.azurewebsites.net"
HOOK = "https://prod-1.westeurope.logic.azure.com/workflows/1?sig=secret"
LOGIC_APPS = Allowed(webhook_hosts=("*.logic.azure.com",))


def test_a_caller_comes_back_to_where_it_called() -> None:
    assert (
        base_of(CALLED, {}, "", OWN, trust_forwarded=False) == "https://app.azurewebsites.net/api/"
    )


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://evil.example/api/drains", "https://app.azurewebsites.net/api/"),
        ("http://APP.azurewebsites.net:80/api/x", "https://app.azurewebsites.net/api/"),
        ("http://localhost:7071/api/x", "http://localhost:7071/api/"),
        ("http://127.0.0.1:7071/api/x", "http://127.0.0.1:7071/api/"),
    ],
)
def test_the_host_that_a_caller_names_is_not_believed(url: str, base: str) -> None:
    assert base_of(url, {}, "", OWN, trust_forwarded=False) == base


def test_where_nobody_says_what_the_address_is_none_is_made_up() -> None:
    base = base_of("https://evil.example/api/x", {}, "", trust_forwarded=False)
    assert base == "https://address-not-known.invalid/api/"


def test_forwarded_headers_are_believed_only_where_they_are_trusted() -> None:
    assert base_of(CALLED, FORWARDED, "", OWN, trust_forwarded=False).startswith("https://app.")
    assert (
        base_of(CALLED, FORWARDED, "", OWN, trust_forwarded=True)
        == "https://api.contoso.example/api/"
    )


def test_of_several_proxies_the_one_nearest_to_the_caller_counts() -> None:
    told = {"x-forwarded-host": "api.contoso.example, inner", "x-forwarded-proto": "https,http"}
    base = base_of("http://inner/api/x", told, "", OWN, trust_forwarded=True)
    assert base == "https://api.contoso.example/api/"


@pytest.mark.parametrize("host", ["evil.example/x", "a b", "x\r\ny: z", "", "user@evil.example"])
def test_a_forwarded_host_that_is_none_is_not_believed(host: str) -> None:
    base = base_of(CALLED, {"x-forwarded-host": host}, "", OWN, trust_forwarded=True)
    assert base == "https://app.azurewebsites.net/api/"


def test_what_the_operator_says_comes_first_with_its_path() -> None:
    base = base_of(CALLED, FORWARDED, "https://apim.example/avd/", OWN, trust_forwarded=True)
    assert base == "https://apim.example/avd/api/"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        (HOOK, ""),
        (HOOK.replace("https", "http"), "an https address"),
        ("https://logic.azure.com.evil.example/", "WEBHOOK_HOSTS"),
        ("https://evil.example/#.logic.azure.com", "WEBHOOK_HOSTS"),
        ("https://prod-1.logic.azure.com@evil.example/", "without a user name"),
        ("https://[::1", "not an address"),
        ("https://x.logic.azure.com:port/", "not an address"),
        ("file:///etc/passwd", "an https address"),
        ("http://127.0.0.1:8080/", "WEBHOOK_HOSTS"),
    ],
)
def test_only_https_to_hosts_that_the_operator_allows_may_be_called(url: str, fault: str) -> None:
    told = fault_of(url, LOGIC_APPS)
    assert fault in told if fault else told == ""
    assert "secret" not in told


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("20.50.1.2", True),
        ("2603:1020::1", True),
        ("10.0.0.4", False),
        ("172.16.9.9", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.4", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b:1::808:808", False),
        ("::10.0.0.4", False),
        ("::169.254.169.254", False),
        ("2002:a00:4::1", False),
        ("2002:808:808::1", False),
        ("2001:0:a00:4::1", False),
        ("2606:4700::1111", True),
        ("no address", False),
    ],
)
def test_private_link_local_and_metadata_addresses_are_never_called(
    address: str, may: bool
) -> None:
    assert is_public(address, loopback=False) is may
    assert is_public(address, loopback=True) is may


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_called_only_where_the_control_plane_is_on_it_too(address: str) -> None:
    assert not is_public(address, loopback=False)
    assert is_public(address, loopback=True)


class Leading:
    """A name service in which every name leads to one address."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        return [{"hostname": host, "host": self.address, "port": port, "family": family}]

    async def close(self) -> None:
        return


async def test_a_name_that_leads_to_a_private_address_is_not_called() -> None:
    guarded = GuardedResolver(Leading("10.0.0.4"), loopback=False)  # type: ignore[arg-type]
    with pytest.raises(ForbiddenAddressError):
        await guarded.resolve("innocent.logic.azure.com")
    public = GuardedResolver(Leading("20.50.1.2"), loopback=False)  # type: ignore[arg-type]
    assert (await public.resolve("innocent.logic.azure.com"))[0]["host"] == "20.50.1.2"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "169.254.169.254"])
async def test_a_call_to_where_nobody_may_go_is_refused_for_good_without_the_address(
    host: str,
) -> None:
    with pytest.raises(RejectedError) as refused:
        await Outgoing(loopback=False).post(f"http://{host}:1/?sig=secret", {}, "key")
    assert "not public" in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://a..logic.azure.com/x",
        f"https://{'a' * 64}.logic.azure.com/x",
        f"https://{'a.' * 150}logic.azure.com/x",
        "https://-.logic.azure.com/x",
        "https://b\u00fccher.logic.azure.com/x",
        "https://xn--\ud800.logic.azure.com/",
        "https://a.logic.azure.com:99999/",
        "https://a.logic.azure.com:0/",
        "https://a.logic.azure.com:x/",
        "https://[::1.logic.azure.com/",
        "https://[v1.x]/",
        "https://a b.logic.azure.com/",
        "https://a.logic.azure.com/\nx",
        "https:///x",
        "https://",
        "",
    ],
)
def test_an_address_that_could_not_be_called_is_refused_and_never_raises(url: str) -> None:
    assert fault_of(url, LOGIC_APPS)
