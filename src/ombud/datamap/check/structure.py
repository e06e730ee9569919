"""Kinds that overlap, loops, and rules that would take each other's ground away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ombud.datamap.check.checked import Checked
from ombud.datamap.check.documents import check_documents
from ombud.datamap.check.keyless import check_keyless
from ombud.datamap.model import (
    FromChildren,
    FromColumn,
    Imported,
    Kind,
    Latest,
    MomentRule,
    Table,
    Through,
    Where,
)
from ombud.datamap.rules import rule_columns
from ombud.terms import Level


def check_structure(checked: Checked) -> None:
    """Findings: kinds that overlap, loops of moments and followers, blanks that hit what rules read, contradictions."""
    _moment_loops(checked)
    read = rule_columns(checked.source)
    for table in checked.source.tables.values():
        _kinds(table, checked)
        _follows(table, checked)
        _cells(table, read[table.name], checked)
        _said_twice(table, checked)
        check_documents(table, checked)
        check_keyless(table, checked)


def _kinds(table: Table, checked: Checked) -> None:
    for one, other in combinations(table.kinds, 2):
        if not disjoint(one.when, other.when):
            message = f"a row of {table.name} can be {one.name} and {other.name} at once"
            hint = "let both test one column, with different values"
            checked.findings.add("M070", checked.kind_place(table, other), message, hint)


def disjoint(one: Where, other: Where) -> bool:
    """Whether no row can pass both: they test one column for different values."""
    return any(
        (a.column, a.link) == (b.column, b.link) and not any(each in b.values for each in a.values)
        for a in one
        for b in other
    )


def _follows(table: Table, checked: Checked) -> None:
    if table.follows is None:
        return
    place = checked.place(table, "follows", "copy_of")
    seen, at = {table.name}, table
    while at.follows is not None:
        at = checked.source.tables[at.links[at.follows].to]
        if at.name in seen:
            checked.findings.add("M035", place, f"{table.name} follows itself", "let one of them bind purposes")
            return
        seen.add(at.name)
    if not at.personal:
        message = f"{at.name} is left alone and has no claims to follow"
        checked.findings.add("M035", place, message, "bind purposes here instead")


def _cells(table: Table, read: frozenset[str], checked: Checked) -> None:
    for kind in table.kinds:
        for cell in kind.cells.values():
            for column in sorted(read & cell.then.keys()):
                message = f"`then` would change {column}, which rules read"
                checked.findings.add("M085", cell.place, message, "set another column")
            if cell.column in table.key:
                message = f"{cell.column} is personal and the key: it is not erased while its row stays"
                checked.findings.add("M084", cell.place, message, "", Level.WARNING)


def _said_twice(table: Table, checked: Checked) -> None:
    cells = {cell.column: cell for kind in table.kinds for cell in kind.cells.values()}
    for column in sorted(table.not_personal & cells.keys()):
        message = f"{table.name}.{column} is mapped and said not to be personal"
        checked.findings.add("M080", cells[column].place, message, "leave one of them out")
    for subject in checked.source.subjects.values():
        place = checked.draft.subjects[subject.name].place
        for each in subject.identifiers:
            if (each.child or subject.table) != table.name or each.column in cells or not table.personal:
                continue
            message = f"{table.name}.{each.column} identifies a {subject.name} and is not mapped"
            checked.findings.add("M086", place, message, f"add it to the columns of {table.name}")
        for flag in subject.protected:
            link = table.links.get(flag.link or "")
            if flag.child == table.name and (link is None or link.to != subject.table):
                message = f"{table.name}.{flag.link} does not point at {subject.table}, whose flag it is to say"
                checked.findings.add("M020", place, message, f"name a link by columns that points at {subject.table}")


def _moment_loops(checked: Checked) -> None:
    """Each moment is read in finitely many hops: some kind of the row it comes from has it otherwise than by a loop."""
    nodes = {
        (table.name, name): [kind.moments[name] for kind in table.kinds if name in kind.moments]
        for table in checked.source.tables.values()
        for kind in table.kinds
        for name in kind.moments
    }
    grounded: set[tuple[str, str]] = set()
    while more := {
        node
        for node, rules in nodes.items()
        if node not in grounded and any(_ends(node[0], rule, grounded, checked) for rule in rules)
    }:
        grounded |= more
    for table, kind, name in _moments(checked):
        if (table.name, name) not in grounded:
            message = f"the moment {name} of {table.name} runs in a loop"
            checked.findings.add(
                "M054", checked.moment_place(table, kind, name), message, "read it from a column somewhere"
            )


def _moments(checked: Checked) -> Iterator[tuple[Table, Kind, str]]:
    for table in checked.source.tables.values():
        for kind in table.kinds:
            for name in kind.moments:
                yield table, kind, name


def _ends(name: str, rule: MomentRule, grounded: set[tuple[str, str]], checked: Checked) -> bool:
    match rule:
        case FromColumn() | Imported():
            return True
        case FromChildren() | Latest():
            return (rule.child, rule.moment) in grounded
        case Through():
            table = checked.source.tables[name]
            if rule.link in table.links:
                return (table.links[rule.link].to, rule.moment) in grounded
            return (checked.source.subjects[table.matches[rule.link].to].table, rule.moment) in grounded
