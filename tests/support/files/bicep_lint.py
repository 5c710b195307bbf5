"""Finds in one file what the Bicep compiler and its linter find beyond its syntax and its
resources' types.

Each finder returns what is wrong, [] if nothing is. The first line of its docstring has the name of
the vendor's rule, or the number of its diagnostic. Finders judge the source of one file; what needs
more is in the tests of infra/.
"""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tree_sitter import Node

from tests.support.files.bicep import Declared, File, literal, names_used, properties, text, walk

FUNCTIONS = {
    "bool": (1, 1), "cidrSubnet": (3, 3), "concat": (1, 99), "contains": (2, 2), "empty": (1, 1),
    "environment": (0, 0), "guid": (1, 99), "items": (1, 1), "join": (2, 2), "listKeys": (2, 3),
    "loadJsonContent": (1, 3), "loadTextContent": (1, 2), "map": (2, 2), "readEnvironmentVariable": (1, 2),
    "replace": (3, 3), "resourceGroup": (0, 2), "split": (2, 2), "string": (1, 1), "subscription": (0, 1),
    "subscriptionResourceId": (2, 99), "take": (2, 2), "tenant": (0, 0), "toLower": (1, 1), "union": (1, 99),
    "uniqueString": (1, 99), "uriComponent": (1, 1),
}  # fmt: skip
"""The functions that infra/ calls, with the least and the greatest number of their arguments, from
the vendor's list."""
_DECORATORS = {
    "description": {"string", "int", "bool", "object", "array"},
    "metadata": {"string", "int", "bool", "object", "array"},
    "allowed": {"string", "int", "bool", "object", "array"},
    "secure": {"string", "object"},
    "minLength": {"string", "array"},
    "maxLength": {"string", "array"},
    "minValue": {"int"},
    "maxValue": {"int"},
}
_RUNTIME = re.compile(r"\.(outputs|properties|identity)\b|\blist\w*\(|\breference\(")
_SECRET = re.compile("password|pwd|secret|accountkey|acctkey", re.IGNORECASE)


def calls(file: File) -> Iterator[tuple[str, list[Node], Node]]:
    """The function calls with their arguments. Decorators and functions of a resource are left
    out."""
    for node in walk(file.tree):
        decorates = node.parent is not None and node.parent.type == "decorator"
        if node.type == "call_expression" and not decorates:
            name = node.named_children[0]
            if name.type == "identifier":
                yield text(name), node.named_children[-1].named_children, node


def unknown_functions(file: File) -> list[str]:
    """BCP057, BCP071."""
    return [
        text(node)
        for name, arguments, node in calls(file)
        if name not in FUNCTIONS or not FUNCTIONS[name][0] <= len(arguments) <= FUNCTIONS[name][1]
    ]


def unknown_names(file: File) -> list[str]:
    """BCP057: neither declared nor bound by a loop or a lambda."""
    bound = set(FUNCTIONS)
    for node in walk(file.tree):
        if node.type == "for_statement":
            first = node.named_children[0]
            bound |= {text(n) for n in first.named_children or [first]}
        elif node.type == "lambda_expression":
            bound.add(text(node.named_children[0]))
    decorators = {d for declared in file.declared for d in declared.decorators}
    return sorted(names_used(file.tree) - bound - decorators - {d.name for d in file.declared})


def repeated_names(file: File) -> list[str]:
    """BCP025, BCP028: a declaration or a property that is there twice."""
    names = [d.name for d in file.declared if d.kind != "output"]
    names += [f"output {d.name}" for d in file.declared if d.kind == "output"]
    found = [name for name in names if names.count(name) > 1]
    for node in walk(file.tree):
        if node.type == "object":
            inside = [literal(c.named_children[0]) for c in node.named_children if c.named_children]
            found += [name for name in inside if inside.count(name) > 1]
    return found


def circles(file: File) -> list[str]:
    """BCP080: a declaration that depends on itself."""
    names = {d.name for d in file.declared}
    order = TopologicalSorter(
        {
            d.name: (names_used(d.value) & names) if d.value is not None else set()
            for d in file.declared
            if d.kind != "output"
        }
    )
    try:
        order.prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def known_too_late(file: File) -> list[str]:
    """BCP120, BCP177, BCP178, BCP182: names, scopes, conditions and loops are known before anything is made."""
    found = []
    for declared in file.declared:
        if declared.kind not in ("resource", "module") or declared.value is None:
            continue
        inside = properties(declared.value)
        parts = [inside[name] for name in ("name", "scope") if name in inside]
        node = declared.value.parent
        while node is not None and node.type in ("for_statement", "if_statement"):
            parts.append(node.named_children[0 if node.type == "if_statement" else -2])
            node = node.parent
        found += [
            f"{declared.name}: {text(part)}"
            for part in parts
            if _RUNTIME.search("\n".join(_with_variables(part, file)))
        ]
    return found


def _with_variables(node: Node, file: File) -> Iterator[str]:
    yield text(node)
    variables = file.of("variable")
    for name in names_used(node) | {text(node)}:
        value = variables[name].value if name in variables else None
        if value is not None and value is not node:
            yield from _with_variables(value, file)


