"""Links that, when they are cut, would take from their row more than the reference; tests that lead too far."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.check.checked import Checked
from ombud.datamap.check.structure import disjoint
from ombud.datamap.model import (
    ByIdentifier,
    CompanyColumn,
    FromChildren,
    FromColumn,
    Gone,
    Latest,
    Link,
    Table,
    Test,
)
from ombud.terms import Place


def check_links(checked: Checked) -> None:
    """Findings: a cut that hits what rules read, what purposes hold or another link; a test in rows that can go."""
    for table in checked.source.tables.values():
        taken = _taken(table, checked)
        for link in table.links.values():
            if link.gone is Gone.UNLINK:
                _cut(table, link, taken, checked)
        for there, test, place in _tests(table, checked):
            _leads(there, test, place, checked)


def _cut(table: Table, link: Link, taken: frozenset[str], checked: Checked) -> None:
    """The columns go to NULL while the row stays."""
    place = checked.link_place(table, link.name)
    hit = sorted(taken & set(link.columns))
    if hit:
        message = f"losing {link.name} would set {', '.join(hit)} to NULL, which {table.name} needs besides"
        kinds = sorted({test.column for kind in table.kinds for test in kind.when} & set(hit))
        way = f"tell the kinds apart without {', '.join(kinds)}" if kinds else "let nothing else need it"
        stays = f"a row of {link.to} stays then, empty, as long as one of these refers to it"
        hint = f"{way}, or write `gone: shell`: {stays}"
        checked.findings.add("M063", place, message, hint)
    for other in table.links.values():
        shared = sorted(set(other.columns) & set(link.columns))
        if other.name != link.name and shared and not disjoint(link.when, other.when):
            message = f"losing {link.name} would set {', '.join(shared)} to NULL, which {other.name} needs too"
            checked.findings.add("M066", place, message, "write `gone: shell`, or a `when` that tells them apart")


def _taken(table: Table, checked: Checked) -> frozenset[str]:
    """Columns that a row is judged by, that say who somebody is, or that hold what a purpose may still need."""
    found = set(table.key) | ({table.born.column} if table.born else set())
    found |= {table.company.column} if isinstance(table.company, CompanyColumn) else set()
    found |= {match.column for match in table.matches.values()}
    by = [rule for rule in table.owner_rules if isinstance(rule, ByIdentifier)]
    found |= {rule.column for rule in by} | {test.column for rule in by for test in rule.when if test.link is None}
    for subject in checked.source.subjects.values():
        found |= {each.column for each in subject.identifiers if (each.child or subject.table) == table.name}
    for kind in table.kinds:
        found |= {test.column for test in kind.when if test.link is None}
        for cell in kind.cells.values():
            found.add(cell.column)
        for moment in kind.moments.values():
            found |= {each.column for each in moment.columns} if isinstance(moment, FromColumn) else set()
    return frozenset(found)


def _tests(table: Table, checked: Checked) -> Iterator[tuple[Table, Test, Place]]:
    """Every test, with the table whose link it goes through."""
    for link in table.links.values():
        yield from ((table, test, checked.link_place(table, link.name)) for test in link.when)
    for owner in table.owner_rules:
        if isinstance(owner, ByIdentifier):
            yield from ((table, test, checked.place(table, "owner")) for test in owner.when)
    for kind in table.kinds:
        yield from ((table, test, checked.kind_place(table, kind)) for test in kind.when)
        for name, moment in kind.moments.items():
            if isinstance(moment, FromChildren | Latest):
                tests = moment.where if isinstance(moment, FromChildren) else moment.when
                child = checked.source.tables[moment.child]
                yield from ((child, test, checked.moment_place(table, kind, name)) for test in tests)
    for subject in checked.source.subjects.values():
        place = checked.draft.subjects[subject.name].place
        for each in subject.identifiers:
            if (each.child or subject.table) == table.name:
                yield from ((table, test, place) for test in each.where)
        for flag in subject.protected:
            if (flag.child or subject.table) == table.name:
                yield from ((table, test, place) for test in flag.where)


def _leads(table: Table, test: Test, place: Place, checked: Checked) -> None:
    if test.link is None:
        return
    link = table.links.get(test.link)
    if link is None:
        message = f"{test.link} is a link by identifier: a test goes through a link by columns"
        checked.findings.add("M071", place, message, "name a link by columns")
    elif checked.source.tables[link.to].personal:
        message = (
            f"{test.link}.{test.column} is tested in {link.to}, whose rows can be deleted: the answer would go too"
        )
        checked.findings.add(
            "M071", place, message, f"test a column of {table.name}, or say `personal: none` of {link.to}"
        )
