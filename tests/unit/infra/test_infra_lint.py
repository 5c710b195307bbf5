"""The templates of infra/ as the vendor's linter would see them, rule by rule; and each rule on what breaks it."""

from collections.abc import Callable

import pytest
from tree_sitter import Node

from tests.support.files import bicep_lint
from tests.support.files.bicep import (
    INFRA,
    Declared,
    File,
    names_used,
    parsed,
    properties,
    templates,
    text,
)
from tests.support.files.bicep_lint import FINDERS, FUNCTIONS

PARAMETER_FILES = [
    parsed((INFRA / f"{name}.bicepparam").read_text(encoding="utf-8"), INFRA / f"{name}.bicepparam")
    for name in ("main", "connect")
]
FILES = [*templates(), *PARAMETER_FILES]


@pytest.mark.parametrize("find", FINDERS, ids=lambda find: find.__name__)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path.name)
def test_the_linter_would_find_nothing(file: File, find: Callable[[File], list[str]]) -> None:
    assert find(file) == []


WRONG = {
    "unknown_functions": ["var a = uniqeString('x')", "var a = guid()", "var a = split('x')"],
    "unknown_names": ["var a = b", "var a = '${b.id}'", "var a = [for x in ['y']: z]"],
    "repeated_names": ["var a = 1\nvar a = 2", "var a = { b: 1\n b: 2 }"],
    "circles": ["var a = b\nvar b = { c: a }", "var a = '${a}'"],
    "known_too_late": [
        "resource a 'B/c@2024-01-01' = { name: d.properties.e }",
        "var f = d.outputs.e\nmodule a 'b.bicep' = { name: 'x-${f}' }",
        "module a 'b.bicep' = if (d.outputs.e) { name: 'x' }",
        "module a 'b.bicep' = [for x in d.outputs.e: { name: x }]",
        "var g = listKeys('x', 'y')\nvar f = [g.z]\nmodule a 'b.bicep' = [for x in f: { name: x }]",
    ],
    "one_name_for_many": [
        "module a 'b.bicep' = [for x in ['y']: { name: 'z' }]",
        "resource a 'B/c@2024-01-01' = [for (x, i) in ['y']: { name: 'z'\n parent: d }]",
    ],
    "perhaps_absent": [
        "param p bool\nmodule a 'b.bicep' = if (p) { name: 'x' }\nvar c = a.outputs.d",
        "param p bool\nresource a 'B/c@2024-01-01' = if (p) { name: 'x' }\nvar c = a.properties.d",
    ],
    "wrong_decorators": [
        "@minLength(1)\nparam a int",
        "@maxValue(1)\nparam a string",
        "@secure()\nparam a string[]",
        "@allowed(['x'\n'y'])\nparam a string = 'z'",
        "@allowed([1\n2])\nparam a array = [3]",
        "@maxLength(2)\nparam a string = 'abc'",
        "@minValue(5)\nparam a int = 4",
        "@minLength(1)\nparam a string[] = []",
    ],
    "open_secrets": ["param clientSecret string", "@secure()\nparam key string = 'abc'"],
    "plain_style": [
        "var a = concat('x', 'y')",
        "param b string\nvar a = '${b}'",
        "var a = { 'b': 1 }",
        "var a = any(1)",
        "resource r 'B/c@2024-01-01' existing = { name: 'x' }\nvar k = listKeys(r.id, '2024-01-01')",
    ],
    "fixed_places": [
        "resource a 'B/c@2024-01-01' = { name: 'x'\n location: 'westeurope' }",
        "module a 'b.bicep' = { name: 'x'\n params: { location: 'westeurope' } }",
        "var a = resourceGroup().location",
    ],
    "needless_order": [
        "module a 'b.bicep' = { name: 'x'\n params: { y: c.outputs.z }\n dependsOn: [c] }",
        "resource a 'B/c@2024-01-01' = { name: 'x'\n parent: c\n dependsOn: [c] }",
    ],
}


@pytest.mark.parametrize(("name", "source"), [(n, s) for n in WRONG for s in WRONG[n]])
def test_each_rule_finds_what_breaks_it(name: str, source: str) -> None:
    assert getattr(bicep_lint, name)(parsed(source)) != []


def test_every_rule_is_tried() -> None:
    assert {find.__name__ for find in FINDERS} == set(WRONG)


def test_no_function_is_listed_that_no_file_calls() -> None:
    called = {name for file in FILES for name, _, _ in bicep_lint.calls(file)}
    assert set(FUNCTIONS) - called <= {"concat"}


def secret_names(file: File) -> set[str]:
    """Secure parameters, and the variables that hold one."""
    found = {n for n, d in file.of("parameter").items() if "secure" in d.decorators}
    while True:
        more = {
            name
            for name, d in file.of("variable").items()
            if d.value is not None and _named(d.value) & found
        }
        if more <= found:
            return found
        found |= more


def _named(node: Node) -> set[str]:
    return names_used(node) | {text(node)}


MODULES = [(f, m) for f in templates() for m in f.of("module").values()]


@pytest.mark.parametrize(
    ("file", "module"), MODULES, ids=[f"{f.path.stem}-{m.name}" for f, m in MODULES]
)
def test_a_secret_is_handed_on_as_one(file: File, module: Declared) -> None:
    """Values of parameters that are not secure stand in the history of deployments."""
    asked = file.module(module).of("parameter")
    secrets = secret_names(file)
    for name, value in properties(properties(module.value).get("params")).items():
        if _named(value) & secrets or "listKeys" in _named(value):
            assert "secure" in asked[name].decorators, name
