"""Who stands around the requester in one source: in the same rows and threads, and at the same address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.app.sources import Opened
from ombud.datamap.entered import whole
from ombud.datamap.identity import KINDS, normalise
from ombud.datamap.model import ByIdentifier, Cell, Link, Table
from ombud.documents.extract import Record
from ombud.policy.model import Policy
from ombud.rights.others import Identifier, Known, Other, Whose
from ombud.rights.spellings import spellings
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names

AT_ONCE = 400
"""Values that one statement looks for."""

MOST_BESIDE = 2_000
"""Rows of one table beside the requester's that are looked at."""

STAFF = frozenset({"staff", "employee", "agent", "operator", "handler", "user", "administrator"})
"""Subjects of a map that work here, by what maps call them."""

_DPV = {"name": "pd:Name", "address": "pd:PhysicalAddress", "email": "pd:EmailAddress", "phone": "pd:TelephoneNumber"}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """Others by name and address, and identifiers that are theirs. `cut` are tables of which not all was looked at."""

    others: tuple[Other, ...] = ()
    identifiers: Mapping[Identifier, Whose] = field(default_factory=dict)
    cut: tuple[str, ...] = ()


def is_of(policy: Policy, category: str, sort: str) -> bool:
    """Whether a category holds names, addresses, … : by its last part, or by its term in DPV."""
    known = policy.categories.get(category)
    return category.rpartition(".")[2] == sort or (known is not None and _DPV[sort] in known.dpv)


def is_staff(there: Opened, table: str) -> bool:
    return any(subject.name in STAFF for subject in there.source.subjects.values() if subject.table == table)


