"""A file in fideslang as plain data, and whatever is wrong in it as a finding with its line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ombud.app.loaded import Refused
from ombud.datamap.guess.form import NotFideslang, Where
from ombud.datamap.load import LONGEST
from ombud.policy.tree import Entries, Form, Items, Node, Scalar, read, text_of
from ombud.terms import Finding, Level, Place


@dataclass(frozen=True)
class Document:
    """What a file says, `plain`; and its parts with their places."""

    plain: Any
    node: Node

    @contextmanager
    def told(self) -> Iterator[None]:
        """What is no fideslang, as a refusal that names the line. Raises Refused."""
        try:
            yield
        except NotFideslang as error:
            raise Refused(Finding("C078", _place(self.node, error.where), str(error), error.hint)) from None


def document(file: Path) -> Document:
    """A file's text as data. Raises Refused, and OSError."""
    try:
        node, findings = read(str(file), text_of(file, LONGEST), LONGEST)
    except UnicodeDecodeError:
        raise Refused(Finding("C078", Place(str(file)), "the file is not text", "save it as UTF-8 text")) from None
    if node is None or any(finding.level is Level.ERROR for finding in findings):
        raise Refused(*findings)
    return Document(_plain(node), node)


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
