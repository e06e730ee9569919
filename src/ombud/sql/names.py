"""Every table a statement can name: the application's, ombud's sidecar beside them, and what one evaluation works with.

Identifiers come only from the checked map and the live schema, quoted by the dialect; values are bound.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.plan.sheet import Sheet
from ombud.sql.dialect import Dialect, Expr, column_type

Tbl = sa.FromClause

SEPARATOR = "\x1f"
"""Between the parts of a composite key written as one text."""


def _short(name: str) -> str:
    """PostgreSQL cuts identifiers at 63 bytes; two long names must not become one."""
    return name if len(name.encode()) <= 50 else f"{name[:40]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Names:
    """The tables of one source, as SQLAlchemy sees them. `metadata` holds those that ombud itself creates."""

    source: SourceMap
    schema: Schema
    dialect: Dialect
    metadata: sa.MetaData = field(default_factory=sa.MetaData)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def family(self, table: str, column: str) -> str:
        return self.schema.tables[table].columns[column].family

    def table(self, name: str) -> sa.TableClause:
        """The application's table, every live column typed as its values bind."""
        made: sa.TableClause = self._once(("table", name), lambda: self._table(name))
        return made

    def _table(self, name: str) -> Any:
        live = self.schema.tables[name]
        return sa.table(name, *(sa.column(c, column_type(self.dialect, t.family)) for c, t in live.columns.items()))

    def row(self, name: str) -> Tbl:
        """A fresh alias of the application's table."""
        return self.table(name).alias()

    # --- ombud's own tables ------------------------------------------------------------------------------------

    def _once(self, what: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if what not in self._made:
            self._made[what] = make()
        return self._made[what]

    def _own(self, name: str, *columns: sa.Column[Any] | sa.Index, temporary: bool = False) -> sa.Table:
        called = f"ombud_t_{name}" if temporary else name if self.dialect.sidecar else f"ombud_{name}"
        schema = None if temporary else self.dialect.sidecar
        known = self.metadata.tables.get(f"{schema}.{called}" if schema else called)
        if known is not None:
            return known
        prefixes = ["TEMPORARY"] if temporary else []
        return sa.Table(called, self.metadata, *columns, schema=schema, prefixes=prefixes)

    def key_columns(self, table: str, key: Sequence[str], *, primary: bool = False) -> list[sa.Column[Any]]:
        """`k0, k1, …` typed as the table's key columns, so that joins on them use its index."""
        columns = self.schema.tables[table].columns
        return [
            sa.Column(
                f"k{n}",
                _Declared(columns[c].declared or "TEXT"),
                nullable=False,
                primary_key=primary,
                autoincrement=False,
            )
            for n, c in enumerate(key)
        ]

    def memo(self, table: str) -> sa.Table:
        """What is remembered of a row by which it is judged, beside it (law 4)."""
        made: sa.Table = self._once(("memo", table), lambda: self._memo(table))
        return made

    def _memo(self, table: str) -> sa.Table:
        key = self.source.tables[table].key
        return self._own(
            _short(f"memo_{table}"),
            *self.key_columns(table, key),
            sa.Column("birth", sa.Text, nullable=False),
            sa.Column("rule", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("day", sa.Text),
            sa.Column("who", sa.Text),
            sa.Column("rank", sa.Text),
            sa.Column("named", sa.Text),
            sa.Index(_short(f"ombud_ix_memo_{table}"), *(f"k{n}" for n in range(len(key)))),
        )

    def due(self, table: str, *, forecast: bool = False) -> sa.Table:
        """What a plan froze of one table: keys, whether the row goes, and a flag for each cell that is blanked."""
        made: sa.Table = self._once(("due", table, forecast), lambda: self._due(table, forecast=forecast))
        return made

    def _due(self, table: str, *, forecast: bool) -> sa.Table:
        mapped = self.source.tables[table]
        flags = [sa.Column(f"c{n}", sa.Integer, nullable=False) for n, _ in enumerate(cell_names(mapped))]
        return self._own(
            _short(f"due_{table}"),
            sa.Column("plan", sa.Text, nullable=False, primary_key=True),
            *self.key_columns(table, mapped.key, primary=True),
            sa.Column("gone", sa.Integer, nullable=False),
            sa.Column("pinned", sa.Integer, nullable=False),
            sa.Column("done", sa.Integer, nullable=False),
            *flags,
            temporary=forecast,
        )

    def batch(self, table: str) -> sa.Table:
        """The rows of one batch, judged again under their locks."""
        made: sa.Table = self._once(("batch", table), lambda: self._batch(table))
        return made

    def _batch(self, table: str) -> sa.Table:
        mapped = self.source.tables[table]
        return self._own(
            _short(f"batch_{table}"),
            *self.key_columns(table, mapped.key, primary=True),
            sa.Column("gone", sa.Integer, nullable=False),
            *(sa.Column(f"c{n}", sa.Integer, nullable=False) for n, _ in enumerate(cell_names(mapped))),
            temporary=True,
        )

    def pick(self, table: str) -> sa.Table:
        """The keys of one batch, before its rows are locked."""
        made: sa.Table = self._once(("pick", table), lambda: self._pick(table))
        return made

    def _pick(self, table: str) -> sa.Table:
        return self._own(
            _short(f"pick_{table}"),
            *self.key_columns(table, self.source.tables[table].key, primary=True),
            temporary=True,
        )

    def sheet(self, table: str) -> Sheet:
        """What is worked out about the rows of a table, and in which columns."""
        if table not in self.sheets:
            self.sheets[table] = Sheet.of(self.source, table)
        return self.sheets[table]

    def scope(self, table: str) -> sa.Table:
        """The keys of the rows that are looked at, when not all are."""
        made: sa.Table = self._once(("scope", table), lambda: self._scope(table))
        return made

    def _scope(self, table: str) -> sa.Table:
        key = self.source.tables[table].key
        return self._own(_short(f"scope_{table}"), *self.key_columns(table, key, primary=True), temporary=True)

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
            columns.append(sa.Index(f"ombud_it_{table}_l{n}"[-60:], f"l{n}"))
        for n, _ in enumerate(sheet.matches):
            columns += [sa.Column(f"m{n}", sa.Integer), sa.Column(f"x{n}", sa.Text)]
        for n, _ in enumerate(sheet.rules):
            columns += [sa.Column(f"s{n}", sa.Text), sa.Column(f"d{n}", sa.Text)]
        columns += [sa.Column(f"w{n}", sa.Integer) for n, _ in enumerate(sheet.wheres)]
        columns += [sa.Column(f"i{n}", sa.Text) for n, _ in enumerate(sheet.identifiers)]
        columns.append(sa.Index(f"ombud_it_{table}_k"[-60:], *(f"k{n}" for n in range(len(key)))))
        columns.append(sa.Index(f"ombud_it_{table}_who"[-60:], "who"))
        return self._own(_short(f"fact_{table}"), *columns, temporary=True)

    def owner(self, table: str) -> sa.Table:
        """Whom each row is about, by each rule: `status` certain or candidate with `who`, or open."""
        made: sa.Table = self._once(("owner", table), lambda: self._owner(table))
        return made

    def _owner(self, table: str) -> sa.Table:
        return self._own(
            _short(f"owner_{table}"),
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
            _short(f"kept_{table}"), *self.key_columns(table, self.source.tables[table].key), *said, temporary=True
        )

    @cached_property
    def spoke(self) -> sa.Table:
        """The elements of one moment while it is picked: what each child, and the memo, says."""
        return self._own(
            "spoke",
            sa.Column("rid", sa.Integer, nullable=False, index=True),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("day", sa.Text),
            sa.Column("rank_n", sa.Numeric),
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
        """Which subject's row has which identifier, and its company if that is known."""
        return self._own(
            "bearer",
            sa.Column("digest", sa.Text, primary_key=True),
            sa.Column("kind", sa.Text, primary_key=True),
            sa.Column("who", sa.Text, primary_key=True),
            sa.Column("subject", sa.Text, nullable=False),
            sa.Column("company", sa.Text),
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

    @cached_property
    def ref(self) -> sa.Table:
        """The refs of remembered persons: a key with its birth stamp, or a kind of identifier with its keyed hash."""
        return self._own(
            "ref",
            sa.Column("who", sa.Text, primary_key=True),
            sa.Column("scope", sa.Text, primary_key=True),
            sa.Column("value", sa.Text, primary_key=True),
            sa.Column("birth", sa.Text, primary_key=True),
            sa.Column("certain", sa.Integer, nullable=False),
        )

    @cached_property
    def said(self) -> sa.Table:
        """What consent columns of deleted rows said, and of whom."""
        return self._own(
            "said",
            sa.Column("who", sa.Text, primary_key=True),
            sa.Column("purpose", sa.Text, primary_key=True),
            sa.Column("company", sa.Text, primary_key=True),
            sa.Column("act", sa.Text, primary_key=True),
            sa.Column("day", sa.Text, primary_key=True),
        )

    @cached_property
    def mark(self) -> sa.Table:
        """The marks, with the register's sequence numbers."""
        return self._own(
            "mark",
            sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("day", sa.Text, nullable=False),
            sa.Column("act", sa.Text, nullable=False),
            sa.Column("purpose", sa.Text),
            sa.Column("company", sa.Text),
            sa.Column("ground", sa.Text, nullable=False),
            sa.Column("allows", sa.Text, nullable=False),
            sa.Column("request", sa.Text, nullable=False),
            sa.Column("review", sa.Text),
            sa.Column("text_version", sa.Text, nullable=False),
        )

    @cached_property
    def mark_ref(self) -> sa.Table:
        """Whom a mark is about: `scope` is `key/SUBJECT` or `id/KIND`."""
        return self._own(
            "mark_ref",
            sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("scope", sa.Text, primary_key=True),
            sa.Column("value", sa.Text, primary_key=True),
            sa.Column("birth", sa.Text, primary_key=True),
        )

    @cached_property
    def meta(self) -> sa.Table:
        """Version, epoch, the marks' watermark; its row `gate` is the lock of marks and batches."""
        return self._own(
            "meta", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
        )

    @cached_property
    def receipt(self) -> sa.Table:
        """What was done, written in the same transaction as the change."""
        return self._own(
            "receipt",
            sa.Column("plan", sa.Text, primary_key=True),
            sa.Column("step", sa.Text, primary_key=True),
            sa.Column("batch", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("rows", sa.BigInteger, nullable=False),
        )

    @cached_property
    def calendar(self) -> sa.Table:
        """Every believed day, and the instant it starts at in the policy's zone: days are looked up, never computed."""
        return self._own(
            "calendar",
            sa.Column("day", sa.Text, primary_key=True),
            sa.Column("compact", sa.Text, nullable=False, unique=True),
            sa.Column("utc", self._by_code_point, nullable=False),
            sa.Column("epoch", sa.BigInteger, nullable=False),
            # A zone that skipped a day, as Samoa in 2011, starts two of them at one instant.
            sa.Index("ombud_ix_calendar_utc", "utc", "day"),
            sa.Index("ombud_ix_calendar_epoch", "epoch", "day"),
        )

    @cached_property
    def imported(self) -> sa.Table:
        """Moments copied from other sources' subjects, by the digest of an identifier."""
        return self._own(
            "imported",
            *(sa.Column(c, sa.Text, nullable=False) for c in ("source", "subject", "moment", "kind", "digest")),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("day", sa.Text),
            sa.Index("ombud_ix_imported", "kind", "digest"),
        )

    @property
    def _by_code_point(self) -> sa.Text:
        """Text whose index serves comparisons by code point."""
        return sa.Text(collation="C") if self.dialect.name == "postgresql" else sa.Text()

    @cached_property
    def outbox(self) -> sa.Table:
        """Files to remove once the row's transaction has committed."""
        return self._own(
            "outbox",
            sa.Column("root", sa.Text, primary_key=True),
            sa.Column("path", sa.Text, primary_key=True),
            sa.Column("plan", sa.Text, nullable=False),
        )

    def shape(self, table: sa.Table) -> tuple[tuple[str, str], ...]:
        """The columns of one of ombud's own tables and their types."""
        made: tuple[tuple[str, str], ...] = self._once(
            ("shape", table.name), lambda: tuple((column.name, repr(column.type)) for column in table.columns)
        )
        return made

    # --- pieces of statements ----------------------------------------------------------------------------------

    def same_key(self, own: Tbl, table: str, row: Tbl) -> sa.ColumnElement[bool]:
        """Row `own` of a table of ombud's is about `row` of the application's table."""
        key = self.source.tables[table].key
        return sa.and_(*(own.c[f"k{n}"] == self.dialect.exact(row.c[c]) for n, c in enumerate(key)))

    def key_text(self, table: str, row: Tbl) -> Expr:
        """The row's key as one text: its columns' text, joined by the unit separator."""
        parts = [self.dialect.text(row.c[c]) for c in self.source.tables[table].key]
        whole: Expr = parts[0]
        for part in parts[1:]:
            whole = whole.concat(sa.literal(SEPARATOR)).concat(part)
        return whole

    def who(self, subject: str, row: Tbl) -> Expr:
        """How a subject's row is remembered: `key|SUBJECT|BIRTH|KEY`."""
        table = self.source.tables[self.source.subjects[subject].table]
        start = sa.literal(f"key|{subject}|", sa.Text()).concat(self.birth(table, row))
        return start.concat(sa.literal("|")).concat(self.key_text(table.name, row))

    def birth(self, table: Table, row: Tbl) -> Expr:
        """The row's birth stamp: its born column as text, or nothing."""
        if table.born is None:
            return sa.literal("")
        return sa.func.coalesce(self.dialect.text(row.c[table.born.column]), "")


class _Declared(sa.types.UserDefinedType[object]):
    """A column type written as the live schema declares it; its values bind as their family does."""

    cache_ok = True

    def __init__(self, declared: str) -> None:
        self.declared = declared

    def get_col_spec(self, **_: object) -> str:
        return self.declared

    def __repr__(self) -> str:
        return self.declared


def cell_names(table: Table) -> tuple[str, ...]:
    """Every cell name of a table, over its kinds, in a fixed order: the n-th has the flag `cn`."""
    return tuple(dict.fromkeys(name for kind in table.kinds for name in kind.cells))
