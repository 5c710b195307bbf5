"""What is deployed: the lock, licences, the bill of materials, and that not knowing is never 'clean'."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cyclonedx.schema
import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from local.supply import audit
from local.supply.bill import bill
from local.supply.licences import Licence, licence_in, licence_of
from local.supply.lock import LockError, Pinned, read_lock
from local.supply.vulnerabilities import Looked, looked

ROOT = Path(__file__).parents[3]
SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"
APP, DEV = read_lock(ROOT / "requirements.txt"), read_lock(ROOT / "requirements-dev.txt")
LICENCES = {each.name: licence_of(each.name) for each in (*APP, *DEV)}


def named(pinned: tuple[Pinned, ...]) -> dict[str, Pinned]:
    return {each.name: each for each in pinned}


def test_direct_dependencies_of_the_lock_are_those_that_are_asked_for() -> None:
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    asked = {line for line in lines if line and not line.startswith("#")}
    assert {each.name for each in APP if each.direct} == asked


def test_what_is_deployed_is_what_was_tested() -> None:
    tested = named(DEV)
    assert {each.name: each.version for each in APP} == {
        each.name: tested[each.name].version for each in APP
    }


def test_no_package_of_a_retired_sdk_is_deployed() -> None:
    """msrest is named by Azure Monitor's exporter, which never imports it."""
    assert named(APP).keys() & {"azure-mgmt-compute", "azure-mgmt-resourcegraph"} == set()
    assert named(APP)["msrest"].needed_by == ("azure-monitor-opentelemetry-exporter",)
    assert "azure-mgmt-desktopvirtualization" in named(APP)


def test_who_needs_a_package_is_known() -> None:
    assert named(APP)["pycparser"].needed_by == ("cffi",)
    assert not named(APP)["pycparser"].direct
    assert "platform" in named(APP)["cffi"].marker


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("a==1 \\\n    # via -r x.in\n", "without a hash: a"), ("a>=1\n", "line 1"), ("-e .\n", "line 1"),
     ("a==1 \\\n    --hash=md5:00\n", "line 2")],
)  # fmt: skip
def test_what_is_no_lock_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LockError, match=wrong):
        read_lock(path)


def test_every_deployed_package_is_under_a_licence_that_is_allowed() -> None:
    assert {each.name: LICENCES[each.name] for each in APP if not LICENCES[each.name].allowed} == {}


@pytest.mark.parametrize(
    ("fields", "classifiers", "text", "allowed"),
    [
        ({"License-Expression": "Apache-2.0 OR GPL-3.0-only"}, [], "Apache-2.0 OR GPL-3.0-only", True),
        ({"License-Expression": "MIT AND GPL-3.0-only"}, [], "MIT AND GPL-3.0-only", False),
        ({"License-Expression": "(MIT OR GPL-3.0-only) AND MIT"}, [], "(MIT OR GPL-3.0-only) AND MIT", False),
        ({"License-Expression": "MIT WITH something"}, [], "MIT WITH something", False),
        ({"License": "MIT License"}, [], "MIT", True),
        ({"License": "Copyright (c) 2021\nRedistribution"}, ["License :: OSI Approved :: BSD License"], "BSD", True),
        ({}, ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], "", False),
        ({}, [], "", False),
        ({"License": "as you like"}, [], "", False),
    ],
)  # fmt: skip
def test_a_licence_is_what_the_package_says(
    fields: dict[str, str], classifiers: list[str], text: str, allowed: bool
) -> None:
    found = licence_in(fields, classifiers)
    assert (found.text, found.allowed) == (text, allowed)
    assert bool(found.why) == (not text)


def test_of_a_package_that_is_not_installed_nothing_is_supposed() -> None:
    assert not licence_of("no-such-package-here").allowed


def schema() -> Draft7Validator:
    def read(name: str) -> Any:
        return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))

    found = [read(f"{name}.SNAPSHOT.schema.json") for name in ("spdx", "jsf-0.82", "bom-1.6")]
    resources = [(each["$id"], DRAFT7.create_resource(each)) for each in found]
    return Draft7Validator(found[-1], registry=Registry().with_resources(resources))


