"""The rows that only may be a person's, each with why that is not certain: what `perhaps` of an extract counts."""

from __future__ import annotations

from dataclasses import replace

from ombud.app.held import is_one_of
from ombud.app.known import Called, Known
from ombud.app.loaded import Loaded
from ombud.app.looked import look_for
from ombud.app.naming import written_key
from ombud.claims.owners import own_owners, owners_by, owners_of, union
from ombud.claims.persons import places
from ombud.claims.read import Reading, Row, is_empty, kind_of
from ombud.claims.world import Owners, Remembered
from ombud.datamap.model import DataMap, Otherwise
from ombud.rights.matching import Ambiguous, RowRef, Why
from ombud.terms import IdRef


def ambiguous(loaded: Loaded, called: Called) -> tuple[Ambiguous, ...]:
    """Every row that may be about whom these name, and is not certainly, by source, table and key.

    A source that cannot be read has none here; the extract says which.
    """
    seen, look, person, asked = look_for(loaded, called)
    found = {
        RowRef(source, table, written_key(key)): why
        for row in look.every_row()
        if row.table.personal and (why := _why(look, row, asked.asked, person)) is not None
        for source, table, key in (seen.named(row.id),)
    }
    return tuple(Ambiguous(row, found[row]) for row in sorted(found))


def is_a_persons(datamap: DataMap, row: RowRef) -> bool:
    """Whether it is somebody's own row, so that a decision can take that person in."""
    source = datamap.sources.get(row.source)
    return source is not None and any(subject.table == row.table for subject in source.subjects.values())


def without_former(loaded: Loaded) -> Loaded:
    """The project as it is read for a protected identity: by what somebody had before, nobody is found."""
    sources = {
        name: replace(
            mapped,
            subjects={
                called: replace(subject, identifiers=tuple(p for p in subject.identifiers if not p.former))
                for called, subject in mapped.subjects.items()
            },
        )
        for name, mapped in loaded.datamap.sources.items()
    }
    return replace(loaded, datamap=replace(loaded.datamap, sources=sources))


def _why(look: Reading, row: Row, asked: frozenset[IdRef], person: Known) -> Why | None:
    """Why the row, or a cell of it, is not certainly about the person; None where it is, or is about others."""
    theirs = owners_of(look, row) | union(owners_by(look, row, rule) for rule in row.table.mentions)
    sure = person.certainly(theirs)
    whole = None if sure else _perhaps(look, row, theirs, asked, person)
    if whole is not None:
        return whole
    kind = kind_of(look, row)
    for each in (kind,) if kind is not None else row.table.kinds:
        for cell in each.cells.values():
            if is_empty(cell, row):
                continue
            own = own_owners(look, row, cell) if cell.of else Owners()
            if own and not person.certainly(own):
                why = _perhaps(look, row, own, asked, person)
                if why is not None:
                    return why
            if cell.of and not own and cell.otherwise is Otherwise.REVIEW and sure:
                return Why.UNKNOWN
    return None


def _perhaps(look: Reading, row: Row, owners: Owners, asked: frozenset[IdRef], person: Known) -> Why | None:
    remembered = any(isinstance(each, Remembered) and each.maybe & person.known for each in owners.certain)
    if remembered or any(is_one_of(each, person.maybe) for each in owners.certain):
        return Why.FORMER if _by_former_alone(look, row, asked) else Why.SHARED
    if any(is_one_of(each, person.known) for each in owners.candidates):
        return Why.SEVERAL
    return None


def _by_former_alone(look: Reading, row: Row, asked: frozenset[IdRef]) -> bool:
    """Whether a person's own row has what was asked for only where it keeps what the person had before."""
    for subject in look.map_of(row).subjects.values():
        if subject.table == row.table.name:
            found = [place for place, _, ref in places(look, row, subject) if ref in asked]
            if found:
                return all(place.former for place in found)
    return False
