"""Who is told what, by the oracle: the judge of the compiled answers to persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ombud.claims.live import Claim, Someone, on_row, root_of
from ombud.claims.owners import own_owners, owners_by, owners_of, union
from ombud.claims.persons import bearers, identifiers, is_shared, key_ref
from ombud.claims.read import Reading, Row, company_of, is_empty, is_readable, kind_of, value_of
from ombud.claims.world import Owners, Person, Remembered
from ombud.datamap.columns import time_columns
from ombud.datamap.instants import as_said
from ombud.datamap.model import Cell, CompanyColumn, Otherwise
from ombud.documents.extract import Datum, Hold, Why
from ombud.policy.model import UNSTATED, BasisKind, Clock, While
from ombud.terms import IdRef, KeyRef, NotYet, Ref
from tests.differential.happenings import identifiers_of
from tests.differential.portable import Fates, fate

EACH = 3
"""Persons of each world that are answered."""


@dataclass(frozen=True, slots=True)
class Known:
    """By which refs a person is known, and by which they may be meant, for others have them too."""

    refs: frozenset[Ref]
    maybe: frozenset[Ref]

    def certainly(self, owners: Owners) -> bool:
        return any(is_one_of(each, self.refs) for each in owners.certain)

    def perhaps(self, owners: Owners) -> bool:
        known = self.refs | self.maybe
        persons = owners.candidates | owners.certain
        return any(is_one_of(p, known) or (isinstance(p, Remembered) and p.maybe & known) for p in persons)


def is_one_of(person: Person, refs: frozenset[Ref]) -> bool:
    return bool(person.refs & refs) if isinstance(person, Remembered) else person in refs


def somebody(look: Reading, random: Random) -> frozenset[Ref]:
    """One or two identifiers, or a row, of somebody in the world; nobody where nobody is."""
    found: list[Ref] = sorted(values_in(look))
    for source, mapped in look.datamap.sources.items():
        for subject in mapped.subjects.values():
            for row in look.rows[source, subject.table]:
                found += [key_ref(row, subject.name), *sorted(identifiers(look, row, subject))]
    return frozenset(random.sample(found, min(len(found), random.choice((1, 1, 2)))))


def persons_of(look: Reading, each: int = EACH) -> list[Known]:
    """Some of the world's persons; the same in a world that is alone, and in one that shares databases."""
    random = drawing(look)
    return [known_as(look, somebody(look, random)) for _ in range(each)]


def drawing(look: Reading) -> Random:
    """Draws the same in a world that is alone, and in one that shares databases."""
    return Random(f"{look.today} {[len(rows) for rows in look.rows.values()]}")


def carried_along(look: Reading) -> Counter[str]:
    """What becomes of the cells that these are told, where they take along what is theirs."""
    told = (fates for person in persons_of(look) for *_, fates in answer(look, person).values())
    return Counter(f"portability: {each}" for fates in told for each in fates.values())


def values_in(look: Reading) -> Mapping[IdRef, object]:
    """Every identifier that stands in a row, by what it is known by."""
    found: dict[IdRef, object] = {}
    for source, mapped in look.datamap.sources.items():
        for table, kind, column in identifiers_of(mapped):
            for row in look.rows[source, table]:
                value = row.values[column]
                if digest := look.digest(kind, value):
                    found.setdefault(IdRef(kind, digest), value)
    return found


def known_as(look: Reading, asked: frozenset[Ref]) -> Known:
    """The asked identifiers, the rows that have them alone, these rows' identifiers, until nothing is new."""
    refs, maybe = set[Ref](), set[Ref]()
    waiting = set(asked)
    while waiting:
        ref = waiting.pop()
        bearing = [(each, *found) for each in look.datamap.sources for found in _rows_of(look, each, ref)]
        if isinstance(ref, IdRef) and any(is_shared(look, row, ref) for _, _, row in bearing):
            maybe |= {ref, *(key_ref(row, subject) for _, subject, row in bearing)}
            continue
        refs.add(ref)
        for source, subject, row in bearing:
            theirs: set[Ref] = {key_ref(row, subject)}
            theirs |= identifiers(look, row, look.datamap.sources[source].subjects[subject])
            waiting |= {each for each in theirs - refs if isinstance(each, KeyRef) or each not in maybe}
    return Known(frozenset(refs), frozenset(maybe - refs))


def _rows_of(look: Reading, source: str, ref: Ref) -> list[tuple[str, Row]]:
    if isinstance(ref, IdRef):
        return bearers(look, source, ref)
    if ref.source != source:
        return []
    table = look.datamap.sources[source].subjects[ref.subject].table
    return [(ref.subject, row) for row in look.rows[source, table] if key_ref(row, ref.subject) == ref]


Answer = Mapping[tuple[str, str, str], tuple[str, tuple[Datum, ...], bool, Fates]]
"""By source, table and key: the row's company, what is certain of it, whether more of it may be about them, and what
becomes of each cell where they take along what is theirs.
"""