class Around:
    """Looks around the records of persons in one source, each table at once. `look` raises Refused."""

    def __init__(self, there: Opened, policy: Policy) -> None:
        self.there, self.policy = there, policy
        self.names = Names(there.source, there.schema, DIALECTS[there.connection.dialect.name])
        self._begin(Known())

    def _begin(self, own: Known) -> None:
        self.own = own
        self.others: dict[Other, None] = {}
        self.identifiers: dict[Identifier, Whose] = {}
        self.cut: dict[str, None] = {}

    def beside(self, records: Sequence[Record], own: Known) -> Beside:
        """Who stands around one person's records. Raises Refused."""
        self._begin(own)
        mine: dict[str, list[Record]] = {}
        for record in records:
            if record.table in self._worth_it:
                mine.setdefault(record.table, []).append(record)
        tables = self.there.source.tables
        seen = {name: self._of_keys(tables[name], theirs) for name, theirs in mine.items()}
        for name, rows in seen.items():
            self._who(tables[name], rows, "a name in the same record")
            self._thread(tables[name], rows)
            self._household(tables[name], rows)
        self._same_identifier()
        return Beside(tuple(self.others), self.identifiers, tuple(self.cut))

    # --- where it is worth looking --------------------------------------------------------------------------------

    @cached_property
    def _naming(self) -> tuple[Table, ...]:
        """The tables of whose rows some may say who somebody is."""
        return tuple(table for table in self.there.source.tables.values() if table.personal and self._names(table))

    def _names(self, table: Table) -> bool:
        return any(True for sort in ("name", "address", *KINDS) for _ in self._cells(table, sort, every=True))

    def _leads_down(self, table: Table) -> bool:
        """Rows that say who somebody is may point at its rows."""
        return any(link.to == table.name for child in self._naming for link in child.links.values())

    @cached_property
    def _worth_it(self) -> frozenset[str]:
        """The tables of whose rows some may say, or lead to rows that say, who somebody is."""
        tables = self.there.source.tables
        near = {table.name: [table] for table in tables.values() if table.personal and table.key}
        for name, each in near.items():
            each += (tables[link.to] for link in tables[name].links.values() if link.to in tables)
        found = {name for name, each in near.items() if any(t.personal and self._matters(t) for t in each)}
        return frozenset(found)

    def _matters(self, table: Table) -> bool:
        return self._names(table) or self._leads_down(table)

    # --- the same thread ----------------------------------------------------------------------------------------

    def _thread(self, table: Table, rows: Sequence[Row]) -> None:
        """What the rows point at, and what points at either."""
        threads = [(table, rows)]
        for link in table.links.values():
            parent = self.there.source.tables.get(link.to)
            if parent and parent.personal and self._matters(parent):
                threads.append((parent, self._of_values(parent, link.target, _values(rows, link.columns, link))))
        for n, (root, found) in enumerate(threads):
            if n:
                self._who(root, found, "a name in the same thread")
            if is_staff(self.there, root.name):
                continue  # all that a colleague of ours did is not one thread
            for child in self._naming:
                for link in child.links.values():
                    if link.to == root.name and (n or child.name != table.name):
                        near = self._of_values(child, link.columns, _values(found, link.target))
                        self._who(child, near, "a name in the same thread")

    # --- the same address ---------------------------------------------------------------------------------------

    def _household(self, table: Table, rows: Sequence[Row]) -> None:
        """Persons whose rows have the requester's whole address, telephone number or e-mail address."""
        if not any(subject.table == table.name for subject in self.there.source.subjects.values()):
            return
        of = self.names.row(table.name)
        places = [cell.column for cell in self._cells(table, "address")]
        same: list[sa.ColumnElement[bool]] = []
        for row in rows:
            lived = [(c, row[c]) for c in places if isinstance(row.get(c), str) and row[c].strip()]
            if len(lived) > 1 or any(ch.isdigit() for _, value in lived for ch in value):
                same.append(sa.and_(*(of.c[c] == value for c, value in lived)))
            for sort in ("email", "phone"):
                for cell in self._cells(table, sort):
                    if isinstance(row.get(cell.column), str) and row[cell.column]:
                        same.append(of.c[cell.column].in_(spellings(sort, row[cell.column])))
        if same:
            keys = {tuple(row[c] for c in table.key) for row in rows}
            found = [r for r in self._read(table, of, sa.or_(*same)) if tuple(r[c] for c in table.key) not in keys]
            self._who(table, found, "the name of somebody at the requester's address", Whose.HOUSEHOLD)

    def _same_identifier(self) -> None:
        """Names in rows that are owned by an identifier of the requester's: whoever shares it."""
        for table in self.there.source.tables.values():
            for rule in table.owners if table in self._naming else ():
                forms = [form for kind, form in self.own.own if isinstance(rule, ByIdentifier) and kind == rule.kind]
                if forms and isinstance(rule, ByIdentifier):
                    of = self.names.row(table.name)
                    written = sorted({each for form in forms for each in spellings(rule.kind, form)})
                    found = self._read(table, of, of.c[rule.column].in_(written))
                    self._who(table, found, "a name written with the requester's address", Whose.HOUSEHOLD)

    # --- who a row names ----------------------------------------------------------------------------------------

    def _who(self, table: Table, rows: Iterable[Row], why: str, whose: Whose = Whose.ANOTHER) -> None:
        staff = is_staff(self.there, table.name)
        whose = Whose.STAFF if staff else whose
        why = "the name of somebody who works here" if staff else why
        for row in rows:
            for sort in ("name", "address"):
                for cell in self._cells(table, sort, row):
                    for text in _named(row.get(cell.column)):
                        if sort == "name":
                            self.others[Other(text, why, whose, alone=whose is Whose.HOUSEHOLD)] = None
                        elif any(c.isdigit() for c in text) and any(c.isalpha() for c in text):
                            self.others[Other(text, "an address beside the name of another", whose, "address")] = None
            for kind in KINDS:
                for cell in self._cells(table, kind, row):
                    form = normalise(kind, row.get(cell.column))
                    if form and (kind, form) not in self.own.own:
                        self.identifiers.setdefault((kind, form), whose)

    def _cells(self, table: Table, sort: str, row: Row | None = None, *, every: bool = False) -> Iterator[Cell]:
        """Those of a sort: of a row's kind, or of rows of any (`every`: or of some) kind."""
        for kind in table.kinds:
            if row is not None and not all(t.link or row.get(t.column) in t.values for t in kind.when):
                continue
            if row is None and kind.when and not every:
                continue
            for cell in kind.cells.values():
                if (
                    not cell.json
                    and cell.file is None
                    and (
                        cell.category.rpartition(".")[2] == sort
                        if sort not in _DPV
                        else is_of(self.policy, cell.category, sort)
                    )
                ):
                    yield cell

    # --- rows ---------------------------------------------------------------------------------------------------

    def _of_keys(self, table: Table, records: Sequence[Record]) -> list[Row]:
        keys = [tuple(record.key.split(",", len(table.key) - 1)) for record in records]
        return self._of_values(table, table.key, [key for key in keys if len(key) == len(table.key)])

    def _of_values(self, table: Table, columns: Sequence[str], wanted: Iterable[tuple[Any, ...]]) -> list[Row]:
        """The rows whose columns hold one of these."""
        of, found = self.names.row(table.name), list[Row]()
        typed = [self._typed(table.name, columns, each) for each in dict.fromkeys(wanted)]
        known = [each for each in typed if each is not None]
        for some in (known[n : n + AT_ONCE] for n in range(0, len(known), AT_ONCE)):
            if len(columns) == 1:
                same: sa.ColumnElement[bool] = of.c[columns[0]].in_([value for (value,) in some])
            else:
                same = sa.or_(*(sa.and_(*(of.c[c] == v for c, v in zip(columns, e, strict=True))) for e in some))
            found += self._read(table, of, same)
        return found

    def _typed(self, table: str, columns: Sequence[str], values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Values as these columns hold them, None where they cannot."""
        typed = []
        for column, value in zip(columns, values, strict=True):
            family = self.names.family(table, column)
            if family == "integer" and isinstance(value, str):
                value = whole(value)
                if value is None:
                    return None
            elif family == "text" and not isinstance(value, str):
                value = str(value)
            typed.append(value)
        return tuple(typed)

    def _read(self, table: Table, of: sa.FromClause, same: sa.ColumnElement[bool]) -> list[Row]:
        live = self.there.schema.tables[table.name].columns
        chosen = sa.select(*(of.c[c].label(c) for c in self._columns(table) if c in live)).where(same)
        found = list(self.there.connection.execute(chosen.limit(MOST_BESIDE + 1)).mappings())
        if len(found) > MOST_BESIDE:
            self.cut[table.name] = None
        return found[:MOST_BESIDE]  # type: ignore[return-value]

    def _columns(self, table: Table) -> tuple[str, ...]:
        """The key, what links read in either direction, and what says who somebody is."""
        wanted = [*table.key, *(c for link in table.links.values() for c in link.columns)]
        for other in self.there.source.tables.values():
            wanted += [c for link in other.links.values() if link.to == table.name for c in link.target]
        for kind in table.kinds:
            wanted += [test.column for test in kind.when if test.link is None]
        for sort in (*_DPV, *KINDS):
            for kind in table.kinds:
                for cell in kind.cells.values():
                    if not cell.json and (is_of(self.policy, cell.category, sort) if sort in _DPV else True):
                        wanted += [cell.column] if sort in _DPV or cell.category.rpartition(".")[2] == sort else []
        return tuple(dict.fromkeys(wanted))


def _values(rows: Iterable[Row], columns: Sequence[str], link: Link | None = None) -> list[tuple[Any, ...]]:
    found = [tuple(row[c] for c in columns) for row in rows]
    absent = link.absent if link else ()
    return [each for each in found if None not in each and not any(value in absent for value in each)]


def _named(value: object) -> Iterator[str]:
    """The name in a cell; of a document nothing, for its keys would be names."""
    if isinstance(value, str) and value.strip() and value.lstrip()[:1] not in "{[" and len(value) <= 200:
        yield value