def one_name_for_many(file: File) -> list[str]:
    """BCP179: what is made in a loop has a name, parent or scope that the loop changes."""
    found = []
    for declared in file.declared:
        loop = declared.value.parent if declared.value is not None else None
        if (
            declared.kind not in ("resource", "module")
            or loop is None
            or loop.type != "for_statement"
        ):
            continue
        first = loop.named_children[0]
        inside = properties(declared.value)
        told = [text(inside[part]) for part in ("name", "parent", "scope") if part in inside]
        bound = "|".join(text(n) for n in first.named_children or [first])
        if not re.search(rf"\b({bound})\b", " ".join(told)):
            found.append(declared.name)
    return found


def perhaps_absent(file: File) -> list[str]:
    """BCP318: what a condition may leave out is used with ``!`` or ``?`` only."""
    maybe = {d.name for d in file.declared if d.conditional and d.kind in ("resource", "module")}
    found = []
    for node in walk(file.tree):
        if node.type == "member_expression":
            of = re.match(r"(\w+)(?:\[\w+\])?\.(?!\?)", text(node))
            if of is not None and of[1] in maybe:
                found.append(text(node))
    return found


def wrong_decorators(file: File) -> list[str]:
    """BCP124, BCP125, BCP063: a decorator on what cannot bear it, and a default that it forbids."""
    found = []
    for declared in file.of("parameter").values():
        kind = "array" if declared.type.endswith("[]") else declared.type
        found += [
            f"{declared.name}: {name}"
            for name in declared.decorators
            if kind not in _DECORATORS.get(name, set())
        ]
        found += [f"{declared.name}: {fault}" for fault in _forbidden(declared, kind)]
    return found


def _forbidden(declared: Declared, kind: str) -> Iterator[str]:
    if declared.value is None:
        return
    default = text(declared.value)
    written = {name: value.strip("()") for name, value in declared.decorators.items()}
    if "allowed" in written:
        values = default.strip("[]").split() if kind == "array" else [default]
        if not set(values) <= set(written["allowed"].strip("[]").split()):
            yield f"{default} is not allowed"
    size = {
        "int": lambda: int(default),
        "array": lambda: len(declared.value.named_children),
        "string": lambda: len(default) - 2,
    }
    if declared.value.type in ("number", "array", "string") and kind in size:
        measure = size[kind]()
        least = int(written.get("minValue", written.get("minLength", measure)))
        most = int(written.get("maxValue", written.get("maxLength", measure)))
        if not least <= measure <= most:
            yield f"{default} is out of bounds"


def open_secrets(file: File) -> list[str]:
    """secure-secrets-in-params, secure-parameter-default."""
    found = []
    for declared in file.of("parameter").values():
        if "secure" not in declared.decorators:
            found += [declared.name] if _SECRET.search(declared.name) else []
        elif declared.value is not None and text(declared.value) not in ("''", "{}"):
            found.append(declared.name)
    return found


def plain_style(file: File) -> list[str]:
    """prefer-interpolation, simplify-interpolation, prefer-unquoted-property-names, no-explicit-any, simplify-json-null,
    use-resource-symbol-reference, use-resource-id-functions."""
    own = set(file.of("resource"))
    found = []
    for name, arguments, node in calls(file):
        concatenates = name == "concat" and any(a.type == "string" for a in arguments)
        by_id = name.startswith("list") and text(arguments[0]).removesuffix(".id") in own
        if concatenates or by_id or name in ("any", "json", "reference", "resourceId"):
            found.append(text(node))
    for node in walk(file.tree):
        above = node.parent
        if node.type != "string" or above is None:
            continue
        key = above.type == "object_property" and above.named_children[0] == node
        alone = [c.type for c in node.named_children] == ["interpolation"]
        if (alone and not key) or (key and re.fullmatch(r"'[A-Za-z_]\w*'", text(node))):
            found.append(text(node))
    return found


def fixed_places(file: File) -> list[str]:
    """no-hardcoded-location, no-loc-expr-outside-params."""
    found = []
    for declared in (*file.of("resource").values(), *file.of("module").values()):
        inside = properties(declared.value)
        where = inside.get("location") or properties(inside.get("params")).get("location")
        if where is not None and where.type == "string" and text(where) != "'global'":
            found.append(f"{declared.name}: {text(where)}")
    of_the_group = re.compile(r"\b(resourceGroup|deployment)\(\)\.location")
    others = [d for d in file.declared if d.kind != "parameter"]
    return found + [d.name for d in others if of_the_group.search(d.source)]


def needless_order(file: File) -> list[str]:
    """no-unnecessary-dependson: what is used anyway."""
    found = []
    for declared in file.declared:
        inside = properties(declared.value) if declared.kind in ("resource", "module") else {}
        if "dependsOn" in inside:
            others = [node for name, node in inside.items() if name != "dependsOn"]
            used = {name for node in others for name in names_used(node) | {text(node)}}
            found += [f"{declared.name}: {n}" for n in names_used(inside["dependsOn"]) & used]
    return found


FINDERS = (
    unknown_functions, unknown_names, repeated_names, circles, known_too_late, one_name_for_many,
    perhaps_absent, wrong_decorators, open_secrets, plain_style, fixed_places, needless_order,
)  # fmt: skip
