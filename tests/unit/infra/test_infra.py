"""The templates of infra/, as far as they can be judged without their compiler."""

import json
import re
from pathlib import Path

import pytest

from tests.support.files.bicep import (
    INFRA,
    Declared,
    File,
    evaluate,
    faults,
    literal,
    names_used,
    parse,
    properties,
    read,
    templates,
    text,
    walk,
)

MAIN, CONNECT = read(INFRA / "main.bicep"), read(INFRA / "connect.bicep")
EACH = pytest.mark.parametrize("file", templates(), ids=lambda f: f.path.name)
ENTRANCES = pytest.mark.parametrize("file", [MAIN, CONNECT], ids=lambda f: f.path.name)
PARAMETER_FILES = pytest.mark.parametrize("name", ["main", "connect"])
MODULES = [(f, m) for f in templates() for m in f.of("module").values()]
EACH_MODULE = pytest.mark.parametrize(
    ("file", "module"), MODULES, ids=[f"{f.path.stem}-{m.name}" for f, m in MODULES]
)
TOKEN = "abcdefghijklm"

BUILT_IN = {
    "storageBlobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "storageQueueDataContributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    "storageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "monitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "eventGridDataSender": "d5a91429-5739-47e2-a06b-3470a27159e7",
    "reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
}
"""By the vendor's list of built-in roles."""

NAMES = {
    "Microsoft.EventGrid/systemTopics": r"egst-[a-zA-Z0-9-]{1,45}",
    "Microsoft.EventGrid/topics": r"evgt-[a-zA-Z0-9-]{1,45}",
    "Microsoft.Insights/actionGroups": r"ag-[a-zA-Z0-9-]{1,257}",
    "Microsoft.Insights/components": r"appi-[a-zA-Z0-9-]{1,250}",
    "Microsoft.Logic/workflows": r"logic-[a-zA-Z0-9-]{1,74}",
    "Microsoft.ManagedIdentity/userAssignedIdentities": r"id-[a-zA-Z0-9-]{1,125}",
    "Microsoft.Network/privateEndpoints": r"pep-[a-zA-Z0-9-]{1,76}",
    "Microsoft.Network/virtualNetworks": r"vnet-[a-zA-Z0-9-]{1,59}",
    "Microsoft.OperationalInsights/workspaces": r"log-[a-zA-Z0-9-]{1,58}[a-zA-Z0-9]",
    "Microsoft.Resources/resourceGroups": r"rg-[\w().-]{1,86}[\w()-]",
    "Microsoft.Storage/storageAccounts": r"st[a-z0-9]{1,22}",
    "Microsoft.Storage/storageAccounts/blobServices/containers": r"[a-z0-9][a-z0-9-]{2,62}",
    "Microsoft.Web/serverfarms": r"asp-[a-zA-Z0-9-]{1,36}",
    "Microsoft.Web/sites": r"func-[a-zA-Z0-9-]{1,54}[a-zA-Z0-9]",
}
"""The Cloud Adoption Framework's abbreviations, and the vendor's limits for names."""


@EACH
def test_every_template_is_bicep_by_its_grammar(file: File) -> None:
    assert faults(file.tree) == []


def test_the_grammar_finds_what_is_none() -> None:
    assert faults(parse("param name string = \nresource x 'A/b@2024-01-01' = {")) != []


@EACH
def test_every_parameter_and_output_says_what_it_is(file: File) -> None:
    told = [*file.of("parameter").values(), *file.of("output").values()]
    assert [d.name for d in told if len(d.decorators.get("description", "")) < 15] == []


@ENTRANCES
def test_what_a_user_gives_is_checked(file: File) -> None:
    """A bool has two values; access, rules, schedules, scripts and settings are checked by the app."""
    free = {"access", "eventRules", "schedules", "runCommands", "extraSettings", "webhookHosts"}
    free |= {"teamsUrl", "office365ConnectionId", "notifications"}
    checks = {"allowed", "minLength", "maxLength", "minValue", "maxValue"}
    given = file.of("parameter").values()
    unchecked = {d.name for d in given if d.type != "bool" and not checks & set(d.decorators)}
    assert unchecked <= free


