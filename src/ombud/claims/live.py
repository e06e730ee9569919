"""The claims on a row and on its cells, and which of them are live (spec/claims.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import assert_never

from ombud.claims.calendar import last_day
from ombud.claims.marks import Standing, standing, wholly_protected
from ombud.claims.moments import moment
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.read import Reading, Row, born, company_of, find, is_empty, kind_of
from ombud.claims.world import Owners, Person, RowId, is_same
from ombud.datamap.model import Binding, Cell, Otherwise
from ombud.policy.model import TEXT, Basis, BasisKind, Clock, Purpose, While, covers
from ombud.terms import Moment, Never, NotYet, OnDay

PAST, NO_CONSENT, ENDED, OBJECTED = "its last day is past", "no consent", "ended", "objected to direct marketing"
"""Why a claim is dead, where it is neither a state nor a moment that does not apply."""


NO_KIND = "not exactly one kind fits"
"""Why a row is in doubt whose kind is."""


class Someone(StrEnum):
    """Whom a claim is about where no person is named."""

    ANYBODY = "anybody"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Claim:
    """A purpose's hold on a row (`cell` None) or on a cell. `certain` says that the owner is not only a candidate.

    `moment` is what the clock starts on (None where it is kept `while` a state holds), `last_day` where the clock ends,
    or the state that it needs, if that is known; `reason` says in words why it lives or not.
    """

    row: RowId
    cell: str | None
    purpose: str
    basis: Basis
    company: str
    owner: Person | Someone
    certain: bool
    moment: Moment | None
    last_day: date | None
    live: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OnCell:
    """What holds a cell: its claims, or doubt, want of reach, or a protection of everything about its owner."""

    claims: tuple[Claim, ...] = ()
    empty: bool = False
    doubt: str = ""
    unreached: bool = False
    whole: bool = False

    @property
    def kept(self) -> bool:
        held = bool(self.doubt) or self.unreached or self.whole
        return not self.empty and (held or any(claim.live for claim in self.claims))


@dataclass(frozen=True, slots=True)
class OnRow:
    """What holds a row, and each of its cells; `doubt` keeps all of it."""

    claims: tuple[Claim, ...] = ()
    doubt: str = ""
    unreached: bool = False
    whole: bool = False
    live: bool = True
    cells: dict[str, OnCell] = field(default_factory=dict)


def on_row(look: Reading, row: Row) -> OnRow:
    """Everything that holds this row."""
    return look.once((row, "held"), lambda: _on_row(look, row), OnRow(doubt="a circle"))


def _on_row(look: Reading, row: Row) -> OnRow:
    doubt, root, kind = _doubt(look, row), root_of(look, row), kind_of(look, row)
    if doubt or root is None or kind is None:
        return OnRow(doubt=doubt or "in doubt")
    held = owners_of(look, root)
    claims = tuple(_claims(look, row, root, None, held, list(_bindings(look, root))))
    unreached = not claims
    cells = {name: _on_cell(look, row, root, cell) for name, cell in kind.cells.items()}
    whole = _whole(look, root, held) or any(cell.whole and not cell.empty for cell in cells.values())
    by_cells = any(on.kept and (kind.cells[name].of or on.unreached) for name, on in cells.items())
    live = unreached or whole or by_cells or any(claim.live for claim in claims)
    return OnRow(claims, "", unreached, whole, live, cells)


def _on_cell(look: Reading, row: Row, root: Row, cell: Cell) -> OnCell:
    if is_empty(cell, row):
        return OnCell(empty=True)
    owners = own_owners(look, row, cell) if cell.of else Owners()
    doubt = ""
    if not owners:
        match cell.otherwise if cell.of else Otherwise.OWNER:
            case Otherwise.OWNER:
                owners = owners_of(look, root)
            case Otherwise.NOBODY:
                pass
            case Otherwise.REVIEW:
                doubt = "whom it is about is for a person to decide"
            case _ as never:
                assert_never(never)
    reaching = [
        (binding, purpose)
        for binding, purpose in _bindings(look, root)
        if _reaches(look, row, root, cell, binding, purpose)
    ]
    claims = tuple(_claims(look, row, root, cell.name, owners, reaching))
    return OnCell(claims, False, doubt, not claims, _whole(look, root, owners))


def protected_whole(look: Reading, row: Row) -> bool:
    """Whether a protection of everything about an owner of the row, whose claims it has, keeps it."""
    root = root_of(look, row)
    return root is not None and _whole(look, root, owners_of(look, root))


# --- whose claims -----------------------------------------------------------------------------------------------


def root_of(look: Reading, row: Row) -> Row | None:
    """The row whose claims this one has: itself, or the end of what it follows; None is doubt."""

    def climb() -> Row | None:
        if not _follows(row):
            return row
        parent = _parent(look, row)
        return root_of(look, parent) if parent else None

    return look.once((row, "root"), climb, None)


def _follows(row: Row) -> str | None:
    return row.table.follows or row.table.copy_of


def _parent(look: Reading, row: Row) -> Row | None:
    """The row that this one follows."""
    found = find(look, row, row.table.links[_follows(row) or ""])
    return found if isinstance(found, Row) else None


def _doubt(look: Reading, row: Row) -> str:
    if kind_of(look, row) is None:
        return NO_KIND
    if company_of(look, row) is None:
        return "its company is unknown"
    if root_of(look, row) is None:
        return "the row it follows is not found"
    parent = _parent(look, row) if _follows(row) else None
    return _doubt(look, parent) if parent else ""


def _bindings(look: Reading, root: Row) -> Iterator[tuple[Binding, Purpose]]:
    """The bindings that make claims: of a purpose that the row's company has, on a basis."""
    kind, purposes = kind_of(look, root), look.policy.purposes.get(company_of(look, root) or "", {})
    for binding in kind.bindings if kind else ():
        purpose = purposes.get(binding.purpose)
        if purpose and any(basis.kind is not BasisKind.NONE for basis in purpose.bases):
            yield binding, purpose


