"""Every personal cell is held by some purpose of each company whose rows it can stand in."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.check.checked import Checked
from ombud.datamap.model import Binding, Cell, Kind, Table
from ombud.datamap.resolve.purposes import is_within
from ombud.policy.model import BasisKind, Purpose, covers
from ombud.policy.tree import guess
from ombud.terms import Level


def check_reach(checked: Checked) -> None:
    """Findings: a cell out of reach, a purpose that no company here has, one that may bind nothing personal."""
    for table in checked.source.tables.values():
        if not table.personal:
            continue
        for kind in table.kinds:
            _rows(table, kind, checked)
            _recorded(table, kind, checked)
            for binding in kind.bindings:
                _binding(table, kind, binding, checked)
            for cell in kind.cells.values():
                _cell(table, kind, cell, checked)


def _rows(table: Table, kind: Kind, checked: Checked) -> None:
    """A row that no purpose of its company holds stays for ever."""
    if table.follows is not None:
        return
    for company in sorted(checked.possible[table.name]):
        purposes = checked.policy.purposes.get(company, {})
        bound = (purposes[each.purpose] for each in kind.bindings if each.purpose in purposes)
        if not any(basis.kind is not BasisKind.NONE for purpose in bound for basis in purpose.bases):
            message = (
                f"no purpose of {company} that has a legal basis holds the rows of {kind.name}: they stay for ever"
            )
            hint = "bind a purpose, or say `personal: none`"
            checked.findings.add("M045", checked.kind_place(table, kind), message, hint, Level.WARNING)


def _binding(table: Table, kind: Kind, binding: Binding, checked: Checked) -> None:
    companies = checked.possible[table.name]
    place = checked.purpose_place(table, kind, binding.purpose)
    having = [p for c in sorted(companies) if (p := checked.policy.purposes.get(c, {}).get(binding.purpose))]
    if not having:
        if any(binding.purpose in of for of in checked.policy.purposes.values()):
            known = frozenset(p for c in companies for p in checked.policy.purposes.get(c, {}))
            message = f"{binding.purpose} is a purpose of no company whose rows {table.name} holds"
            checked.findings.add("M042", place, message, guess(binding.purpose, known))
        return
    if any(basis.kind is BasisKind.NONE for purpose in having for basis in purpose.bases):
        reached = [name for name in kind.cells if binding.reach is None or name in binding.reach]
        if reached:
            message = f"{binding.purpose} has no legal basis and binds personal data ({', '.join(reached[:3])})"
            checked.findings.add("M041", place, message, "bind another purpose, or reach nothing: `[]`")
    for name in sorted(binding.reach or ()):
        category = kind.cells[name].category
        if not any(covers(purpose.data, category) for purpose in having):
            message = f"{binding.purpose} names {name}, but its data does not cover {category}"
            checked.findings.add("M044", place, message, "it has no effect: leave it out", Level.WARNING)


def _recorded(table: Table, kind: Kind, checked: Checked) -> None:
    """Rows held by consent alone, which no column here records, stay by marks alone; that must be told."""
    recorded = {mark.purpose for each in checked.source.tables.values() for mark in each.marks}
    named = [each.purpose for each in kind.bindings]
    having = [of[name] for of in checked.policy.purposes.values() for name in named if name in of]
    alone = having and all(basis.kind is BasisKind.CONSENT for purpose in having for basis in purpose.bases)
    if alone and not recorded.intersection(named):
        place = checked.purpose_place(table, kind, named[0])
        message = (
            f"consent alone holds these rows ({', '.join(named)}), and no column here records it: unmarked rows go"
        )
        hint = f"say which columns record it: `marks: {{{named[0]}: {{consented: …, withdrawn: …}}}}`"
        checked.findings.add("M046", place, message, hint, Level.WARNING)


def _cell(table: Table, kind: Kind, cell: Cell, checked: Checked) -> None:
    for company in sorted(checked.possible[table.name]):
        if any(reaches(each, purpose, cell) for each, purpose in held(table, kind, cell, company, checked)):
            continue
        if _basis_none_bound(kind, company, checked):
            continue
        message = f"no purpose of {company} that holds {table.name} reaches {cell.name} ({cell.category})"
        hint = f"bind a purpose whose data covers {cell.category}"
        checked.findings.add("M040", cell.place, message, hint)


def _basis_none_bound(kind: Kind, company: str, checked: Checked) -> bool:
    """That is told already, and is the reason."""
    purposes = checked.policy.purposes.get(company, {})
    bound = [purposes[each.purpose] for each in kind.bindings if each.purpose in purposes]
    return any(basis.kind is BasisKind.NONE for purpose in bound for basis in purpose.bases)


def reaches(binding: Binding, purpose: Purpose, cell: Cell) -> bool:
    """Whether a binding of this purpose makes a claim on the cell."""
    real = any(basis.kind is not BasisKind.NONE for basis in purpose.bases)
    return real and covers(purpose.data, cell.category) and (binding.reach is None or cell.name in binding.reach)


def held(table: Table, kind: Kind, cell: Cell, company: str, checked: Checked) -> Iterator[tuple[Binding, Purpose]]:
    """The bindings that may hold the cell in a row of this company, its own and those of what its table follows."""
    purposes = checked.policy.purposes.get(company, {})
    for binding in (*kind.bindings, *_followed(table, cell, checked, frozenset())):
        if binding.purpose in purposes:
            yield binding, purposes[binding.purpose]


def _followed(table: Table, cell: Cell, checked: Checked, seen: frozenset[str]) -> Iterator[Binding]:
    """The followed parent's bindings, as far as they reach a cell of this category there."""
    if table.follows is None or table.name in seen:
        return
    parent = checked.source.tables[table.links[table.follows].to]
    for kind in parent.kinds:
        for binding in kind.bindings:
            theirs = (kind.cells[name].category for name in binding.reach or ())
            if binding.reach is None or any(is_within(cell.category, each) for each in theirs):
                yield Binding(binding.purpose)
    yield from _followed(parent, cell, checked, seen | {table.name})
