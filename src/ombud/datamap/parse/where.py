"""Tests on columns, and what is missing: `{type: [O, null]}`, `if_none: not_yet`, `orders.customer`."""

from __future__ import annotations

from ombud.datamap.model import Test, Where
from ombud.datamap.parse.draft import Scope
from ombud.datamap.parse.fields import Findings, entries, text, values, word
from ombud.policy.tree import Entry, Node
from ombud.terms import IfNone, Place


def where(node: Node | None, table: str, scope: Scope, findings: Findings) -> Where:
    """Tests that must all hold for a row of `table`; unsaid holds always."""
    if node is None:
        return ()
    read = entries(node, "tests", findings)
    if not read and not findings.found:
        findings.add("M004", node.place, "no test is written", "write {column: value}")
    return tuple(_test(entry, table, scope, findings) for entry in read)


def _test(entry: Entry, table: str, scope: Scope, findings: Findings) -> Test:
    column, link = column_of(entry.key, entry.place, table, scope, findings)
    read = values(entry.node, "a value or a list of values", findings)
    if not read:
        findings.add("M004", entry.node.place, "no value fits this test", "write a value, or a list of values")
    return Test(column, read, link)


def column_of(name: str, place: Place, table: str, scope: Scope, findings: Findings) -> tuple[str, str | None]:
    """A column of the row, or `link.column` of the row that a link points at."""
    if "." not in name:
        return name, None
    known = scope.links.get(table, frozenset())
    fits = [link for link in known if name.startswith(f"{link}.")]
    if not fits:
        findings.unknown("M015", place, "link", name.rsplit(".", 1)[0], known)
        return name.rsplit(".", 1)[1], None
    link = max(fits, key=len)
    return name[len(link) + 1 :], link


def child_link(node: Node, scope: Scope, findings: Findings) -> tuple[str, str] | None:
    """`table.link`: a table and its link to this one."""
    said = text(node, "table.link", findings)
    if said is None:
        return None
    if "." not in said:
        findings.add("M004", node.place, f"{said!r} names no link", f"write {said}.link, the link that points here")
        return None
    for cut in (n for n, letter in enumerate(said) if letter == "."):
        table = scope.physical(said[:cut])
        if table in scope.links:
            link = said[cut + 1 :]
            if link not in scope.links[table]:
                findings.unknown("M015", node.place, f"link of {said[:cut]}", link, scope.links[table])
                return None
            return table, link
    plain = {scope.said.plain(name) for name in scope.links}
    findings.unknown("M014", node.place, "table", said.split(".", 1)[0], plain)
    return None


def child_column(node: Node, scope: Scope, findings: Findings) -> tuple[str | None, str] | None:
    """`column`, or `table.column` of a child table."""
    said = text(node, "a column", findings)
    if said is None or "." not in said:
        return None if said is None else (None, said)
    table, column = said.rsplit(".", 1)
    if scope.physical(table) in scope.links:
        return scope.physical(table), column
    findings.unknown("M014", node.place, "table", table, {scope.said.plain(name) for name in scope.links})
    return None


def if_none(entry: Entry | None, scope: Scope, findings: Findings) -> IfNone | None:
    """What a missing thing means: said here, or for the whole file."""
    if entry is None:
        return scope.said.if_none
    return word(entry.node, IfNone, "a meaning of what is missing", findings)


def must_say(entry: Entry | None, place: Place, what: str, scope: Scope, findings: Findings) -> IfNone:
    """The same where it has to be said; unsaid is a finding."""
    read = if_none(entry, scope, findings)
    if read is None and entry is None:
        findings.add("M061", place, f"what it means when {what} is not said", "add `if_none: not_yet | unknown | none`")
    return read or IfNone.UNKNOWN
