"""Who bears which identifier: the rows of subjects, found by keyed hashes alone (spec/claims.md §2, owners)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ombud.claims.read import Reading, Row, birth_stamp, children, company_of, is_empty, kind_of, memo_of, passes
from ombud.claims.world import Person, Remembered
from ombud.datamap.model import IdentifierColumn, Subject
from ombud.terms import IdRef, KeyRef


def identifier(look: Reading, row: Row, kind: str, column: str) -> IdRef | None:
    """The identifier in a column of the row; None when it is empty, or blanked."""
    digest = "" if _is_blanked(look, row, column) else look.digest(kind, row.values.get(column))
    return IdRef(kind, digest) if digest else None


def _is_blanked(look: Reading, row: Row, column: str) -> bool:
    kind = kind_of(look, row)
    kinds = row.table.kinds if kind is None else (kind,)
    cells = [cell for each in kinds for cell in each.cells.values() if cell.column == column and not cell.json]
    return any(is_empty(cell, row) for cell in cells)


def key_ref(row: Row, subject: str) -> KeyRef:
    return KeyRef(row.source, subject, row.key, birth_stamp(row))


def row_of(look: Reading, ref: KeyRef) -> Row:
    """The living row of a subject."""

    def index() -> dict[KeyRef, Row]:
        return {
            key_ref(row, name): row
            for source, mapped in look.datamap.sources.items()
            for name, subject in mapped.subjects.items()
            for row in look.rows.get((source, subject.table), ())
        }

    found: dict[KeyRef, Row] = look.once("subjects", index, {})
    return found[ref]


def identifiers(look: Reading, row: Row, subject: Subject) -> frozenset[IdRef]:
    """Every identifier of a subject's row: its own, its children's, former ones, and those that were blanked."""

    def collect() -> frozenset[IdRef]:
        return memo_of(look, row).identifiers.union(ref for _, _, ref in places(look, row, subject))

    return look.once((row, "identifiers", subject.name), collect, frozenset())


def places(look: Reading, row: Row, subject: Subject) -> Iterator[tuple[IdentifierColumn, Row, IdRef]]:
    """Where each identifier of a subject's row stands."""
    for place in subject.identifiers:
        for each in [row] if place.child is None else children(look, row, place.child, place.link or ""):
            if passes(look, each, place.where) and (ref := identifier(look, each, place.kind, place.column)):
                yield place, each, ref


def bearers(look: Reading, source: str, ref: IdRef) -> list[tuple[str, Row]]:
    """Each subject's row in this source that has the identifier, with the subject's name."""

    def index() -> dict[IdRef, list[tuple[str, Row]]]:
        found: dict[IdRef, list[tuple[str, Row]]] = defaultdict(list)
        for name, subject in look.datamap.sources[source].subjects.items():
            for row in look.rows.get((source, subject.table), ()):
                for each in identifiers(look, row, subject):
                    found[each].append((name, row))
        return found

    everybody: dict[IdRef, list[tuple[str, Row]]] = look.once((source, "bearers"), index, {})
    return everybody.get(ref, [])


def candidates(look: Reading, row: Row, ref: IdRef, subject: str | None = None) -> list[tuple[str, Row]]:
    """The bearers whom this row may mean: of its company, or where either company is unknown."""
    return [
        (name, bearer)
        for name, bearer in bearers(look, row.source, ref)
        if subject in (None, name) and _may_be_one_company(look, row, bearer)
    ]


def is_shared(look: Reading, row: Row, ref: IdRef) -> bool:
    """Whether another subject's row that may be of the same company has, or had, this identifier of the row."""
    if ref in memo_of(look, row).shared:
        return True
    others = (bearer for _, bearer in bearers(look, row.source, ref) if bearer is not row)
    return any(_may_be_one_company(look, row, other) for other in others)


def _may_be_one_company(look: Reading, one: Row, other: Row) -> bool:
    mine, theirs = company_of(look, one), company_of(look, other)
    return mine is None or theirs is None or mine == theirs


def remember(look: Reading, person: Person) -> Person:
    """The person as they are remembered once their row is gone."""
    if not isinstance(person, KeyRef):
        return person
    row = row_of(look, person)
    now = identifiers(look, row, look.map_of(row).subjects[person.subject])
    maybe = frozenset(ref for ref in now if is_shared(look, row, ref))
    return Remembered(frozenset({person}) | (now - maybe), maybe)


def key_of(person: Remembered) -> KeyRef | None:
    """The key of the row that was theirs; None if they were never more than a hash."""
    return next((ref for ref in person.refs if isinstance(ref, KeyRef)), None)
