"""Personal columns, and what purposes hold of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ombud.datamap.model import Blank, Cell, Otherwise, Provenance
from ombud.datamap.parse.draft import DraftBinding, DraftCell, Nobody, Scope
from ombud.datamap.parse.fields import Findings, entries, form, keys, names, scalar, text, value, word
from ombud.datamap.parse.owners import owners
from ombud.datamap.parse.words import COLUMN, ERASE
from ombud.datamap.settle import ERASED
from ombud.policy.tree import Entries, Entry, Form, Items, Node, Scalar


class All(StrEnum):
    """Every cell of the table."""

    ALL = "all"


def cells(
    node: Node | None, provenance: Provenance | None, scope: Scope, findings: Findings
) -> Mapping[str, DraftCell]:
    """The cells of a table or kind, by name."""
    if node is None:
        return {}
    found: dict[str, DraftCell] = {}
    for entry in entries(node, "columns", findings):
        for each in column_cells(entry, entry.key, provenance, scope, findings):
            found[each.cell.name] = each
    return found


def column_cells(
    entry: Entry, column: str, provenance: Provenance | None, scope: Scope, findings: Findings
) -> list[DraftCell]:
    """The cells of one column: one, or one for each path of a JSON document."""
    if not isinstance(entry.node, Entries):
        category = text(entry.node, "a category", findings)
        if category is None:
            return []
        return [DraftCell(Cell(entry.key, column, category, provenance=provenance, place=entry.node.place))]
    json = entry.node.get("json")
    if json is None:
        one = _cell(entry, entry.key, column, (), provenance, scope, findings)
        return [one] if one else []
    keys(entry.node, "a JSON column", {"json": COLUMN["json"]}, findings)
    found: list[DraftCell] = []
    for path in entries(json, "paths", findings):
        parts = tuple(path.key.split("."))
        if not all(parts) or not path.key.isprintable() or set(path.key) & set('"\\'):
            hint = "join object keys by dots; a key has no quotation marks and no backslashes"
            findings.add("M004", path.place, f"{path.key!r} is not a path", hint)
            continue
        if isinstance(path.node, Entries) and path.node.get("file") is not None:
            message = f"{entry.key}.{path.key} names a file inside a JSON document, and no file is found there"
            findings.add("M091", path.node.at("file"), message, "let a column of its own name the file")
        inner = _cell(path, f"{entry.key}.{path.key}", column, parts, provenance, scope, findings)
        found.extend([inner] if inner else [])
    return found


def _cell(
    entry: Entry,
    name: str,
    column: str,
    json: tuple[str, ...],
    provenance: Provenance | None,
    scope: Scope,
    findings: Findings,
) -> DraftCell | None:
    if not isinstance(entry.node, Entries):
        category = text(entry.node, "a category", findings)
        return (
            DraftCell(Cell(name, column, category, provenance=provenance, json=json, place=entry.place))
            if category
            else None
        )
    said = keys(entry.node, "a column", {k: v for k, v in COLUMN.items() if k != "json"}, findings)
    category = text(said["holds"].node, "a category", findings) if "holds" in said else None
    if "holds" not in said:
        findings.add("M005", entry.place, f"{name} does not say what it holds", "add `holds: category`")
    of = owners(said["of"].node, scope, findings) if "of" in said else None
    for each in of or ():
        if isinstance(each, Nobody):
            findings.add("M004", each.place, "a personal cell is about somebody", "leave `of` out, or write whom")
    otherwise = word(said["else"].node, Otherwise, "whom it is about otherwise", findings) if "else" in said else None
    if "of" in said and "else" not in said:
        findings.add(
            "M064",
            entry.place,
            "whom it is about when `of` names nobody is not said",
            "add `else: owner | nobody | review`",
        )
    if "else" in said and "of" not in said:
        findings.add("M005", said["else"].place, "`else` stands without `of`", "add `of: …`")
    if category is None:
        return None
    own = word(said["provenance"].node, Provenance, "a provenance", findings) if "provenance" in said else None
    cell = Cell(
        name,
        column,
        category,
        otherwise=otherwise or Otherwise.OWNER,
        provenance=own or provenance,
        blank=_blank(said["erase"].node, bool(json), findings) if "erase" in said else None,
        then=_then(said["then"].node, findings) if "then" in said else {},
        json=json,
        file=text(said["file"].node, "a store of files", findings) if "file" in said else None,
        place=entry.place,
    )
    return DraftCell(cell, tuple(each for each in of or () if not isinstance(each, Nobody)), own is not None)


def _blank(node: Node, in_json: bool, findings: Findings) -> Blank | None:
    if isinstance(node, Entries):
        said = keys(node, "`erase`", {k: v for k, v in ERASE.items() if not in_json or k != "unique"}, findings)
        if "unique" in said:
            return Blank(text(said["unique"].node, "a text", findings) or ERASED, per_key=True)
        return Blank(value(said["to"].node, "a value", findings)) if "to" in said else None
    if isinstance(node, Scalar) and (node.form is not Form.TEXT or node.text == ""):
        return Blank(scalar(node))
    said_text = node.text if isinstance(node, Scalar) else form(node)
    if said_text == "unique" and not in_json:
        return Blank(ERASED, per_key=True)
    if said_text == "remove" and in_json:
        return Blank(remove=True)
    findings.add(
        "M082",
        node.place,
        f"{said_text!r} does not say what an erased cell holds",
        "write null, unique, remove (in JSON), or {to: value}",
    )
    return None


def _then(node: Node, findings: Findings) -> Mapping[str, Any]:
    return {each.key: value(each.node, "a value", findings) for each in entries(node, "columns and values", findings)}


def bindings(node: Node | None, findings: Findings) -> tuple[DraftBinding, ...] | None:
    """The purposes bound, and the names of what each reaches; None where nothing is said."""
    if node is None:
        return None
    if isinstance(node, Entries):
        read = tuple(_binding(entry, findings) for entry in node.entries)
    else:
        read = tuple(DraftBinding(name, None, place) for name, place in names(node, "a purpose", findings))
    if not read:
        findings.add("M043", node.place, "this binds no purpose", "bind one, or leave `purposes` out to inherit")
    return read


def _binding(entry: Entry, findings: Findings) -> DraftBinding:
    if isinstance(entry.node, Items):
        return DraftBinding(entry.key, names(entry.node, "a column", findings), entry.place)
    reaches_all = word(entry.node, All, "what a purpose reaches", findings) is All.ALL
    return DraftBinding(entry.key, None if reaches_all else (), entry.place)
