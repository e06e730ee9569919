"""Which rows are certainly a person's, and which of their cells are about them: what may be set right (Art. 16)."""

from __future__ import annotations

from dataclasses import dataclass

from ombud.app.held import is_one_of
from ombud.app.known import Called, Known
from ombud.app.loaded import Loaded
from ombud.app.looked import look_for
from ombud.app.naming import only, written_key
from ombud.app.register_kept import check_register
from ombud.app.rows import Seen
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.read import Reading, Row, kind_of
from ombud.datamap.model import Cell
from ombud.terms import Place


@dataclass(frozen=True, slots=True)
class Theirs:
    """Everything as it is today, and who is meant."""

    look: Reading
    person: Known
    seen: Seen

    def row(self, source: str, table: str, key: str) -> Row | None:
        """The row of this name, where it or a cell of it is certainly about the person. Raises Refused."""
        rows = self.look.rows.get((source, table), ())
        row = only([each for each in rows if written_key(self.seen.named(each.id)[2]) == key], Place("ROW"))
        if row is None or not row.table.personal:
            return None
        owners, kind = owners_of(self.look, row), kind_of(self.look, row)
        for cell in kind.cells.values() if kind else ():
            owners |= own_owners(self.look, row, cell)
        return row if self.person.certainly(owners) else None

    def about(self, row: Row, cell: Cell) -> bool:
        """Whether a cell of the row is about the person, or may be."""
        owners = own_owners(self.look, row, cell) or owners_of(self.look, row)
        return any(is_one_of(each, self.person.refs) for each in owners.certain | owners.candidates)


def theirs(loaded: Loaded, called: Called) -> Theirs:
    """Look for the person in every source that can be read. Raises Refused."""
    check_register(loaded)
    seen, look, person, _ = look_for(loaded, called)
    return Theirs(look, person, seen)
