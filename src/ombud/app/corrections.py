"""What is to be corrected about a person: read from what somebody wrote, against what stands there (Art. 16 GDPR)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ombud.app.known import Called
from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import row_of, written_key
from ombud.app.planning import sweep_of
from ombud.app.sources import opened
from ombud.app.theirs import Theirs, theirs
from ombud.claims.read import Row, is_empty, is_readable, kind_of, value_of
from ombud.datamap.entered import entered, entered_inside
from ombud.datamap.model import ByIdentifier, Cell, Kind, SourceMap
from ombud.datamap.rules import read_by
from ombud.datamap.schema import Schema
from ombud.engine.correcting import standing
from ombud.policy.tree import guess
from ombud.terms import Finding, Key, Place

SET = Place("--set")


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell of a row that is certainly about the person, what stands there and what is to. `after` None: nothing.

    `category` is what it is about, `seen` what the engine found in the column when it was looked at. `kind` names the
    identifier that it holds, '' if none.
    """

    source: str
    table: str
    key: Key
    cell: str
    category: str
    before: Any
    after: Any
    seen: Any
    kind: str = ""

    @property
    def row(self) -> str:
        return f"{self.source}/{self.table}/{written_key(self.key)}"


At = tuple[str, str]
"""A row, as it is written, and a cell of it by name."""


@dataclass(frozen=True, slots=True)
class Done:
    """A cell that was set right before for the same reason: the row's key, and what stood there then. `received`: there
    is a receipt of it, so that it is not set again whatever stands there now.
    """

    key: Key
    before: str | None = field(repr=False)
    received: bool = True


def look(
    loaded: Loaded, called: Called, wishes: Sequence[str], done: Mapping[At, Done] = MappingProxyType({})
) -> tuple[Correction, ...]:
    """Read `SOURCE/TABLE/KEY.CELL=VALUE` (no `=`: to be removed), against what stands there. Raises Refused.

    Refused is what is not certainly about the person, what a rule of the map reads, and a value of another type. Of
    what is `done`, none of this is asked again.
    """
    known = theirs(loaded, called)
    corrections: list[Correction] = []
    before: list[Correction] = []
    findings: list[Finding] = []
    for wish in wishes:
        try:
            found, received = _read(loaded, known, wish, done)
            (before if received else corrections).append(found)
        except Refused as refusal:
            findings += refusal.findings
    if findings:
        raise Refused(*findings)
    return (*before, *_with_what_stands(loaded, corrections))


