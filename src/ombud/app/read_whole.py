"""The answer to a person from rows that are read whole, or as far as they belong together, and judged one by one.

For sources whose rows are few, whose sidecar is missing or behind, or where a map or a user lets nothing else be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from ombud.app.held import is_one_of
from ombud.app.known import Known
from ombud.app.loaded import Loaded, Refused
from ombud.app.looked import AsRead, look_on
from ombud.app.naming import written_key
from ombud.app.rows import Asked, Seen, as_here, see
from ombud.claims.live import Claim, Someone, on_row, root_of
from ombud.claims.owners import own_owners, owners_by, owners_of, union
from ombud.claims.read import Reading, Row, company_of, is_empty, is_readable, kind_of, value_of
from ombud.claims.world import Owners, Remembered
from ombud.datamap.columns import context_columns, time_columns
from ombud.datamap.instants import as_said
from ombud.datamap.model import Cell, Otherwise
from ombud.documents.extract import Datum, Hold, Why, told_once
from ombud.engine.answering import Bearer
from ombud.engine.people import Held
from ombud.engine.saying import Meant, Told
from ombud.policy.model import UNSTATED, BasisKind, Clock, Policy, While
from ombud.terms import IdRef, NotYet, Ref


@dataclass
class Shelf:
    """What was read of all sources, for one answer; anew for whoever is asked for since, where not all was."""

    loaded: Loaded
    day: date
    refs: frozenset[Ref] = frozenset()
    seen: Seen | None = None
    look: Reading | None = field(default=None, repr=False)

    def looked(self, refs: Iterable[Ref]) -> tuple[Reading, Seen]:
        """The rows as a sweep of the day would see them."""
        new = frozenset(refs) - self.refs
        self.refs |= new
        if self.look is None or self.seen is None or (new and self.seen.near):
            self.seen = see(self.loaded, self.loaded.datamap.sources, Asked(refs=self.refs))
            _, register = self.loaded.keys()
            self.look = look_on(self.loaded, self.seen, as_here(register.marks(), self.seen), self.day)
        return self.look, self.seen


@dataclass
class Whole:
    """One source of those on the shelf. Raises Refused where it cannot be read."""

    shelf: Shelf
    name: str

    def bearers(self, held: Mapping[Held, object]) -> dict[Held, list[Bearer]]:
        """Whoever has one of these identifiers."""
        return AsRead(self._looked(IdRef(*each) for each in held)).bearers_in(self.name, held)

    def rows(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], list[Bearer]]:
        """The persons whose rows these are, by table and key as it is written."""
        read = AsRead(self._looked(()))
        return {(table, key): read.row((self.name, table, key)) for table, key in wanted}

    def told(self, persons: Sequence[Meant]) -> list[Told]:
        """What every row says of each person."""
        look = self._looked(ref for each in persons for ref in (*each.refs, *each.maybe))
        _, seen = self.shelf.looked(())
        known = [Known(each.refs, each.maybe) for each in persons]
        of: dict[Ref, list[int]] = defaultdict(list)
        for n, each in enumerate(persons):
            for ref in each.refs | each.maybe:
                of[ref].append(n)
        found: list[Told] = []
        for row in look.every_row():
            if row.source == self.name and row.table.personal:
                for n in sorted({n for ref in _named_by(look, row) for n in of.get(ref, ())}):
                    data, perhaps = _data(look, row, known[n])
                    if data or perhaps:
                        _, table, key = seen.named(row.id)
                        company = company_of(look, row) or ""
                        found.append(Told(n, table, written_key(key), company, tuple(data), perhaps))
        return found

    def _looked(self, refs: Iterable[Ref]) -> Reading:
        look, seen = self.shelf.looked(refs)
        if self.name in seen.unread:
            raise Refused(*seen.findings)
        return look


# --- what a row says --------------------------------------------------------------------------------------------


def _data(look: Reading, row: Row, person: Known) -> tuple[list[Datum], bool]:
    """What of the row is certainly about the person, and whether more of it may be."""
    theirs = _theirs(look, row)
    kind, root = kind_of(look, row), root_of(look, row)
    found: list[Datum] = []
    perhaps = not person.certainly(theirs) and person.perhaps(theirs)
    for name, cells in _cells(row).items():
        if kind is not None:
            cells = [each for each in cells if kind.cells.get(name) == each]
        cells = [each for each in cells if not is_empty(each, row)]
        told = [_about(look, row, each, theirs, person) for each in cells]
        if all(each is None for each in told):
            continue
        if not all(told):
            perhaps = True
            continue
        cell, held = cells[0], on_row(look, row).cells.get(name)
        holds = _holds(look, root, held.claims, person) if root and held else ()
        value = value_of(cell, row) if is_readable(cell, row) else row.values[cell.column]
        found.append(Datum(name, value, cell.category, holds, cell.provenance.value if cell.provenance else ""))
    if person.certainly(theirs):
        found += _context(look, row)
    return found, perhaps


def _named_by(look: Reading, row: Row) -> Iterator[Ref]:
    """By whatever refs whoever a row, or a cell of it, may be about is known: of nobody else it says anything."""
    own = (own_owners(look, row, cell) for cells in _cells(row).values() for cell in cells if cell.of)
    for owners in (_theirs(look, row), *own):
        for each in owners.certain | owners.candidates:
            yield from each.refs | each.maybe if isinstance(each, Remembered) else (each,)


def _theirs(look: Reading, row: Row) -> Owners:
    """Whom a row is about, or mentions."""
    return owners_of(look, row) | union(owners_by(look, row, rule) for rule in row.table.mentions)


def _cells(row: Row) -> dict[str, list[Cell]]:
    """Every cell that a row of the table may have, by name: one of each kind that has it."""
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
    """The columns that say when it was, and of which company it is."""
    zone = ZoneInfo(look.policy.zone)
    when = {each.column: each for each in time_columns(row.table)}
    for column in context_columns(row.table):
        value = row.values.get(column)
        if value is not None and (column not in when or value not in when[column].absent):
            yield Datum(column, as_said(when[column], value, zone) if column in when else value)


# --- what holds it ----------------------------------------------------------------------------------------------


def _holds(look: Reading, root: Row, claims: tuple[Claim, ...], person: Known) -> tuple[Hold, ...]:
    """The live claims about the person, or that may be anybody's; of a cell that is nobody's else, all."""

    def is_theirs(claim: Claim) -> bool:
        return not isinstance(claim.owner, Someone) and is_one_of(claim.owner, person.refs)

    theirs = [each for each in claims if is_theirs(each) or each.owner is Someone.ANYBODY]
    if not any(is_theirs(each) for each in claims):
        theirs = list(claims)
    return told_once(_hold(look, each, theirs=each.certain and is_theirs(each)) for each in theirs if each.live)


_PROTECTED = {"held": Why.HELD, "restricted": Why.RESTRICTED, "objected": Why.OBJECTED}


def _hold(look: Reading, claim: Claim, *, theirs: bool) -> Hold:
    until = claim.last_day if claim.last_day and claim.last_day >= look.today else None
    why: str = _PROTECTED.get(claim.reason, "")
    if claim.owner is Someone.ANYBODY:
        why = Why.ANYBODY
    waits, moment = _waits(look.policy, claim) if until is None else ("", "")
    return Hold(claim.purpose, claim.basis.kind.value, until, why or waits, claim.basis.statutes, moment, theirs)


def _waits(policy: Policy, claim: Claim) -> tuple[str, str]:
    """What a claim without a last day waits for, and the moment or state."""
    match policy.purposes[claim.company][claim.purpose].keep:
        case Clock(start):
            return (Why.NOT_YET if isinstance(claim.moment, NotYet) else Why.UNKNOWN), start
        case While(state) if state == UNSTATED:
            return Why.UNSTATED, ""
        case While(state):
            return (Why.CONSENT if claim.basis.kind is BasisKind.CONSENT else Why.WHILE), state
