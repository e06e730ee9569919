"""Every table a statement can name, and the few pieces that all statements say of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Link, Table
from ombud.plan.order import children_first, holding_on
from ombud.sql.dialect import Expr
from ombud.sql.sidecar import Sidecar
from ombud.sql.tables import Tbl
from ombud.sql.working import Working

SEPARATOR = "\x1f"
"""Between the parts of a composite key written as one text."""


class Names(Sidecar, Working):
    """The application's tables, ombud's sidecar beside them, and what one evaluation works with."""

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The tables in the order in which they are swept."""
        return children_first(self.source, self.schema, lets_go=self.dialect.lets_go)

    @cached_property
    def holding_on(self) -> Mapping[str, tuple[tuple[Table, Link], ...]]:
        """The references for which a row may have to wait until tables swept later have had their turn."""
        return holding_on(self.source, self.schema, lets_go=self.dialect.lets_go)

    def same_key(self, own: Tbl, table: str, row: Tbl) -> sa.ColumnElement[bool]:
        """Row `own` of a table of ombud's is about `row` of the application's table."""
        return sa.and_(*(own.c[f"k{n}"] == part for n, part in enumerate(self.key(table, row))))

    def is_among(self, table: str, row: Tbl, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """The key of a row of the application's is one of these, of which engines start where they are few."""
        return self._among(self.key(table, row), keys)

    def key(self, table: str, row: Tbl) -> list[Expr]:
        """The key of a row of the application's, as it is compared."""
        return [self.dialect.exact(row.c[c]) for c in self.source.tables[table].key]

    def keys_among(self, own: Tbl, table: str, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """The same of a row of ombud's own that is about a row of a table."""
        return self._among([own.c[f"k{n}"] for n in range(len(self.source.tables[table].key))], keys)

    def _among(self, key: list[Expr], keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        if self.dialect.in_query:
            return (sa.tuple_(*key) if len(key) > 1 else key[0]).in_(keys)
        same = (one == other for one, other in zip(keys.selected_columns, key, strict=True))
        found: sa.Select[Any] = keys.with_only_columns(sa.literal_column("1")).where(*same).limit(1)
        return found.correlate_except(*keys.get_final_froms()).scalar_subquery().is_not(None)

    def keys_in(self, own: Tbl, table: str) -> sa.Select[Any]:
        """The keys that a table of ombud's holds, of rows of a table."""
        return sa.select(*(own.c[f"k{n}"] for n in range(len(self.source.tables[table].key))))

    def once(self, chosen: sa.Select[Any], name: str) -> sa.CTE:
        """A query that is worked out once, however often it is read."""
        written = chosen.cte(name)
        return written.prefix_with(self.dialect.once) if self.dialect.once else written

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