def answer(look: Reading, person: Known) -> Answer:
    """All that is told of the person."""
    found = {}
    for row in look.every_row():
        if row.table.personal:
            data, perhaps, fates = told(look, row, person)
            if data or perhaps:
                key = ",".join(map(str, row.key))
                found[row.source, row.table.name, key] = (company_of(look, row) or "", tuple(data), perhaps, fates)
    return found


def told(look: Reading, row: Row, person: Known) -> tuple[list[Datum], bool, Fates]:
    """What of the row is certainly about the person, whether more of it may be, and what they may take along."""
    theirs = owners_of(look, row) | union(owners_by(look, row, rule) for rule in row.table.mentions)
    kind, root = kind_of(look, row), root_of(look, row)
    found: list[Datum] = []
    fates: dict[str, str] = {}
    perhaps = not person.certainly(theirs) and person.perhaps(theirs)
    for name, cells in _cells(row).items():
        there = [each for each in cells if (kind is None or kind.cells.get(name) == each) and not is_empty(each, row)]
        how = [_about(look, row, each, theirs, person) for each in there]
        if all(each is None for each in how):
            continue
        if not all(how):
            perhaps = True
            continue
        cell, held = there[0], on_row(look, row).cells.get(name)
        claims = held.claims if root and held else ()
        fates[name] = fate(look, cell, [each for each in claims if each.certain and _is_theirs(each, person)])
        holds = _holds(look, claims, person)
        value = value_of(cell, row) if is_readable(cell, row) else row.values[cell.column]
        found.append(Datum(name, value, cell.category, holds, cell.provenance or ""))
    if person.certainly(theirs):
        found += _context(look, row)
    return found, perhaps, fates


def _cells(row: Row) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for kind in row.table.kinds:
        for name, cell in kind.cells.items():
            found.setdefault(name, []).append(cell)
    return found


def _about(look: Reading, row: Row, cell: Cell, theirs: Owners, person: Known) -> bool | None:
    """True: the cell is certainly about the person. False: it may be. None: it is not."""
    owners = own_owners(look, row, cell) if cell.of else Owners()
    if not owners:
        match cell.otherwise if cell.of else Otherwise.OWNER:
            case Otherwise.OWNER:
                owners = theirs
            case Otherwise.NOBODY:
                return None
            case Otherwise.REVIEW:
                return False if person.certainly(theirs) or person.perhaps(theirs) else None
    return True if person.certainly(owners) else False if person.perhaps(owners) else None


def _context(look: Reading, row: Row) -> Iterator[Datum]:
    cells = {cell.column for kind in row.table.kinds for cell in kind.cells.values()}
    when = {each.column: each for each in time_columns(row.table)}
    columns = [*when, *([row.table.company.column] if isinstance(row.table.company, CompanyColumn) else [])]
    for column in dict.fromkeys(columns):
        value: Any = row.values.get(column)
        if column not in cells and value is not None and (column not in when or value not in when[column].absent):
            zone = ZoneInfo(look.policy.zone)
            yield Datum(column, as_said(when[column], value, zone) if column in when else value)


# --- what holds it ----------------------------------------------------------------------------------------------


def _holds(look: Reading, claims: tuple[Claim, ...], person: Known) -> tuple[Hold, ...]:
    """The live claims about the person, or that may be anybody's; where none can be theirs, all."""
    theirs = [each for each in claims if _is_theirs(each, person) or each.owner is Someone.ANYBODY]
    if not any(_is_theirs(each, person) for each in claims):
        theirs = list(claims)
    certain = {_hold(look, each) for each in claims if each.live and each.certain and _is_theirs(each, person)}
    every = dict.fromkeys(_hold(look, each) for each in theirs if each.live)
    return tuple(replace(each, theirs=each in certain) for each in every)


def _is_theirs(claim: Claim, person: Known) -> bool:
    return not isinstance(claim.owner, Someone) and is_one_of(claim.owner, person.refs)


_PROTECTED = {"held": Why.HELD, "restricted": Why.RESTRICTED, "objected": Why.OBJECTED}


def _hold(look: Reading, claim: Claim) -> Hold:
    until = claim.last_day if claim.last_day and claim.last_day >= look.today else None
    why: str = Why.ANYBODY if claim.owner is Someone.ANYBODY else _PROTECTED.get(claim.reason, "")
    waits, moment = _waits(look, claim) if until is None else ("", "")
    return Hold(claim.purpose, claim.basis.kind.value, until, why or waits, claim.basis.statutes, moment)


def _waits(look: Reading, claim: Claim) -> tuple[str, str]:
    match look.policy.purposes[claim.company][claim.purpose].keep:
        case Clock(start):
            return (Why.NOT_YET if isinstance(claim.moment, NotYet) else Why.UNKNOWN), start
        case While(state) if state == UNSTATED:
            return Why.UNSTATED, ""
        case While(state):
            return (Why.CONSENT if claim.basis.kind is BasisKind.CONSENT else Why.WHILE), state
