"""Reads Bicep by its grammar: the declarations of a file, and how its expressions are written.

The grammar knows no types. What the compiler would find beyond syntax is checked, as far as it
goes, by bicep_typing, bicep_lint and the tests of infra/.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

INFRA = Path(__file__).parents[3] / "infra"
_PARSER = Parser(Language(tree_sitter_bicep.language()))
_LOOPS = ("for_statement", "if_statement")


def text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


def faults(tree: Node) -> list[str]:
    return [
        f"line {n.start_point.row + 1}: {text(n)[:60] or n.type}"
        for n in walk(tree)
        if n.type == "ERROR" or n.is_missing
    ]


def properties(node: Node | None) -> dict[str, Node]:
    """The properties of an object, by name. The value is the last node of each property."""
    found = {}
    for child in node.named_children if node is not None else []:
        if child.type == "object_property":
            found[literal(child.named_children[0])] = child.named_children[-1]
    return found


def literal(node: Node) -> str:
    """A name, or a string without its quotes."""
    return text(node).strip("'")


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration: a parameter, variable, resource, module or output."""

    name: str
    kind: str
    type: str
    """As written: the type of a parameter or output, the type of a resource with its version, the
    path of a module."""
    decorators: Mapping[str, str]
    value: Node | None
    """A default, an expression, or the object of a resource or module."""
    conditional: bool
    existing: bool
    source: str


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    tree: Node
    declared: tuple[Declared, ...]

    @property
    def source(self) -> str:
        return text(self.tree)

    @property
    def code(self) -> str:
        """The source without comments."""
        comments = [n for n in walk(self.tree) if n.type == "comment"]
        found = self.source
        for comment in comments:
            found = found.replace(text(comment), "")
        return found

    def of(self, kind: str) -> dict[str, Declared]:
        return {d.name: d for d in self.declared if d.kind == kind}

    def module(self, declared: Declared) -> "File":
        return read(self.path.parent / declared.type)


@cache
def parse(source: str) -> Node:
    """Parse a template or a parameter file. The grammar does not know assignments of parameter
    files: they are read as variables."""
    return _PARSER.parse(
        re.sub(r"^param (\w+) =", r"var \1 =", source, flags=re.MULTILINE).encode()
    ).root_node


@cache
def read(path: Path) -> File:
    path = path.resolve()
    return parsed(path.read_text(encoding="utf-8"), path)


def parsed(source: str, path: Path = INFRA / "none.bicep") -> File:
    """A file from its source, also one that a test writes."""
    tree = parse(source)
    declared = []
    decorators: dict[str, str] = {}
    for node in tree.named_children:
        if node.type == "decorators":
            calls = [c for d in node.named_children for c in d.named_children]
            decorators = {
                text(call.named_children[0]): text(call.named_children[-1]) for call in calls
            }
        elif node.type.endswith("_declaration"):
            declared.append(_declaration(node, decorators))
            decorators = {}
    return File(path, tree, tuple(declared))


def names_used(tree: Node) -> set[str]:
    """The names of parameters, variables, resources and modules that expressions use."""
    found = set()
    for node in walk(tree):
        above = node.parent
        if node.type == "identifier" and above is not None:
            names = above.type == "object_property" or above.type.endswith("_declaration")
            if not (names and above.named_children[0] == node):
                found.add(text(node))
    return found


def templates() -> list[File]:
    return [read(path) for path in sorted(INFRA.rglob("*.bicep"))]


def _declaration(node: Node, decorators: dict[str, str]) -> Declared:
    kind = node.type.removesuffix("_declaration")
    value: Node | None
    name, *rest = node.named_children
    if kind == "variable":
        of_type, value = "", rest[-1]
    elif kind == "parameter":
        of_type, value = text(rest[0]), rest[1] if len(rest) > 1 else None
    else:
        of_type, value = literal(rest[0]), rest[-1]
    conditional = False
    while value is not None and value.type in _LOOPS:
        conditional = conditional or value.type == "if_statement"
        value = value.named_children[-1]
    existing = any(child.type == "existing" or text(child) == "existing" for child in node.children)
    return Declared(text(name), kind, of_type, decorators, value, conditional, existing, text(node))


def evaluate(node: Node, known: Mapping[str, str]) -> str:
    """The value of a string, an interpolation, or an expression whose source is in ``known``."""
    source = text(node)
    if source in known:
        return known[source]
    if node.type == "string":
        parts = [
            evaluate(c.named_children[0], known) if c.type == "interpolation" else text(c)
            for c in node.named_children
        ]
        return "".join(parts)
    raise AssertionError(f"not known: {source}")
