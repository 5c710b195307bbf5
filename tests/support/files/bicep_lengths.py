"""Infers the least and the greatest length of a template's text, as the compiler does."""

from tree_sitter import Node

from tests.support.files.bicep import Declared, File, text

LENGTHS = {"guid": 36, "uniqueString": 13}
"""The lengths of what these functions return."""

type Lengths = tuple[int | None, int | None]
"""The least and the greatest length of a text. None: not known."""


def lengths(node: Node, file: File) -> list[Lengths]:
    """The lengths of a text, for each branch of a choice."""
    match node.type:
        case "string":
            return [_of_string(node, file)]
        case "ternary_expression":
            return [found for branch in node.named_children[1:] for found in lengths(branch, file)]
        case "parenthesized_expression":
            return lengths(node.named_children[0], file)
        case "call_expression":
            known = LENGTHS.get(text(node.named_children[0]))
            return [(known, known)]
        case "identifier":
            return _of_name(text(node), file)
    return [(None, None)]


def _of_name(name: str, file: File) -> list[Lengths]:
    if (variable := file.of("variable").get(name)) and variable.value is not None:
        return lengths(variable.value, file)
    if parameter := file.of("parameter").get(name):
        if "allowed" in parameter.decorators:
            return [(len(str(v)), len(str(v))) for v in allowed(parameter)]
        return [bounds(parameter)]
    return [(None, None)]


def bounds(parameter: Declared) -> Lengths:
    least, most = (parameter.decorators.get(name) for name in ("minLength", "maxLength"))
    return int(least.strip("()")) if least else None, int(most.strip("()")) if most else None


def _of_string(node: Node, file: File) -> Lengths:
    """The lengths of a string. An interpolation of unknown length makes the greatest length
    unknown, and adds nothing to the least."""
    least, most = 0, 0
    known = True
    for part in node.named_children:
        if part.type == "interpolation":
            found = lengths(part.named_children[0], file)
            least += min(shortest or 0 for shortest, _ in found)
            longest = [most_ for _, most_ in found]
            known = known and None not in longest
            most += max((n for n in longest if n is not None), default=0)
        else:
            size = 1 if part.type == "escape_sequence" else len(text(part))
            least, most = least + size, most + size
    return least, most if known else None


def allowed(parameter: Declared) -> set[str | int]:
    found = parameter.decorators.get("allowed", "'anything'").strip("([])").split()
    return {int(v) if v.isdigit() else v.strip("'") for v in found}
