"""Checks what a template gives a resource against the resource's type, as far as the source shows
it without a deployment.

Where the compiler would infer a type, this goes by how a value is written: literals, parameters
with their decorators, variables, loops over lists, both branches of a choice. A value that only
Azure knows counts as any type.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from tests.support.files.azure_types import TYPES, OneOf, Text, Type
from tests.support.files.bicep import Declared, File, literal, properties, text, walk
from tests.support.files.bicep_lengths import allowed, lengths

OF_BICEP = frozenset({"parent", "scope", "dependsOn"})
"""The properties of a resource's body that Bicep itself reads."""
RETURNS = {
    "cidrSubnet": "string",
    "contains": "bool",
    "empty": "bool",
    "guid": "string",
    "join": "string",
    "loadTextContent": "string",
    "replace": "string",
    "split": "array",
    "string": "string",
    "subscriptionResourceId": "string",
    "uniqueString": "string",
    "uriComponent": "string",
}
_LITERALS = {"string": "string", "number": "int", "boolean": "bool"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: its file, what loops and lambdas bind there, and the path to
    it."""

    file: File
    bound: Mapping[str, Sequence[Node]]
    path: str

    def inside(self, name: str) -> "Place":
        return Place(self.file, self.bound, f"{self.path}.{name}")

    def binding(self, name: str, nodes: Sequence[Node]) -> "Place":
        return Place(self.file, {**self.bound, name: nodes}, self.path)


def faults_of(resource: Declared, file: File) -> list[str]:
    """The faults of a resource's body. Empty: its type accepts it."""
    if resource.type not in TYPES:
        return [f"{resource.type} is not among the types that were looked up"]
    body = resource.value
    assert body is not None
    place = Place(file, {}, resource.name)
    for node in _above(body):
        if node.type == "for_statement":
            place = _in_loop(node, place)
    given = {name: node for name, node in properties(body).items() if name not in OF_BICEP}
    expected: Mapping[str, Type] = {"name!": "string", **TYPES[resource.type]}
    return list(_object(given, expected, place))


def _above(body: Node) -> Iterator[Node]:
    node = body.parent
    while node is not None and node.type != "resource_declaration":
        yield node
        node = node.parent


def _in_loop(loop: Node, place: Place) -> Place:
    variable, *_ = loop.named_children
    name = text(variable.named_children[0] if variable.named_children else variable)
    return place.binding(name, _items(loop.named_children[-2], place))


def _items(node: Node, place: Place) -> Sequence[Node]:
    """The items of a list that is written down or held by a variable. Empty: it is known in another
    way only."""
    if node.type == "array":
        return node.named_children
    declared = place.file.of("variable").get(text(node))
    return _items(declared.value, place) if declared and declared.value is not None else ()


def _object(given: Mapping[str, Node], expected: Mapping[str, Type], place: Place) -> Iterator[str]:
    asked = {name.rstrip("!"): of for name, of in expected.items()}
    required = {name.rstrip("!") for name in expected if name.endswith("!")}
    for name in sorted(required - set(given)):
        yield f"{place.path}: {name} is missing"
    for name, node in given.items():
        if (of := asked.get(name, asked.get("*"))) is None:
            yield f"{place.path}: no {name}"
        elif node.type == "null" and name in required:
            yield f"{place.path}: {name} is missing"
        elif node.type != "null":
            yield from _value(node, of, place.inside(name))


def _value(node: Node, expected: Type, place: Place) -> Iterator[str]:  # noqa: C901, PLR0912
    """Check a value, with a case for each way to write one."""
    match node.type:
        case _ if expected == "any":
            return
        case "null":
            return
        case "parenthesized_expression":
            yield from _value(node.named_children[0], expected, place)
        case "ternary_expression":
            for branch in node.named_children[1:]:
                yield from _value(branch, expected, place)
        case "object":
            if isinstance(expected, Mapping):
                yield from _object(properties(node), expected, place)
            else:
                yield f"{place.path}: an object is not {_said(expected)}"
        case "array" | "for_statement":
            if not isinstance(expected, list):
                yield f"{place.path}: a list is not {_said(expected)}"
            elif node.type == "array":
                for child in node.named_children:
                    yield from _value(child, expected[0], place)
            else:
                yield from _value(node.named_children[-1], expected[0], _in_loop(node, place))
        case "string" | "number" | "boolean":
            yield from _literal(node, expected, place)
        case "identifier":
            yield from _named(node, expected, place)
        case "call_expression":
            yield from _called(node, expected, place)
        case "member_expression":
            yield from _member(node, expected, place)


def _said(expected: Type) -> str:
    match expected:
        case OneOf(values):
            return f"one of {sorted(map(str, values))}"
        case str():
            return expected
        case Text():
            return "string"
        case list():
            return "array"
    return "object"


def _takes(kind: str, expected: Type) -> bool:
    """Whether a value of which only the kind is known may stand where ``expected`` is expected."""
    match expected:
        case OneOf(values):
            return kind == ("int" if all(isinstance(v, int) for v in values) else "string")
        case list():
            return kind == "array" or kind.endswith("[]")
    return kind == _said(expected)


def _literal(node: Node, expected: Type, place: Place) -> Iterator[str]:
    kind = _LITERALS[node.type]
    if not _takes(kind, expected):
        yield f"{place.path}: {text(node)} is not {_said(expected)}"
    elif isinstance(expected, OneOf) and not any(n.type == "interpolation" for n in walk(node)):
        value = int(text(node)) if kind == "int" else literal(node)
        if value not in expected.values:
            yield f"{place.path}: {value!r} is not {_said(expected)}"
    elif isinstance(expected, Text):
        yield from _length(node, expected, place)


def _length(node: Node, expected: Text, place: Place) -> Iterator[str]:
    for shortest, longest in lengths(node, place.file):
        if expected.longest and longest is not None and longest > expected.longest:
            yield f"{place.path}: up to {longest} is longer than {expected.longest}"
        if shortest is not None and shortest < expected.shortest:
            yield f"{place.path}: from {shortest} is shorter than {expected.shortest}"


def _named(node: Node, expected: Type, place: Place) -> Iterator[str]:
    name = text(node)
    if name in place.bound:
        for value in place.bound[name]:
            yield from _value(value, expected, place)
    elif (variable := place.file.of("variable").get(name)) and variable.value is not None:
        yield from _value(variable.value, expected, place)
    elif parameter := place.file.of("parameter").get(name):
        if not _takes(parameter.type, expected):
            yield f"{place.path}: {name} is {parameter.type}, not {_said(expected)}"
        elif isinstance(expected, OneOf) and not allowed(parameter) <= expected.values:
            yield f"{place.path}: {name} may be what is not {_said(expected)}"
        elif isinstance(expected, Text):
            yield from _length(node, expected, place)


def _called(node: Node, expected: Type, place: Place) -> Iterator[str]:
    function, arguments = text(node.named_children[0]), node.named_children[-1].named_children
    match function:
        case "union":
            for argument in arguments:
                yield from _value(argument, expected, place)
        case "map" if isinstance(expected, list):
            yield from _value(arguments[1].named_children[-1], expected[0], place)
        case _ if function in RETURNS and not _takes(RETURNS[function], expected):
            yield f"{place.path}: {function}() gives {RETURNS[function]}, not {_said(expected)}"


def _member(node: Node, expected: Type, place: Place) -> Iterator[str]:
    of, name = text(node.named_children[0]), text(node.named_children[-1])
    if of in place.bound:
        for item in place.bound[of]:
            if (value := properties(item).get(name)) is None:
                yield f"{place.path}: {of} has no {name}"
            else:
                yield from _value(value, expected, place)
    elif name in ("id", "name") and not _takes("string", expected):
        yield f"{place.path}: {text(node)} is a string, not {_said(expected)}"