@EACH
def test_all_that_is_declared_is_used(file: File) -> None:
    used = names_used(file.tree)
    kinds = ("parameter", "variable")
    unused = [
        d.name for d in file.declared if (d.kind in kinds or d.existing) and d.name not in used
    ]
    assert unused == []


@EACH
def test_a_secret_has_no_default_and_is_no_output(file: File) -> None:
    secret = [d for d in file.of("parameter").values() if "secure" in d.decorators]
    assert [
        d.name for d in secret if d.value is not None and text(d.value) not in ("''", "{}")
    ] == []
    named = [rf"\b{d.name}\b" for d in secret]
    leaking = re.compile(
        "|".join([r"\blist\w*\(", "(?i:password|secret|connectionstring)", *named])
    )
    for output in file.of("output").values():
        assert output.value is not None
        assert leaking.search(text(output.value)) is None, output.name


@EACH_MODULE
def test_a_module_is_given_what_it_asks_for_and_nothing_else(file: File, module: Declared) -> None:
    asked = file.module(module).of("parameter")
    given = set(properties(properties(module.value).get("params")))
    required = {name for name, d in asked.items() if d.value is None}
    assert given - set(asked) == set()
    assert required - given == set()


@EACH_MODULE
def test_a_module_is_deployed_where_it_says(file: File, module: Declared) -> None:
    def scope(of: File) -> str:
        found = re.search(r"^targetScope = '(\w+)'", of.source, re.MULTILINE)
        return found[1] if found else "resourceGroup"

    told = text(properties(module.value).get("scope"))
    groups = [n for n, d in file.of("resource").items() if "resourceGroups@" in d.type]
    here = scope(file) if not told else "resourceGroup" if told in groups else told.split("(")[0]
    assert scope(file.module(module)) == here


@EACH_MODULE
def test_what_is_used_of_a_module_is_there(file: File, module: Declared) -> None:
    """What may not have been deployed is used with ``!`` only, after a check or in a loop of none."""
    used = re.findall(rf"(?<![\w.]){module.name}(!?)\.outputs\.(\w+)", file.code)
    assert {name for _, name in used} <= set(file.module(module).of("output"))
    assert {mark == "!" for mark, _ in used} <= {module.conditional}


@EACH
def test_no_address_of_one_cloud_is_written_down(file: File) -> None:
    clouds = r"azure\.(com|net|us|cn)|windows\.net|microsoftonline|usgovcloudapi|chinacloudapi"
    assert re.search(clouds, file.code) is None


def test_each_type_of_resource_has_one_api_version_and_no_preview() -> None:
    found: dict[str, set[str]] = {}
    for file in templates():
        for resource in file.of("resource").values():
            kind, _, version = resource.type.partition("@")
            assert re.fullmatch(r"20[12]\d-\d\d-\d\d", version), resource.type
            found.setdefault(kind, set()).add(version)
    assert {kind: versions for kind, versions in found.items() if len(versions) > 1} == {}


@EACH
def test_no_name_of_a_child_repeats_its_parent(file: File) -> None:
    for resource in file.of("resource").values():
        parts = properties(resource.value)
        if resource.type.count("/") > 1:
            assert "parent" in parts, resource.name
        assert "/" not in literal(parts["name"])


def test_the_roles_are_the_documented_ones() -> None:
    found = {}
    for file in templates():
        for node in walk(file.tree):
            if node.type in ("object_property", "variable_declaration"):
                name, value = node.named_children[0], node.named_children[-1]
                if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", literal(value)):
                    found[literal(name)] = literal(value)
    assert found == BUILT_IN


