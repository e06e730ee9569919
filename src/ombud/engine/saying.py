"""What a row says of a person: each cell that is certainly about them, with its value and what holds it.

Rows whose facts are alike say alike, but for their values: that is worked out once for all of them (`Stencil`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from ombud.datamap.columns import context_columns, time_columns
from ombud.datamap.instants import as_said
from ombud.datamap.model import Cell, Encoding, Kind, Otherwise, OwnerRule, Table, TimeColumn
from ombud.documents.extract import Datum, Hold
from ombud.engine.cells import held
from ombud.engine.gathering import Unclear
from ombud.engine.holding import Holder, Look, Owned, unnamed
from ombud.plan.naming import rule_name
from ombud.sql.extracts import FACTS, Extracts
from ombud.sql.owners import CERTAIN, OPEN
from ombud.terms import Ref

MENTION = "mention"
"""By which rule a row mentions somebody: it makes nobody an owner."""

KEPT = 5_000
"""Stencils of one table that are kept from answer to answer."""

_COUNTING = frozenset({Encoding.EPOCH_S, Encoding.EPOCH_MS, Encoding.YYYYMMDD})

_KIND, _COMPANY, _DOUBT, _ABOVE, _ABOVE_COMPANY, _BORN, _ROOT = range(1, len(FACTS))


@dataclass(frozen=True, slots=True)
class Meant:
    """A person by every ref by which they are certainly known, and those by which they may be meant."""

    refs: frozenset[Ref]
    maybe: frozenset[Ref] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What one row says of a person (by number): what is certain of it, and whether more of it may be about them."""

    person: int
    table: str
    key: str
    company: str
    data: tuple[Datum, ...]
    perhaps: bool


@dataclass
class Known:
    """Under which names the persons stand in the owner tables, certainly and perhaps."""

    certain: list[frozenset[str]] = field(default_factory=list)
    perhaps: list[frozenset[str]] = field(default_factory=list)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


Owners = Mapping[int, tuple[Owned, ...]]
"""By the number of a row."""

Inked = tuple[str, int, Cell | None, str, tuple[Hold, ...], str]
"""Name, where it is read, the cell where more than its value tells whether it is empty, category, holds, provenance."""


@dataclass(frozen=True, slots=True)
class Stencil:
    """What rows with the same facts say of whom they are alike about.

    `cells` are certainly about them, any of `open` may be, and so may more of the row where it `perhaps` is. `whole`:
    the row is certainly about them, so that it says when it was, and of which company it is.
    """

    cells: tuple[Inked, ...]
    open: tuple[tuple[int, Cell], ...]
    perhaps: bool
    whole: bool


