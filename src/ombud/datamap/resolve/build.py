"""The checked model of one source, from its draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ombud.datamap.columns import told_columns
from ombud.datamap.model import Cell, CompanyRule, Kind, Provenance, SourceMap, Subject, Table
from ombud.datamap.parse.draft import DraftCell, DraftSource, DraftTable, Titles
from ombud.datamap.parse.fields import Findings
from ombud.datamap.resolve.companies import companies
from ombud.datamap.resolve.moments import Rules, moments
from ombud.datamap.resolve.owners import Family, families, spelled_out
from ombud.datamap.resolve.purposes import Bindings, bindings
from ombud.policy.model import Policy
from ombud.policy.tree import guess
from ombud.terms import Level, Place


def resolve(
    draft: DraftSource, policy: Policy, findings: Findings
) -> tuple[SourceMap, Mapping[str, frozenset[str]]] | None:
    """The map of a source whose names are looked up, and the companies that each table's rows can be of.

    None where owners or companies are in error: what would be inherited from them would be a second mistake.
    """
    kin = families(draft, findings)
    rules, possible = companies(draft, kin, policy, findings)
    if findings.refuse():
        return None
    bound = bindings(draft, kin, findings)
    known = moments(draft, kin, bound, possible, policy, findings)
    tables = {
        name: _table(table, draft, kin[name], rules[name], bound, known, policy, findings)
        for name, table in draft.tables.items()
    }
    subjects = {
        name: Subject(name, each.table, tuple(column for column, _ in each.identifiers), each.protected)
        for name, each in draft.subjects.items()
    }
    every = dict.fromkeys(name for table in tables.values() for name in told_columns(table))
    for name, (_, place) in draft.conventions.titles.items():
        if name not in every:
            _untold(name, place, every, findings)
    plain = {draft.conventions.plain(name): name for name in draft.tables}
    called = {name: table for name, table in plain.items() if name not in draft.tables}
    return SourceMap(draft.source, tables, subjects, draft.not_personal, called), possible


def _table(
    table: DraftTable,
    draft: DraftSource,
    family: Family,
    company: CompanyRule,
    bound: Bindings,
    known: Rules,
    policy: Policy,
    findings: Findings,
) -> Table:
    kinds = tuple(
        Kind(
            kind.name,
            kind.when,
            bound[table.name, kind.name],
            known[table.name, kind.name],
            {name: _cell(cell, table, draft, policy, findings) for name, cell in kind.cells.items()},
        )
        for kind in table.kinds
    )
    follows = table.follows or table.copy_of
    built = Table(
        name=table.name,
        key=table.key,
        company=company,
        kinds=kinds,
        links=table.links.links,
        matches=table.links.matches,
        owners=family.owners,
        born=table.born,
        grace=table.grace,
        follows=follows[0] if follows else None,
        copy_of=table.copy_of[0] if table.copy_of else None,
        marks=tuple(mark for mark, _ in table.marks),
        mentions=table.mentions,
        not_personal=table.not_personal,
        personal=table.personal,
        place=table.place,
        disclosed=table.disclosed,
    )
    return replace(built, titles=_titles(built, table.titles, draft.conventions.titles, findings))


def _titles(table: Table, own: Titles, of_file: Titles, findings: Findings) -> Mapping[str, Mapping[str, str]]:
    """What the columns are called that an answer tells: the table's own word, else the file's."""
    told = told_columns(table)
    for name, (_, place) in own.items():
        if name not in told:
            _untold(name, place, told, findings)
    return {name: found[0] for name in told if (found := own.get(name) or of_file.get(name))}


def _untold(name: str, place: Place, told: Iterable[str], findings: Findings) -> None:
    message = f"no answer tells {name}: its title stands nowhere"
    findings.add("M022", place, message, guess(name, tuple(told)), Level.WARNING)


def _cell(cell: DraftCell, table: DraftTable, draft: DraftSource, policy: Policy, findings: Findings) -> Cell:
    of = spelled_out(cell.of, table, draft, findings) if cell.of else ()
    return replace(cell.cell, of=of, provenance=_provenance(cell, policy, findings))


def _provenance(draft: DraftCell, policy: Policy, findings: Findings) -> Provenance | None:
    """The cell's own word; else the category's, where it can be of one sort only; else the table's."""
    cell, category = draft.cell, policy.categories.get(draft.cell.category)
    possible = sorted(category.provenance) if category else []
    if draft.provenance_said:
        if possible and cell.provenance not in possible:
            message = (
                f"{cell.name} is said to be {cell.provenance}, and the policy says {cell.category} is {possible[0]}"
            )
            findings.add("M089", cell.place, message, "correct one of them")
        return cell.provenance
    if len(possible) == 1:
        return Provenance(possible[0])
    if possible and cell.provenance is None:
        message = f"whether {cell.name} was provided by the person or observed is not said"
        hint = "add `provenance: provided` or `observed`, here, to the table or to the file"
        findings.add("M088", cell.place, message, hint, Level.WARNING)
    return cell.provenance
