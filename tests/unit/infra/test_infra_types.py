"""What the templates of infra/ give each resource is what its type takes."""

import pytest

from tests.support.files.azure_types import READ, TYPES
from tests.support.files.bicep import (
    INFRA,
    Declared,
    File,
    names_used,
    parse,
    parsed,
    properties,
    templates,
    text,
    walk,
)
from tests.support.files.bicep_lengths import bounds, lengths
from tests.support.files.bicep_typing import faults_of

MADE = [(f, r) for f in templates() for r in f.of("resource").values() if not r.existing]
MODULES = [(f, m) for f in templates() for m in f.of("module").values()]


def ids(pairs: list[tuple[File, Declared]]) -> list[str]:
    return [f"{file.path.stem}-{declared.name}" for file, declared in pairs]


@pytest.mark.parametrize(("file", "resource"), MADE, ids=ids(MADE))
def test_a_resource_is_given_what_its_type_takes(file: File, resource: Declared) -> None:
    assert faults_of(resource, file) == []


def test_no_type_is_kept_that_no_template_uses() -> None:
    used = {r.type for file in templates() for r in file.of("resource").values()}
    assert set(TYPES) == used
    assert set(READ) <= used


WRONG = {
    "publicNetworkAccess: 'On'": "'On' is not one of",
    "allowSharedKeyAccess: 'false'": "is not bool",
    "accesTier: 'Hot'": "no accesTier",
    "networkAcls: { bypass: 'None' }": "defaultAction is missing",
    "networkAcls: 'Deny'": "is not object",
    "minimumTlsVersion: secure ? 'TLS1_2' : 'TLS2'": "'TLS2' is not one of",
    "accessTier: tier": "tier may be what is not",
    "supportsHttpsTrafficOnly: tier": "tier is string, not bool",
    "allowBlobPublicAccess: ['a']": "a list is not bool",
    "allowBlobPublicAccess: guid('a')": "gives string, not bool",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_a_type_does_not_take_is_found(line: str) -> None:
    source = f"""
    @allowed(['Hot' 'Lukewarm'])
    param tier string
    param secure bool
    resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {{
      name: 'stdrain'
      location: 'here'
      kind: 'StorageV2'
      sku: {{ name: 'Standard_LRS' }}
      properties: {{ {line} }}
    }}
    """
    file = parsed(source)
    found = faults_of(file.of("resource")["account"], file)
    assert len(found) == 1
    assert WRONG[line] in found[0]


def test_what_a_loop_gives_is_looked_into() -> None:
    file = parsed("""
    var rules = [
      { name: 'a', severity: 0 }
      { name: 'b', severity: 9 }
      { name: 'c' }
    ]
    resource alert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
      for rule in rules: {
        name: rule.name
        location: 'here'
        properties: { severity: rule.severity }
      }
    ]
    """)
    found = faults_of(file.of("resource")["alert"], file)
    assert found == [
        "alert.properties.severity: 9 is not one of ['0', '1', '2', '3', '4']",
        "alert.properties.severity: rule has no severity",
    ]


@pytest.mark.parametrize("length", [2, 25])
def test_a_name_that_cannot_fit_is_found(length: int) -> None:
    file = parsed(f"""
    @minLength({min(length, 3)})
    @maxLength({max(length, 24)})
    param name string
    resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {{
      name: name
      location: 'here'
      kind: 'StorageV2'
      sku: {{ name: 'Standard_LRS' }}
    }}
    """)
    assert len(faults_of(file.of("resource")["account"], file)) == 1


@pytest.mark.parametrize(("file", "module"), MODULES, ids=ids(MODULES))
def test_a_text_for_a_module_has_a_length_that_it_takes(file: File, module: Declared) -> None:
    asked = file.module(module).of("parameter")
    for name, value in properties(properties(module.value).get("params")).items():
        least, most = bounds(asked[name])
        for shortest, longest in lengths(value, file):
            assert least is None or shortest is None or shortest >= least, name
            assert most is None or longest is None or longest <= most, name


def test_the_length_of_a_text_is_inferred_as_the_compiler_does() -> None:
    file = parsed("""
    @maxLength(5)
    param short string
    param any string
    var a = 'ab${uniqueString('x')}'
    var b = 'ab${short}'
    var c = 'ab${any}c'
    var d = empty(short) ? 'x' : short
    """)
    found = {n: lengths(v.value, file) for n, v in file.of("variable").items() if v.value}
    assert found == {
        "a": [(15, 15)],
        "b": [(2, 7)],
        "c": [(3, None)],
        "d": [(1, 1), (None, 5)],
    }


@pytest.mark.parametrize("file", templates(), ids=lambda f: f.path.name)
def test_what_is_read_of_a_resource_is_told_by_its_type(file: File) -> None:
    resources = file.of("resource")
    for node in walk(file.tree):
        if node.type != "member_expression" or (
            node.parent is not None and node.parent.type in ("member_expression", "call_expression")
        ):
            continue
        of, _, read = text(node).replace("!", "").partition(".")
        if of in resources and "(" not in read and read not in ("id", "name"):
            assert read in READ.get(resources[of].type, ()), text(node)


@pytest.mark.parametrize("name", ["main", "connect"])
def test_what_a_parameter_file_falls_back_to_fits(name: str) -> None:
    """The compiler takes what an environment variable says, or the text beside it, for a literal."""
    source = (INFRA / f"{name}.bicepparam").read_text(encoding="utf-8")
    asked = next(f for f in templates() if f.path.name == f"{name}.bicep").of("parameter")
    given = parsed(source).of("variable")
    for parameter, declared in given.items():
        if parameter not in asked or declared.value is None:
            continue
        fallbacks = [n for n in walk(declared.value) if n.type == "string"]
        if text(declared.value).startswith("readEnvironmentVariable("):
            assert asked[parameter].type == "string"
            least, most = bounds(asked[parameter])
            size = len(text(fallbacks[-1])) - 2
            assert (least or 0) <= size <= (most or size), parameter
        elif text(declared.value).startswith("bool("):
            assert asked[parameter].type == "bool"
            assert text(fallbacks[-1]) in ("'true'", "'false'")
    assert names_used(parse(source))
