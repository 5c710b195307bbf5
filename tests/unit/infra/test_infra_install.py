"""The ways into Azure: azd, the command line, the portal; and what is published."""

import re
import subprocess
from fnmatch import fnmatch

from tests.support.files.bicep import INFRA, literal, properties, read, walk

ROOT = INFRA.parent
GUIDE = (ROOT / "docs" / "azure.md").read_text(encoding="utf-8")
AZD = (ROOT / "azure.yaml").read_text(encoding="utf-8")
MAIN = read(INFRA / "main.bicep")
OF_AZD = {"AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_SUBSCRIPTION_ID"}
"""What azd itself keeps in its environment."""
PUBLISHED = {"function_app.py", "host.json", "requirements.txt", "shared"}


def hooks() -> tuple[str, str]:
    return tuple(  # type: ignore[return-value]
        (INFRA / "hooks" / f"connect.{suffix}").read_text(encoding="utf-8")
        for suffix in ("sh", "ps1")
    )


def test_azd_finds_its_templates_its_hooks_and_the_app() -> None:
    for file in re.findall(r"run: (\S+)", AZD):
        assert (ROOT / file).is_file()
    found = re.search(r"path: (\S+)\n  module: (\S+)", AZD)
    assert found is not None
    assert (ROOT / found[1] / f"{found[2]}.bicep").is_file()
    service = re.search(r"services:\n  (\w+):", AZD)
    tags = [
        literal(tag)
        for file in (MAIN, read(INFRA / "modules" / "app" / "functionapp.bicep"))
        for node in walk(file.tree)
        if node.type == "object"
        for name, tag in properties(node).items()
        if name == "azd-service-name"
    ]
    assert service is not None
    assert tags == [service[1]]


def test_azd_may_run_the_posix_hook_as_it_is_cloned() -> None:
    posix = re.findall(r"run: (\S+\.sh)", AZD)
    kept = subprocess.run(
        ["git", "ls-files", "-s", *posix], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line.split()[0] for line in kept.stdout.splitlines()] == ["100755"] * len(posix)
    assert posix


def test_both_hooks_say_the_same() -> None:
    posix, windows = hooks()
    options = [re.findall(r"(?<=\s)--[a-z-]+", hook) for hook in (posix, windows)]
    assert options[0] == options[1] != []
    named = [set(re.findall(r"\$(?:env:)?([A-Z]+_[A-Z_]+)", hook)) for hook in (posix, windows)]
    assert named[0] == named[1] <= set(MAIN.of("output")) | OF_AZD


def test_what_connects_the_app_is_named_by_what_made_it() -> None:
    source = (INFRA / "connect.bicepparam").read_text(encoding="utf-8")
    read_there = set(re.findall(r"readEnvironmentVariable\('(SERVICE_\w+)'", source))
    assert read_there == {"SERVICE_APP_NAME", "SERVICE_APP_TOPIC", "SERVICE_APP_AUDIENCE"}
    assert read_there <= set(MAIN.of("output"))


def test_the_guide_names_every_variable_that_the_parameter_files_read() -> None:
    for name in ("main", "connect"):
        source = (INFRA / f"{name}.bicepparam").read_text(encoding="utf-8")
        for variable in re.findall(r"readEnvironmentVariable\('(\w+)'", source):
            assert f"`{variable}`" in GUIDE, variable


def test_the_guide_names_every_parameter_that_no_variable_gives() -> None:
    for name in ("main", "connect"):
        source = (INFRA / f"{name}.bicepparam").read_text(encoding="utf-8")
        given = set(re.findall(r"^param (\w+) =", source, re.MULTILINE))
        for parameter in set(read(INFRA / f"{name}.bicep").of("parameter")) - given:
            assert f"`{parameter}`" in GUIDE, parameter


def test_each_command_is_told_for_both_shells() -> None:
    blocks = re.findall(r"^```(\w+)$", GUIDE, re.MULTILINE)
    shells = [block for block in blocks if block in ("bash", "powershell")]
    assert len(shells) > 4
    assert shells == ["bash", "powershell"] * (len(shells) // 2)


def test_the_guide_zips_what_is_published_in_both_shells() -> None:
    """Not by what a shell has: Compress-Archive of Windows PowerShell 5.1 writes names that Linux does not unpack."""
    assert (
        re.findall(r"^(?:zip|Compress-Archive|python dev\.py package).*$", GUIDE, re.MULTILINE)
        == ["python dev.py package --out app.zip"] * 2
    )


def test_what_the_app_does_not_need_is_left_out_of_its_package() -> None:
    lines = (ROOT / ".funcignore").read_text(encoding="utf-8").split()
    patterns = [line.rstrip("/") for line in lines]
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    there = {file.split("/")[0] for file in kept.stdout.splitlines()}
    published = {n for n in there if not any(fnmatch(n, pattern) for pattern in patterns)}
    assert published == PUBLISHED
    inside = {
        part for f in kept.stdout.splitlines() if f.startswith("shared/") for part in f.split("/")
    }
    assert [n for n in inside if any(fnmatch(n, pattern) for pattern in patterns)] == []