def by_source(corrections: Iterable[Correction]) -> Mapping[str, list[Correction]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    for each in corrections:
        found[each.source].append(each)
    return found


# --- reading what is wished ---------------------------------------------------------------------------------------


def _read(loaded: Loaded, known: Theirs, wish: str, done: Mapping[At, Done]) -> tuple[Correction, bool]:
    """The correction, and whether there is a receipt of it."""
    where, equals, value = wish.partition("=")
    source, table, key, name = _place(loaded, where)
    after = value if equals else None
    if then := done.get((f"{source}/{table}/{key}", name)):
        cell = _any_cell(loaded, source, table, name)
        kind = _identifier(loaded.datamap.sources[source], table, cell)
        made = Correction(source, table, then.key, cell.name, cell.category, then.before, after, None, kind)
        return made, then.received
    row = known.row(source, table, key)
    if row is None:
        message = f"{source}/{table}: this row is not certainly about the person"
        raise Refused(Finding("C120", SET, message, "see which are: ombud explain --subject …"))
    cell = _cell(loaded, source, table, name, known, row)
    kind = _identifier(loaded.datamap.sources[source], table, cell)
    before = None if is_empty(cell, row) else value_of(cell, row)
    named = known.seen.named(row.id)[2]
    return Correction(source, table, named, cell.name, cell.category, before, after, None, kind), False


def _place(loaded: Loaded, where: str) -> tuple[str, str, str, str]:
    """Source, table, key and cell: the cell is what follows a dot and is one, for a key may hold dots too."""
    hint = "write SOURCE/TABLE/KEY.CELL=VALUE, such as crm/customer/17.phone=…"
    dots = [n for n, c in enumerate(where) if c == "."]
    if not dots:
        raise Refused(Finding("C121", SET, "this names no cell", hint))
    for at in dots:
        source, table, key = row_of(loaded, where[:at])
        cells = _cells(loaded.datamap.sources[source].tables[table].kinds)
        if where[at + 1 :] in cells:
            return source, table, key, where[at + 1 :]
    source, table, _ = row_of(loaded, where[: dots[-1]])
    cells = _cells(loaded.datamap.sources[source].tables[table].kinds)
    near = guess(where[dots[-1] + 1 :], cells)
    raise Refused(Finding("C121", SET, f"{source}.{table} has no cell of that name", near))


def _cells(kinds: Iterable[Kind]) -> dict[str, None]:
    return {name: None for kind in kinds for name in kind.cells}


def _cell(loaded: Loaded, source: str, table: str, name: str, known: Theirs, row: Row) -> Cell:
    mapped = loaded.datamap.sources[source]
    kind = kind_of(known.look, row)
    cell = kind.cells.get(name) if kind else None
    where = f"{source}.{table}.{name}"
    if cell is not None and not is_empty(cell, row) and not known.about(row, cell):
        raise Refused(
            Finding("C120", SET, f"{where}: this cell is about somebody else", "name a cell about the person")
        )
    if cell is None:
        cell = _any_cell(loaded, source, table, name)
    if cell.file is not None:
        hint = "correct it in the application that keeps it"
        raise Refused(Finding("C121", SET, f"{where} names a file, which is not corrected here", hint))
    if rules := read_by(mapped)[table].get(cell.column, ()):
        hint = "correct it in the application, and see what follows: ombud explain"
        message = f"{where} is read by {' and '.join(rules)}, and what is kept would change with it"
        raise Refused(Finding("C121", SET, message, hint))
    if not is_readable(cell, row):
        raise Refused(Finding("C121", SET, f"{where}: its document cannot be read", "mend it in the application"))
    return cell


def _any_cell(loaded: Loaded, source: str, table: str, name: str) -> Cell:
    kinds = loaded.datamap.sources[source].tables[table].kinds
    return next(kind.cells[name] for kind in kinds if name in kind.cells)


def _identifier(source: SourceMap, table: str, cell: Cell) -> str:
    """The kind of identifier by which somebody is found in this cell's column; '' if none."""
    for subject in source.subjects.values():
        for place in subject.identifiers:
            if (place.child or subject.table) == table and place.column == cell.column and not cell.json:
                return place.kind
    rules = source.tables[table].owner_rules
    return next((rule.kind for rule in rules if isinstance(rule, ByIdentifier) and rule.column == cell.column), "")


# --- what stands there --------------------------------------------------------------------------------------------


def _with_what_stands(loaded: Loaded, corrections: Sequence[Correction]) -> Iterator[Correction]:
    findings: list[Finding] = []
    found: list[Correction] = []
    for source, of in by_source(corrections).items():
        with opened(loaded, source, read_only=True) as there, there.connection.begin():
            digest, _ = loaded.keys()
            sweep = sweep_of(there, loaded, digest, "corrections", loaded.today())
            native = sweep.names.dialect.native_times
            for each in of:
                table = sweep.source.tables[each.table]
                cell = cell_of(sweep.source, each)
                seen = standing(sweep, table, each.key, [cell])
                if seen is None:
                    findings.append(gone(each))
                    continue
                try:
                    found.append(replace(each, seen=seen[each.cell], after=_after(sweep.schema, each, cell, native)))
                except ValueError as error:
                    where = f"{each.source}.{each.table}.{each.cell}"
                    findings.append(Finding("C122", SET, f"{where}: this value is of another type", str(error)))
    if findings:
        raise Refused(*findings)
    yield from found


def _after(schema: Schema, each: Correction, cell: Cell, native: bool) -> Any:
    if each.after is None:
        return None
    if cell.json:
        return entered_inside(each.after, each.before)
    return entered(each.after, schema.tables[each.table].columns[cell.column].family, native=native)


def cell_of(source: SourceMap, each: Correction) -> Cell:
    kinds = source.tables[each.table].kinds
    return next(
        k.cells[each.cell] for k in kinds if each.cell in k.cells and k.cells[each.cell].category == each.category
    )


def gone(each: Correction) -> Finding:
    return Finding("C123", SET, f"{each.source}.{each.table}: the row is gone since", "look again: ombud explain")
