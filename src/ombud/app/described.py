"""A description of a database that somebody else wrote, from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ombud.app.loaded import Refused
from ombud.datamap.guess.fideslang import read as read_fideslang
from ombud.datamap.guess.form import NotFideslang, Where
from ombud.datamap.guess.said import Said
from ombud.datamap.load import LONGEST
from ombud.datamap.schema import Schema
from ombud.policy.tree import Entries, Form, Items, Node, Scalar, read, text_of
from ombud.terms import Finding, Level, Place


def described(file: Path | None, source: str, schema: Schema, key: str | None = None) -> Said:
    """What a dataset in fideslang says of this database; nothing without a file. Raises Refused, and OSError.

    The dataset of the key; else that which is called as the source, or the only one.
    """
    if file is None:
        return Said()
    try:
        node, findings = read(str(file), text_of(file, LONGEST), LONGEST)
    except UnicodeDecodeError:
        raise Refused(Finding("C078", Place(str(file)), "the file is not text", "save it as UTF-8 text")) from None
    if node is None or any(finding.level is Level.ERROR for finding in findings):
        raise Refused(*findings)
    try:
        return read_fideslang(_plain(node), source, schema, key)
    except NotFideslang as error:
        raise Refused(Finding("C078", _place(node, error.where), str(error), error.hint)) from None


def _place(node: Node, where: Where) -> Place:
    """Where a document's part stands, as far as there is one."""
    for step in where:
        match node:
            case Entries() if isinstance(step, str) and (inner := node.get(step)) is not None:
                node = inner
            case Items() if isinstance(step, int):
                node = node.nodes[step]
            case _:
                break
    return node.place


def _plain(node: Node) -> Any:
    match node:
        case Entries():
            return {entry.key: _plain(entry.node) for entry in node.entries}
        case Items():
            return [_plain(each) for each in node.nodes]
        case Scalar():
            return None if node.form is Form.EMPTY else node.text
