"""What one evaluation works with: temporary tables, of its connection alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Cell, EachOwner, Kind, Table
from ombud.plan.sheet import Sheet
from ombud.sql.dialect import SHORT
from ombud.sql.tables import Tables, cell_names, short


class Working(Tables):
    """Tables that go with the connection, but for a batch and its keys where no transaction holds them."""

    @cached_property
    def atomic(self) -> bool:
        """A transaction holds the changes of every mapped table."""
        return all(t.atomic for name, t in self.schema.tables.items() if name in self.source.tables)

    def pick(self, table: str) -> sa.Table:
        """The keys of one batch, before its rows are locked."""
        made: sa.Table = self._once(("pick", table), lambda: self._pick(table))
        return made

    def _pick(self, table: str) -> sa.Table:
        return self._own(
            short(f"pick_{table}"),
            *self.key_columns(table, self.source.tables[table].key, primary=True),
            temporary=self.atomic,
        )

    def batch(self, table: str) -> sa.Table:
        """The rows of one batch, judged again under their locks."""
        made: sa.Table = self._once(("batch", table), lambda: self._batch(table))
        return made

    def _batch(self, table: str) -> sa.Table:
        mapped = self.source.tables[table]
        return self._own(
            short(f"batch_{table}"),
            *self.key_columns(table, mapped.key, primary=True),
            sa.Column("gone", sa.Integer, nullable=False),
            *(sa.Column(f"c{n}", sa.Integer, nullable=False) for n, _ in enumerate(cell_names(mapped))),
            *(sa.Column(f"t{n}", sa.Text) for n in self.told_apart(mapped)),
            temporary=self.atomic,
        )

    def told_apart(self, table: Table) -> Mapping[int, Sequence[tuple[Kind, Cell]]]:
        """Cells whose blank is made of the key because their column is in something unique, by their name's number."""
        live = self.schema.tables.get(table.name)
        found: dict[int, list[tuple[Kind, Cell]]] = {}
        for n, name in enumerate(cell_names(table)):
            for kind in table.kinds:
                cell = kind.cells.get(name)
                if cell is None or live is None or cell.json or cell.blank is None or not cell.blank.per_key:
                    continue
                if live.columns[cell.column].unique or live.columns[cell.column].in_unique:
                    found.setdefault(n, []).append((kind, cell))
        return found

    def scope(self, table: str) -> sa.Table:
        """The keys of the rows that are looked at, when not all are."""
        made: sa.Table = self._once(("scope", table), lambda: self._scope(table))
        return made

    def _scope(self, table: str) -> sa.Table:
        key = self.source.tables[table].key
        return self._own(short(f"scope_{table}"), *self.key_columns(table, key, primary=True), temporary=True)

    def fact(self, table: str) -> sa.Table:
        """What is known of each row that is looked at, one row a row, numbered by `rid`; the columns are `Sheet`'s."""
        made: sa.Table = self._once(("fact", table), lambda: self._fact(table))
        return made

    def _fact(self, table: str) -> sa.Table:
        sheet, key = self.sheet(table), self.source.tables[table].key
        columns: list[sa.Column[Any] | sa.Index] = [
            sa.Column("rid", sa.Integer, primary_key=True, autoincrement=True),
            *self.key_columns(table, key),
            *(sa.Column(c, sa.Text) for c in ("birth", "who", "born", "kind", "company")),
            *(sa.Column(c, sa.Integer) for c in ("old", "doubt", "root")),
        ]
        for n, _ in enumerate(sheet.links):
            columns += [sa.Column(f"l{n}", sa.Integer), sa.Column(f"q{n}", sa.Text)]
        for n, _ in enumerate(sheet.matches):
            columns += [sa.Column(f"m{n}", sa.Integer), sa.Column(f"x{n}", sa.Text)]
        for n, _ in enumerate(sheet.rules):
            columns += [sa.Column(f"s{n}", sa.Text), sa.Column(f"d{n}", sa.Text)]
        columns += [sa.Column(f"w{n}", sa.Integer) for n, _ in enumerate(sheet.wheres)]
        columns += [sa.Column(f"i{n}", sa.Text) for n, _ in enumerate(sheet.identifiers)]
        columns.append(sa.Index(f"ombud_it_{table}_k"[-60:], *(f"k{n}" for n in range(len(key)))))
        columns += [sa.Index(f"ombud_it_{table}_l{n}"[-60:], f"l{n}") for n in self._looked_up(table, sheet)]
        columns += [sa.Index(f"ombud_it_{table}_who"[-60:], "who")] if sheet.subject else []
        return self._own(short(f"fact_{table}"), *columns, temporary=True)

    def _looked_up(self, table: str, sheet: Sheet) -> list[int]:
        """The links by which rows that own those they point at are found; others are followed from here."""
        rules = (rule for each in self.source.tables.values() for rule in each.owner_rules)
        owning = {rule.link for rule in rules if isinstance(rule, EachOwner) and rule.child == table}
        return [n for n, name in enumerate(sheet.links) if name in owning]

    def owner(self, table: str) -> sa.Table:
        """Whom each row is about, by each rule: `status` certain or candidate with `who`, or open."""
        made: sa.Table = self._once(("owner", table), lambda: self._owner(table))
        return made

    def _owner(self, table: str) -> sa.Table:
        return self._own(
            short(f"owner_{table}"),
            sa.Column("rid", sa.Integer, nullable=False),
            sa.Column("rule", sa.Text, nullable=False),
            sa.Column("who", sa.Text),
            sa.Column("status", sa.Text, nullable=False),
            sa.Index(f"ombud_it_{table}_o"[-60:], "rid"),
            temporary=True,
        )

    def kept(self, table: str) -> sa.Table:
        """Identifiers that a batch takes from rows of a subject's table, until they are remembered."""
        made: sa.Table = self._once(("kept", table), lambda: self._kept(table))
        return made

    def _kept(self, table: str) -> sa.Table:
        said = [sa.Column(c, sa.Text, nullable=False) for c in ("birth", "kind", "digest")]
        return self._own(
            short(f"kept_{table}"), *self.key_columns(table, self.source.tables[table].key), *said, temporary=True
        )

    @cached_property
    def spoke(self) -> sa.Table:
        """The elements of one moment while it is picked: what each child, and the memo, says."""
        return self._own(
            "spoke",
            sa.Column("rid", sa.Integer, nullable=False, index=True),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("day", sa.Text),
            sa.Column("rank_n", self.dialect.number),
            sa.Column("rank_t", sa.Text),
            temporary=True,
        )

    @cached_property
    def raw(self) -> sa.Table:
        """Identifiers as they stand in rows, with the keyed hash of their one form ('' for none)."""
        return self._own(
            "raw",
            sa.Column("raw", sa.Text, primary_key=True),
            sa.Column("kind", sa.Text, primary_key=True),
            sa.Column("digest", sa.Text, nullable=False),
            temporary=True,
        )

    @cached_property
    def bearer(self) -> sa.Table:
        """Which subject's row has which identifier, its company if that is known, and whether others share it."""
        return self._own(
            "bearer",
            sa.Column("digest", sa.Text, primary_key=True),
            sa.Column("kind", sa.Text, primary_key=True),
            sa.Column("who", sa.Text, primary_key=True),
            sa.Column("subject", sa.Text, nullable=False),
            sa.Column("company", sa.Text),
            sa.Column("shared", sa.Integer, nullable=False),
            temporary=True,
        )

    @cached_property
    def alike(self) -> sa.Table:
        """The rough forms of identifiers (`datamap/rough.py`), or the persons, that are looked for."""
        return self._own(
            "alike",
            sa.Column("kind", sa.Text, nullable=False),
            sa.Column("rough", sa.Text, nullable=False),  # longer, it may be, than an index takes whole
            *([sa.Index("ombud_it_alike", "rough")] if self.dialect.name == "mariadb" else []),
            temporary=True,
        )

    @cached_property
    def asked(self) -> sa.Table:
        """The persons whom a sweep is of, where it is not of everybody."""
        return self._own("asked", sa.Column("who", sa.Text, primary_key=True), temporary=True)

    @cached_property
    def chosen(self) -> sa.Table:
        """Their rows, by the number of the fact, of a table."""
        return self._own(
            "chosen",
            sa.Column("name", sa.Text, primary_key=True, info={SHORT: 64}),
            sa.Column("rid", sa.Integer, primary_key=True, autoincrement=False),
            temporary=True,
        )

    @cached_property
    def state(self) -> sa.Table:
        """What the marks say today about a person, for one purpose (or '*') and company."""
        return self._own(
            "state",
            sa.Column("who", sa.Text, primary_key=True),
            sa.Column("purpose", sa.Text, primary_key=True),
            sa.Column("company", sa.Text, primary_key=True),
            sa.Column("shielded", sa.Integer, nullable=False),
            sa.Column("postponed", sa.Integer, nullable=False),
            sa.Column("objecting", sa.Integer, nullable=False),
            sa.Column("removed", sa.Integer, nullable=False),
            sa.Column("consented", sa.Integer, nullable=False),
            sa.Column("ended", sa.Text),
            temporary=True,
        )