@pytest.mark.parametrize("pinned", [APP, DEV], ids=["app", "development"])
def test_the_bill_of_materials_is_cyclonedx_and_names_every_package(
    pinned: tuple[Pinned, ...],
) -> None:
    made = bill(pinned, LICENCES, "1.2.3")
    assert [error.message for error in schema().iter_errors(made)] == []
    assert {c["purl"] for c in made["components"]} == {each.purl for each in pinned}
    refs = [made["metadata"]["component"]["bom-ref"], *(c["bom-ref"] for c in made["components"])]
    assert [d["ref"] for d in made["dependencies"]] == refs
    reached, left = set(), [refs[0]]
    known = {d["ref"]: d["dependsOn"] for d in made["dependencies"]}
    while left:
        ref = left.pop()
        if ref not in reached:
            reached.add(ref)
            left += known[ref]
    assert reached == set(refs)


def test_the_schema_would_refuse_a_bill_that_is_none() -> None:
    made = bill(APP, LICENCES, "1.2.3")
    assert list(schema().iter_errors({**made, "components": [{"name": "x"}]})) != []


def test_the_same_lock_makes_the_same_bill_and_another_another() -> None:
    made = bill(APP, LICENCES, "1.2.3")
    assert made == bill(APP[::-1], LICENCES, "1.2.3")
    assert made["serialNumber"] != bill(APP[1:], LICENCES, "1.2.3")["serialNumber"]


CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
SKIPPED = {"name": "a", "skip_reason": "not found"}


def answer(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


def test_clean_is_only_what_was_looked_up() -> None:
    assert looked({"a"}, answer(CLEAN), "").clean
    assert looked({"a"}, answer(BAD), "") == Looked(("a 1: PYSEC-1; mended in: 2",), (), "")


@pytest.mark.parametrize(
    ("told", "errors", "why"),
    [
        (answer(SKIPPED), "", "not found"),
        (answer(), "", "it is not in the answer"),
        (answer({"name": "a"}), "", "it is not in the answer"),
        ("", "Traceback\nConnectionError: no route", "ConnectionError: no route"),
        ("", "", "it answered nothing"),
        ("<html>", "x", "x"),
        ("{}", "x", "x"),
        ("[1]", "x", "x"),
    ],
)
def test_what_was_not_looked_up_is_not_clean_and_it_is_said_why(
    told: str, errors: str, why: str
) -> None:
    found = looked({"a"}, told, errors)
    assert (found.unknown, found.why, found.clean) == (("a",), why, False)


@pytest.mark.parametrize(
    ("seen", "ends", "says"),
    [
        (Looked((), (), ""), 0, "nothing is known against any of them"),
        (Looked(("a 1: PYSEC-1",), (), ""), 1, "NOT clean: 1 vulnerabilities"),
        (
            Looked((), ("a", "b"), "no route"),
            1,
            "could not be reached, or does not know 2 packages",
        ),
    ],
)
def test_the_audit_ends_well_only_where_all_is_known(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seen: Looked,
    ends: int,
    says: str,
) -> None:
    asked: list[str] = []

    def look_up(pinned: Iterable[Pinned], options: Sequence[str]) -> Looked:
        asked.extend(each.name for each in pinned)
        return seen

    monkeypatch.setattr(audit, "look_up", look_up)
    monkeypatch.setattr(audit, "_write", lambda *_: None)
    assert audit.main([]) == ends
    assert set(asked) == {each.name for each in (*APP, *DEV)}
    told = capsys.readouterr().out
    assert says in told
    assert ("nothing is known" in told) == (ends == 0)


def test_a_licence_that_is_not_allowed_fails_the_audit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "look_up", lambda *_: Looked((), (), ""))
    monkeypatch.setattr(audit, "_write", lambda *_: None)
    real = licence_of
    monkeypatch.setattr(
        audit, "licence_of", lambda n: Licence("GPL-3.0-only") if n == "aiohttp" else real(n)
    )
    assert audit.main([]) == 1
    assert re.search(r"NOT clean: deployed, .*: aiohttp$", capsys.readouterr().out, re.MULTILINE)


def test_the_bill_has_the_version_of_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    headings = re.findall(
        r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings[0] in (project["version"], "Unreleased")
    assert project["version"] in headings or headings == ["Unreleased"]


def test_what_the_exporter_of_azure_monitor_names_and_does_not_use_is_not_imported() -> None:
    program = "import sys, azure.monitor.opentelemetry.exporter; sys.exit('msrest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
