"""What holds a row and each of its cells, and what happens to them today and tomorrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ombud.app.leaning import Keeper, keepers
from ombud.app.protection import by_mark, by_marks, wholly_by
from ombud.app.waiting import waiting
from ombud.app.words import no_kind
from ombud.claims.live import Claim, OnCell, OnRow, on_row, root_of
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.read import Reading, Row, company_of, is_readable, kind_of, value_of
from ombud.claims.world import Person, Remembered, RowId
from ombud.datamap.columns import key_values
from ombud.datamap.rules import read_by
from ombud.terms import Outcome, Ref, Verdict


@dataclass(frozen=True, slots=True)
class HeldCell:
    """A cell that is not empty: its value, what holds it, and whether it goes today or tomorrow.

    `fixed` says why it is never blanked and goes with its row alone, such as a rule that reads its column; a document
    that cannot be read is not `readable`. `protected` names the marks that keep all of it.
    """

    name: str
    value: object
    category: str
    held: OnCell
    about: bool
    due: bool
    tomorrow: bool
    fixed: str = ""
    readable: bool = True
    protected: str = ""

    @property
    def live(self) -> tuple[Claim, ...]:
        return tuple(claim for claim in self.held.claims if claim.live)

    @property
    def with_its_row(self) -> bool:
        """Whether nothing holds it, and it is there only because it is not blanked before its row goes."""
        held = self.held.doubt or self.held.whole or self.held.unreached or self.live
        return bool(self.fixed and not self.due and not held)


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row about the person (`certain`, or perhaps), what holds it, and what happens to it today and tomorrow.

    `company` is its company's id, empty if that is not known. `keepers` is what keeps it where it stays as a shell,
    `protected` names the marks that keep all of it, `waiting` says what it lacks where its grace keeps it.
    """

    row: RowId
    held: OnRow
    cells: tuple[HeldCell, ...]
    today: Verdict
    tomorrow: Verdict
    certain: bool
    company: str = ""
    keepers: tuple[Keeper, ...] = ()
    protected: str = ""
    waiting: str = ""

    @property
    def due(self) -> bool:
        return self.today.outcome is Outcome.DELETE

    @property
    def goes_tomorrow(self) -> bool:
        return not self.due and self.tomorrow.outcome is Outcome.DELETE


def held_row(
    look: Reading,
    row: Row,
    refs: frozenset[Ref],
    judged: tuple[Mapping[RowId, Verdict], Mapping[RowId, Verdict]],
    certain: bool,
) -> HeldRow:
    """What holds a row, and each cell of it about one of these refs (none: all). `judged`: today's and tomorrow's."""
    held, kind = on_row(look, row), kind_of(look, row)
    today, tomorrow = judged[0][row.id], judged[1][row.id]
    rules = read_by(look.map_of(row))[row.table.name]
    root, company = root_of(look, row) or row, company_of(look, row) or ""
    whole = wholly_by(look, row.source, owners_of(look, root), company) if held.whole else ""
    cells = []
    for name, cell in kind.cells.items() if kind else ():
        on_cell = by_marks(look, held.cells.get(name, OnCell(doubt=held.doubt)))
        if on_cell.empty:
            continue
        own = own_owners(look, row, cell) or owners_of(look, row)
        about = not refs or any(is_one_of(each, refs) for each in own.certain | own.candidates)
        due = today.outcome is Outcome.DELETE or name in today.blank
        later = not due and (tomorrow.outcome is Outcome.DELETE or name in tomorrow.blank)
        value = value_of(cell, row)
        theirs = own_owners(look, row, cell) or owners_of(look, root)
        marks = wholly_by(look, row.source, theirs, company) if on_cell.whole else ""
        readable = is_readable(cell, row)
        fixed = _fixed(row, rules.get(cell.column, ()), readable=readable) if not held.doubt else ""
        cells.append(HeldCell(name, value, cell.category, on_cell, about, due, later, fixed, readable, marks))
    leaning = keepers(look, row, judged[0]) if today.outcome is Outcome.SHELL else ()
    wait = waiting(look, root, held)
    held = replace(held, claims=tuple(by_mark(look, claim) for claim in held.claims))
    if kind is None:
        held = replace(held, doubt=no_kind(row.table))
        cells += _unlisted(row, held)
    whole = whole or "; ".join(dict.fromkeys(cell.protected for cell in cells if cell.protected))
    return HeldRow(row.id, held, tuple(cells), today, tomorrow, certain, company, leaning, whole, wait)


def _unlisted(row: Row, held: OnRow) -> Iterator[HeldCell]:
    """The value under a key that the map does not list: it stays with its row, in doubt."""
    columns = key_values(row.table)
    value = row.values.get(columns[1]) if columns else None
    if columns and value not in (None, ""):
        yield HeldCell(columns[1], value, "", OnCell(doubt=held.doubt), about=True, due=False, tomorrow=False)


def _fixed(row: Row, rules: tuple[str, ...], *, readable: bool) -> str:
    """Why a cell is not blanked while its row stays (spec/claims.md §4 and §5); '' where it can be."""
    if not readable:
        return "its document cannot be read"
    if rules:
        return f"{' and '.join(rules)} {'reads' if len(rules) == 1 else 'read'} it"
    return "" if row.table.key else "its table has no key"


def is_one_of(person: Person, refs: frozenset[Ref]) -> bool:
    """Whether the person is known by one of these refs."""
    return bool(person.refs & refs) if isinstance(person, Remembered) else person in refs