@EACH
def test_a_role_is_given_under_a_name_that_stays_the_same(file: File) -> None:
    for resource in file.of("resource").values():
        if "roleAssignments@" in resource.type or "roleDefinitions@" in resource.type:
            name = text(properties(resource.value)["name"])
            assert re.fullmatch(r"guid\((\w+\.id|\w+\(\)\.id), [\w., ]+\)", name), name
        if "roleAssignments@" in resource.type:
            inside = properties(properties(resource.value)["properties"])
            assert text(inside["principalType"]) == "'ServicePrincipal'"
    assert re.search(r"\b(newGuid|utcNow)\(", file.code) is None


@EACH
def test_a_role_is_made_at_the_first_scope_where_it_may_be_given(file: File) -> None:
    """So the vendor's reference for role definitions has it."""
    for resource in file.of("resource").values():
        if "roleDefinitions@" in resource.type:
            inside = properties(properties(resource.value)["properties"])
            assert text(inside["assignableScopes"]) == "union([subscription().id], scopes)"
            assert "targetScope = 'subscription'" in file.source


def test_names_are_abbreviated_as_the_framework_says_and_fit() -> None:
    longest = {"environmentName": "e" * 40, "token": TOKEN, "storageName": f"stdrain{TOKEN}"}
    longest |= {"uniqueString(toLower(id))": TOKEN, "service": "queue"}
    checked = set()
    for file, module in MODULES:
        inside = file.module(module)
        named = properties(properties(module.value)["params"])
        for resource in inside.of("resource").values():
            source = text(properties(resource.value)["name"])
            value = named.get(source)
            if value is None or resource.existing:
                continue
            kind = resource.type.split("@")[0]
            if kind in NAMES:
                assert re.fullmatch(NAMES[kind], evaluate(value, longest)), (kind, text(value))
                checked.add(kind)
    for file in templates():
        for resource in file.of("resource").values():
            name, kind = properties(resource.value)["name"], resource.type.split("@")[0]
            if kind in NAMES and name.type == "string":
                assert re.fullmatch(NAMES[kind], evaluate(name, longest)), text(name)
                checked.add(kind)
    assert checked == set(NAMES)


@EACH
def test_what_can_bear_tags_does(file: File) -> None:
    for resource in file.of("resource").values():
        inside = properties(resource.value)
        if "location" in inside:
            assert "tags" in inside, resource.name


@PARAMETER_FILES
def test_a_parameter_file_gives_what_its_template_asks_for(name: str) -> None:
    source = (INFRA / f"{name}.bicepparam").read_text(encoding="utf-8")
    assert faults(parse(source)) == []
    assert f"using './{name}.bicep'" in source
    asked = read(INFRA / f"{name}.bicep").of("parameter")
    given = re.findall(r"^param (\w+) =", source, re.MULTILINE)
    assert set(given) <= set(asked)
    assert {n for n, d in asked.items() if d.value is None} <= set(given)
    for variable in re.findall(r"^var (\w+) =", source, re.MULTILINE):
        assert len(re.findall(rf"\b{variable}\b", source)) > 1, variable
    for file in re.findall(r"loadJsonContent\('(.+?)'\)", source):
        json.loads((INFRA / file).read_text(encoding="utf-8"))


@PARAMETER_FILES
def test_a_parameter_file_needs_nothing_in_the_environment(name: str) -> None:
    source = (INFRA / f"{name}.bicepparam").read_text(encoding="utf-8")
    assert re.findall(r"readEnvironmentVariable\('\w+'\)", source) == []


def test_no_compiled_template_is_kept() -> None:
    kept = [
        p for p in INFRA.rglob("*.json") if "deploymentTemplate" in p.read_text(encoding="utf-8")
    ]
    assert kept == []


def test_modules_are_small_and_none_is_left_over() -> None:
    used = {(file.path.parent / module.type).resolve() for file, module in MODULES}
    there = {path.resolve() for path in Path(INFRA / "modules").rglob("*.bicep")}
    assert there == used
    for path in there:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 160, path.name
