"""Personal cells that rules read: they are never blanked, and so may outlive every purpose that holds them."""

from __future__ import annotations

from ombud.datamap.check.checked import Checked
from ombud.datamap.check.reach import held, reaches
from ombud.datamap.model import Cell, Gone, Kind, Link, Table
from ombud.datamap.rules import read_by
from ombud.policy.model import BasisKind
from ombud.terms import Level


def check_fixed(checked: Checked) -> None:
    """Findings: such a cell, where its row may stay for a purpose that does not hold the cell."""
    read = read_by(checked.source)
    for table in checked.source.tables.values():
        if not table.personal or not table.key:
            continue
        rules_of = {column: rules for column, rules in read[table.name].items() if column not in table.key}  # M084
        fixed = {
            cell.name: (cell, rules_of[cell.column])
            for kind in table.kinds
            for cell in kind.cells.values()
            if cell.column in rules_of and _outlasts(table, kind, cell, checked)
        }
        for cell, rules in fixed.values():
            reads = f"{' and '.join(rules)} {'reads' if len(rules) == 1 else 'read'} it"
            message = f"{table.name}.{cell.name} may outlast what holds it: {reads}, so it goes with its row alone"
            hint = "let the rule read what is not personal; else know that the value stays until its row goes"
            checked.findings.add("M093", cell.place, message, hint, Level.WARNING)


def _outlasts(table: Table, kind: Kind, cell: Cell, checked: Checked) -> bool:
    """Whether the row may stay while nothing holds the cell."""
    if any(each.of for each in kind.cells.values()):
        return True
    leaning = _leaning(table.name, checked)
    if any(not each.personal or any(k.when for k in each.kinds) for each in leaning):
        return True  # of such a table: a row that no kind fits stays, in doubt
    rows = {purpose for each in leaning for k in each.kinds for purpose in _purposes(each, k, checked)}
    rows |= _purposes(table, kind, checked)
    companies = checked.possible[table.name]
    return any((rows & _real(each, checked)) - _of(table, kind, cell, each, checked) for each in companies)


def _real(company: str, checked: Checked) -> set[str]:
    """The purposes of a company that make claims."""
    purposes = checked.policy.purposes.get(company, {}).values()
    return {each.id for each in purposes if any(basis.kind is not BasisKind.NONE for basis in each.bases)}


def _of(table: Table, kind: Kind, cell: Cell, company: str, checked: Checked) -> set[str]:
    """The purposes that hold the cell."""
    bound = held(table, kind, cell, company, checked)
    return {binding.purpose for binding, purpose in bound if reaches(binding, purpose, cell)}


def _leaning(name: str, checked: Checked) -> tuple[Table, ...]:
    """The tables whose rows keep a row of this one as a shell, at whatever remove (spec/claims.md §5)."""
    found: dict[str, Table] = {}
    fresh = [name]
    while fresh:
        at = fresh.pop()
        for child in checked.source.tables.values():
            if child.name not in found and any(link.to == at and _needs(child, link) for link in child.links.values()):
                found[child.name] = child
                fresh.append(child.name)
    return tuple(found.values())


def _needs(child: Table, link: Link) -> bool:
    return link.gone is Gone.SHELL or not child.personal or link.name in (child.follows, child.copy_of)


def _purposes(table: Table, kind: Kind, checked: Checked) -> set[str]:
    """What binds the rows of a kind: its own purposes, or those of whatever its table follows."""
    found = {binding.purpose for binding in kind.bindings}
    seen, at = {table.name}, table
    while (up := at.follows or at.copy_of) is not None and at.links[up].to not in seen:
        at = checked.source.tables[at.links[up].to]
        seen.add(at.name)
        found |= {binding.purpose for each in at.kinds for binding in each.bindings}
    return found
