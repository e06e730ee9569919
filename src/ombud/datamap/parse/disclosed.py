"""Rows that say that data was handed to a recipient: `{to: caterer, day: sent_at, name: caterer.name}`."""

from __future__ import annotations

from ombud.datamap.model import At, Disclosed, RecipientColumn
from ombud.datamap.parse.draft import Scope
from ombud.datamap.parse.fields import Findings, entries, form, keys, text
from ombud.datamap.parse.times import time
from ombud.datamap.parse.where import column_of
from ombud.datamap.parse.words import DISCLOSED, RECIPIENT
from ombud.policy.tree import Entries, Node


def disclosed(node: Node | None, scope: Scope, findings: Findings) -> Disclosed | None:
    """To whom, on which day, under which name, and as whom they know the person; the recipients are looked up later."""
    if node is None:
        return None
    if not isinstance(node, Entries):
        findings.add("M003", node.place, f"{form(node)} does not fit here", "write {to: recipient, day: column}")
        return None
    said = keys(node, "`disclosed`", DISCLOSED, findings)
    if "to" not in said:
        findings.add("M005", node.place, "to whom the row was handed is not said", "add `to: recipient`")
        return None
    to = _recipient(said["to"].node, scope, findings)
    day = time(said["day"].node, scope, findings) if "day" in said else None
    name = _at(said["name"].node, scope, findings) if "name" in said else None
    known_as = text(said["known_as"].node, "a column", findings) if "known_as" in said else None
    return Disclosed(to, day, name, known_as) if to is not None else None


def _recipient(node: Node, scope: Scope, findings: Findings) -> str | RecipientColumn | None:
    if not isinstance(node, Entries):
        return text(node, "a recipient", findings)
    said = keys(node, "a recipient", RECIPIENT, findings)
    if "column" not in said:
        findings.add("M005", node.place, "no column says to whom", "write a recipient, or {column: …}")
        return None
    at = _at(said["column"].node, scope, findings)
    values = {
        each.key: text(each.node, "a recipient", findings) or ""
        for each in (entries(said["values"].node, "values", findings) if "values" in said else ())
    }
    return RecipientColumn(at, values) if at else None


def _at(node: Node, scope: Scope, findings: Findings) -> At | None:
    said = text(node, "a column", findings)
    return At(*column_of(said, node.place, scope.table, scope, findings)) if said else None