def _reaches(look: Reading, row: Row, root: Row, cell: Cell, binding: Binding, purpose: Purpose) -> bool:
    if not covers(purpose.data, cell.category):
        return False
    if binding.reach is None:
        return True
    if row is root:
        return cell.name in binding.reach
    kind = kind_of(look, root)
    above = {kind.cells[name].category for name in binding.reach if name in kind.cells} if kind else set()
    return cell.category in above or (cell.category != TEXT and covers(frozenset(above - {TEXT}), cell.category))


def _whole(look: Reading, root: Row, owners: Owners) -> bool:
    company = company_of(look, root) or ""
    persons = owners.certain | owners.candidates
    return any(wholly_protected(look, root.source, person, company) for person in persons)


# --- life and death ---------------------------------------------------------------------------------------------


def _claims(
    look: Reading, row: Row, root: Row, cell: str | None, owners: Owners, bindings: list[tuple[Binding, Purpose]]
) -> Iterator[Claim]:
    company = company_of(look, root) or ""
    someone: list[tuple[Person | Someone, bool]] = [(person, True) for person in owners.certain]
    someone += [(p, False) for p in owners.candidates if not any(is_same(p, each) for each in owners.certain)]
    someone += [(Someone.ANYBODY, False)] if owners.open else []
    for _, purpose in bindings:
        start, ends, over = _clock(look, root, purpose, company)
        for basis in purpose.bases:
            if basis.kind is BasisKind.NONE:
                continue
            ended = over or _state_over(look, root, basis.state)
            states = (basis.state, purpose.keep.state if isinstance(purpose.keep, While) else None)
            last = min((day for day in (ends, *(_state_ends(look, root, s) for s in states)) if day), default=None)
            for owner, certain in someone or [(Someone.NOBODY, True)]:
                live, reason = _fate(look, root, purpose, basis, company, owner, certain, ended)
                yield Claim(row.id, cell, purpose.id, basis, company, owner, certain, start, last, live, reason)


def _fate(
    look: Reading,
    root: Row,
    purpose: Purpose,
    basis: Basis,
    company: str,
    owner: Person | Someone,
    certain: bool,
    ended: str,
) -> tuple[bool, str]:
    """Whether the claim lives, and why."""
    if owner is Someone.ANYBODY:
        return True, "it may be anybody's"
    if isinstance(owner, Someone):
        stands = Standing()
    else:
        stands = standing(look, root.source, owner, purpose, basis, company)
    if stands.protected:
        return True, stands.protected
    birth = born(look, root)
    ended_by_mark = stands.ended_by is not None and isinstance(birth, OnDay) and birth.day <= stands.ended_by
    if stands.postponed and not ended_by_mark:
        return True, "objected"
    if ended:
        return False, ended
    if certain:
        if basis.kind is BasisKind.CONSENT and not stands.consented:
            return False, NO_CONSENT
        if ended_by_mark:
            return False, ENDED
        if stands.removed:
            return False, OBJECTED
    return True, "its time is not over"


def _clock(look: Reading, root: Row, purpose: Purpose, company: str) -> tuple[Moment | None, date | None, str]:
    """The moment a purpose's clock starts on, its last day, and why it is over ('' if it is not)."""
    match purpose.keep:
        case While(state):
            return None, None, _state_over(look, root, state)
        case Clock(start, steps):
            at = moment(look, root, start)
            if isinstance(at, Never):
                return at, None, f"{start} does not apply"
            if not isinstance(at, OnDay):
                return at, None, ""
            ends = last_day(at.day, steps, look.policy.companies[company].fiscal_years)
            return at, ends, PAST if ends is not None and look.today > ends else ""
        case _ as never:
            assert_never(never)


def _state_over(look: Reading, root: Row, name: str | None) -> str:
    """Why a state is known not to hold; '' if it may."""
    state = look.policy.states.get(name) if name else None
    if state is None:
        return ""
    if state.begins:
        match moment(look, root, state.begins):
            case NotYet() | Never():
                return f"{name} has not begun"
            case OnDay(day) if day > look.today:
                return f"{name} has not begun"
    if state.ends:
        match moment(look, root, state.ends):
            case Never():
                return f"{name} is over"
            case OnDay(day) if day < look.today:
                return f"{name} is over"
    return ""


def _state_ends(look: Reading, root: Row, name: str | None) -> date | None:
    """The last day on which a state holds, if it is known."""
    state = look.policy.states.get(name) if name else None
    found = moment(look, root, state.ends) if state and state.ends else None
    return found.day if isinstance(found, OnDay) else None
