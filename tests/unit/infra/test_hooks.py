"""What runs after a deployment, and the scripts for the night on which the app is gone."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

ROOT = Path(__file__).parents[3]
HOOKS = ROOT / "infra" / "hooks"
WITH_SH = pytest.mark.skipif(shutil.which("sh") is None, reason="it needs sh")
PAGES = [
    path
    for path in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    )
    if "```powershell" in path.read_text(encoding="utf-8")
]
POWERSHELL = Parser(Language(tree_sitter_powershell.language()))
SCRIPTS = sorted(path for path in (*HOOKS.iterdir(), *(ROOT / "scripts").iterdir()))
_AZ = """#!/bin/sh
case "$*" in
  *keys*) echo KEY ;;
  *) echo app.example ;;
esac
"""
_CURL = """#!/bin/sh
echo "curl $*"
cat >"$SEEN"
exit "$CODE"
"""


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_parsed(path: Path) -> None:
    """PowerShell by its grammar alone, which knows nothing of what runs."""
    if path.suffix == ".ps1":
        tree = POWERSHELL.parse(path.read_bytes())
        assert not tree.root_node.has_error
    elif shutil.which("sh") is not None:
        subprocess.run(["sh", "-n", path], check=True)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_powershell_in_the_docs_can_be_parsed(path: Path) -> None:
    blocks = re.findall(
        r"^```powershell\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    for block in blocks:
        assert not POWERSHELL.parse(block.encode()).root_node.has_error, block


def test_powershell_that_is_broken_is_noticed() -> None:
    text = (ROOT / "scripts" / "Restore-DrainedHosts.ps1").read_text(encoding="utf-8")
    broken = text.replace("try {", "try ", 1)
    assert broken != text
    assert POWERSHELL.parse(broken.encode()).root_node.has_error


def test_both_hooks_of_the_doctor_ask_the_same() -> None:
    posix, windows = (
        (HOOKS / f"doctor.{end}").read_text(encoding="utf-8") for end in ("sh", "ps1")
    )
    asked = [re.findall(r"az functionapp [a-z ]+ ", text) for text in (posix, windows)]
    assert asked[0] == asked[1] != []
    named = [set(re.findall(r"\$(?:env:|\{)?([A-Z]+_[A-Z_]+)", text)) for text in (posix, windows)]
    assert named[0] == named[1] != set()
    for text in (posix, windows):
        assert "/api/doctor?format=markdown" in text


def hook(folder: Path, code: int = 0, **more: str) -> tuple[str, str]:
    """What the POSIX hook prints with an az and a curl that only say what they were asked; and what curl was
    given on stdin."""
    for name, text in (("az", _AZ), ("curl", _CURL)):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o700)
    seen = folder / "seen"
    names = ("AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "SERVICE_APP_NAME")
    environ = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "SEEN": str(seen), "CODE": str(code),
        **dict.fromkeys(names, "x"), **more,
    }  # fmt: skip
    done = subprocess.run(
        ["sh", HOOKS / "doctor.sh"], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout, seen.read_text(encoding="utf-8") if seen.exists() else ""


@WITH_SH
def test_the_key_is_no_argument_that_others_on_the_machine_see(tmp_path: Path) -> None:
    said, given = hook(tmp_path)
    assert "https://app.example/api/doctor?format=markdown" in said
    assert "KEY" not in said
    assert given == "x-functions-key: KEY\n"


@WITH_SH
def test_an_app_that_does_not_answer_fails_no_deployment(tmp_path: Path) -> None:
    assert "did not say" in hook(tmp_path, code=22)[0]


@WITH_SH
def test_with_entra_the_command_is_told_that_signs_in(tmp_path: Path) -> None:
    said, given = hook(tmp_path, SERVICE_APP_AUDIENCE="api://drains")
    assert "avd-drain doctor --url https://app.example --scope api://drains/.default" in said
    assert given == ""


_AZ_THAT_TELLS = """#!/bin/sh
echo "$*" >>"$SEEN"
case "$*" in "$REFUSED"*) exit 1 ;; esac
"""


def connect(folder: Path, refused: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The POSIX hook with an az that refuses what begins so; and what az was asked."""
    (folder / "az").write_text(_AZ_THAT_TELLS, encoding="utf-8")
    (folder / "az").chmod(0o700)
    seen = folder / "seen"
    names = ("AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "SERVICE_APP_NAME")
    environ = {
        "PATH": f"{folder}:{os.environ['PATH']}", "SEEN": str(seen), "REFUSED": refused,
        "SERVICE_APP_AUDIENCE": "api://drains", **dict.fromkeys(names, "x"),
    }  # fmt: skip
    done = subprocess.run(
        ["sh", HOOKS / "connect.sh"], env=environ, capture_output=True, text=True, check=False
    )
    return done, seen.read_text(encoding="utf-8").splitlines()


@WITH_SH
def test_who_is_not_signed_in_to_the_cli_is_told_at_once(tmp_path: Path) -> None:
    done, asked = connect(tmp_path, "account show")
    assert done.returncode == 1
    assert "az login" in done.stderr
    assert len(asked) == 1


@WITH_SH
def test_what_needs_the_code_is_deployed_when_the_functions_are_there(tmp_path: Path) -> None:
    done, asked = connect(tmp_path, "nothing")
    assert done.returncode == 0
    assert [" ".join(line.split()[:3]) for line in asked] == [
        "account show --subscription",
        "functionapp function show",
        "deployment group create",
        "functionapp show --subscription",
    ]


@WITH_SH
def test_a_deployment_that_fails_fails_the_hook(tmp_path: Path) -> None:
    done, asked = connect(tmp_path, "deployment group create")
    assert done.returncode == 1
    assert asked[-1].startswith("deployment group create")