@dataclass
class OfTable:
    """The rows of one table, of whom they are and whose claims they have, wherever that was worked out."""

    holder: Holder
    extracts: Extracts
    known: Known = field(default_factory=Known)
    _stencils: dict[tuple[Any, ...], Stencil] = field(default_factory=dict)
    _of_now: dict[tuple[Any, ...], Stencil] = field(default_factory=dict)
    _patterns: dict[tuple[tuple[Owned, ...], int], tuple[Any, ...] | None] = field(default_factory=dict)
    _rules: dict[tuple[OwnerRule, ...], frozenset[str]] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        return self.extracts.table

    def told(
        self,
        rows: Iterable[Sequence[Any]],
        holder: Holder,
        known: Known,
        owned: tuple[Owners, Owners],
        left: dict[int, str] | None = None,
    ) -> Iterator[Told]:
        """What each of these rows (`FACTS`, moments, values) says of each person known; those of whom that is Unclear
        are noted in `left`, with why.
        """
        self.holder, self.known = holder, known
        self._of_now, self._patterns = {}, {}
        if len(self._stencils) > KEPT:
            self._stencils.clear()
        owners, owners_above = owned
        by_name = known.by_name
        for said in rows:
            mine = owners.get(said[0], ())
            persons = {n for _, who, _ in mine if who in by_name for n in by_name[who]}
            above = owners_above.get(said[_ROOT], ()) if said[_ROOT] is not None else ()
            for n in sorted(persons) if len(persons) > 1 else persons:
                try:
                    if said[_KIND] is None:
                        data, perhaps = self._in_doubt(said, n, mine, above)
                    else:
                        data, perhaps = self._filled(said, self._stencil(said, n, mine, above))
                except Unclear as why:
                    if left is None:
                        raise
                    left[n] = str(why)
                    continue
                if data or perhaps:
                    key = ",".join([str(said[at]) for at in self.key])
                    yield Told(n, self.table.name, key, said[_COMPANY] or "", tuple(data), perhaps)

    # --- rows that are alike ---------------------------------------------------------------------------------------

    def _stencil(self, said: Sequence[Any], n: int, mine: tuple[Owned, ...], above: tuple[Owned, ...]) -> Stencil:
        one, other = self._pattern(mine, n), self._pattern(above, n)
        if one is not None and other is not None:
            key = (said[_KIND:_BORN], said[len(FACTS) : self.first], one, other)
            found = self._stencils.get(key)
            if found is None:
                found = self._stencils[key] = self._cut(said, n, mine, above)
            return found
        now = (n, said[_KIND:_ROOT], said[len(FACTS) : self.first], mine, above)
        found = self._of_now.get(now)
        if found is None:
            found = self._of_now[now] = self._cut(said, n, mine, above)
        return found

    def _pattern(self, owners: tuple[Owned, ...], n: int) -> tuple[Any, ...] | None:
        """Who owns it, but for their names; None where more is said of one of them than rows say."""
        at = (owners, n)
        if at not in self._patterns:
            holder, certain, perhaps = self.holder, self.known.certain[n], self.known.perhaps[n]
            more = any(who is not None and (holder.says_more(who) or not holder.knows(who)) for _, who, _ in owners)
            self._patterns[at] = None if more else tuple(unnamed(owners, certain, perhaps))
        return self._patterns[at]

    def _cut(self, said: Sequence[Any], n: int, mine: tuple[Owned, ...], above: tuple[Owned, ...]) -> Stencil:
        row = _Row(self, said, mine, above, n)
        kind = self.table.kinds[int(said[_KIND])]
        cells: list[Inked] = []
        doubtful: list[tuple[int, Cell]] = []
        for name, cell in kind.cells.items():
            whose, at = row.whose(cell), self.columns[cell.column]
            if whose:
                looked = None if _is_plain(cell) else cell
                cells.append((name, at, looked, cell.category, row.holds(cell, kind), cell.provenance or ""))
            elif whose is False:
                doubtful.append((at, cell))
        return Stencil(tuple(cells), tuple(doubtful), row.whole is False, row.whole is True)

    def _filled(self, said: Sequence[Any], stencil: Stencil) -> tuple[list[Datum], bool]:
        """What the row certainly says, and whether more of it may be about the person."""
        data: list[Datum] = []
        for name, at, cell, category, holds, provenance in stencil.cells:
            value = said[at]
            if cell is not None:
                found = held(cell, value, [said[each] for each in self.key])
                if found is None:
                    continue
                value = found.value
            elif value is None or value == "":
                continue
            data.append(Datum(name, value, category, holds, provenance))
        if stencil.whole:
            data += self._context(said)
        perhaps = stencil.perhaps or any(
            held(cell, said[at], [said[each] for each in self.key]) is not None for at, cell in stencil.open
        )
        return data, perhaps

    # --- rows of which the kind is not known -----------------------------------------------------------------------

    def _in_doubt(
        self, said: Sequence[Any], n: int, mine: tuple[Owned, ...], above: tuple[Owned, ...]
    ) -> tuple[list[Datum], bool]:
        """The same: of each cell by name, what all kinds agree on."""
        row, key = _Row(self, said, mine, above, n), [said[each] for each in self.key]
        data: list[Datum] = []
        perhaps = row.whole is False
        for name, each in self.cells.items():
            read = ((kind, cell, held(cell, said[self.columns[cell.column]], key)) for kind, cell in each)
            there = [(kind, cell, value) for kind, cell, value in read if value is not None]
            told = [row.whose(cell) for _, cell, _ in there]
            if all(whose is None for whose in told):
                continue
            if not all(told):
                perhaps = True
                continue
            kind, cell, value = there[0]
            data.append(Datum(name, value.value, cell.category, row.holds(cell, kind), cell.provenance or ""))
        if row.whole:
            data += self._context(said)
        return data, perhaps

    # --- what the map says, worked out once ----------------------------------------------------------------------

    @cached_property
    def cells(self) -> dict[str, list[tuple[Kind, Cell]]]:
        """Every cell that a row of the table may have, by name: one of each kind that has it."""
        found: dict[str, list[tuple[Kind, Cell]]] = defaultdict(list)
        for kind in self.table.kinds:
            for name, cell in kind.cells.items():
                found[name].append((kind, cell))
        return found

    @cached_property
    def theirs(self) -> frozenset[str]:
        """The rules by which whole rows are about somebody, or mention them."""
        return frozenset(map(rule_name, (*self.table.owners, *self.table.mentions))) | {MENTION}

    @cached_property
    def root_rules(self) -> frozenset[str]:
        return frozenset(map(rule_name, self.extracts.root.owners))

    def rules(self, of: tuple[OwnerRule, ...]) -> frozenset[str]:
        """The names of a cell's own rules."""
        if of not in self._rules:
            self._rules[of] = frozenset(map(rule_name, of))
        return self._rules[of]

    @cached_property
    def first(self) -> int:
        """Where values begin in what is read."""
        return len(FACTS) + 2 * self.extracts.moments

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Where each column stands in what is read."""
        return {column: self.first + n for n, column in enumerate(self.extracts.columns)}

    @cached_property
    def key(self) -> tuple[int, ...]:
        return tuple(self.columns[column] for column in self.table.key)

    @cached_property
    def moments(self) -> list[tuple[tuple[str, int], ...]]:
        """By the root's kind: each moment's name and where its state stands."""
        root = self.extracts.root
        rules = self.extracts.facts.names.sheet(root.name).rules
        return [
            tuple((name, len(FACTS) + 2 * rules.index(rule)) for name, rule in kind.moments.items())
            for kind in root.kinds
        ]

    @cached_property
    def context(self) -> list[tuple[str, int, tuple[Any, ...], TimeColumn | None]]:
        """The columns that say when and of which company, with where they are read, what says nothing, and how they
        are read where that is not as they stand.
        """
        when = {each.column: each for each in time_columns(self.table)}
        found: list[tuple[str, int, tuple[Any, ...], TimeColumn | None]] = []
        for column in context_columns(self.table):
            how = when.get(column)
            counts = how if how is not None and how.encoding in _COUNTING else None
            found.append((column, self.columns[column], how.absent if how is not None else (), counts))
        return found

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.holder.policy.zone)

    def _context(self, said: Sequence[Any]) -> Iterator[Datum]:
        for column, at, absent, counts in self.context:
            value = said[at]
            if value is not None and value not in absent:
                yield Datum(column, value if counts is None else as_said(counts, value, self.zone))


class _Row:
    """One row, and whose it is, for one person."""

    def __init__(
        self, of: OfTable, said: Sequence[Any], owners: Sequence[Owned], above: Sequence[Owned], n: int
    ) -> None:
        self.of, self.said, self.owners, self.above = of, said, owners, above
        self.certain, self.perhaps = of.known.certain[n], of.known.perhaps[n]
        self.whole = self._how([each for each in owners if each[0] in of.theirs])
        self.of_root: dict[int, tuple[Hold, ...]] = {}

    def whose(self, cell: Cell) -> bool | None:
        """True: the cell is certainly about the person. False: it may be. None: it is not."""
        if not cell.of:
            return self.whole
        rules = self.of.rules(cell.of)
        own = [each for each in self.owners if each[0] in rules]
        if own:
            return self._how(own)
        match cell.otherwise:
            case Otherwise.OWNER:
                return self.whole
            case Otherwise.NOBODY:
                return None
            case Otherwise.REVIEW:
                return None if self.whole is None else False

    def holds(self, cell: Cell, own: Kind) -> tuple[Hold, ...]:
        """What holds the cell, in a row of this kind."""
        of, said = self.of, self.said
        above, company = said[_ABOVE], said[_ABOVE_COMPANY]
        if said[_DOUBT] != 0 or above is None or company is None:
            return ()
        claims = of.holder.claims(of.table, cell, own, of.extracts.root, int(above), company)
        rules = of.rules(cell.of) if cell.of else frozenset()
        about = [each for each in self.owners if each[0] in rules] if rules else []
        if about or (cell.of and cell.otherwise is Otherwise.NOBODY):
            return of.holder.holds(claims, Look(self.moments, said[_BORN], about), self.certain)
        if id(claims) not in self.of_root:
            self.of_root[id(claims)] = of.holder.holds(claims, self.root, self.certain)
        return self.of_root[id(claims)]

    @cached_property
    def root(self) -> Look:
        """The row whose claims it has, as far as that tells who owns it."""
        about = [each for each in self.above if each[0] in self.of.root_rules]
        return Look(self.moments, self.said[_BORN], about)

    @cached_property
    def moments(self) -> Mapping[str, tuple[str, str | None]]:
        said = self.said
        return {name: (said[n] or "unknown", said[n + 1]) for name, n in self.of.moments[int(said[_ABOVE])]}

    def _how(self, owners: Sequence[Owned]) -> bool | None:
        """True: the person certainly owns it. False: they may. None: they do not."""
        if any(status == CERTAIN and who in self.certain for _, who, status in owners):
            return True
        return False if any(status != OPEN and who in self.perhaps for _, who, status in owners) else None


def _is_plain(cell: Cell) -> bool:
    """Whether its value alone tells whether it is empty: NULL or the empty text."""
    blank = cell.blank
    return not cell.json and (blank is None or (blank.value is None and not blank.per_key))
