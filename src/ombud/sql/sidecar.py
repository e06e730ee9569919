"""ombud's own tables beside the application's: what is remembered, frozen, marked and done."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.sql.dialect import SHORT
from ombud.sql.tables import Tables, cell_names, short


class Sidecar(Tables):
    """Tables that stay."""

    def memo(self, table: str) -> sa.Table:
        """What is remembered of a row by which it is judged, beside it (law 4)."""
        made: sa.Table = self._once(("memo", table), lambda: self._memo(table))
        return made

    def _memo(self, table: str) -> sa.Table:
        key = self.source.tables[table].key
        return self._own(
            short(f"memo_{table}"),
            *self.key_columns(table, key),
            sa.Column("birth", sa.Text, nullable=False),
            sa.Column("rule", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("day", sa.Text),
            sa.Column("who", sa.Text),
            sa.Column("rank", sa.Text),
            sa.Column("named", sa.Text),
            sa.Index(short(f"ombud_ix_memo_{table}"), *(f"k{n}" for n in range(len(key)))),
            sa.Index(short(f"ombud_iw_memo_{table}"), "who"),
            sa.Index(short(f"ombud_id_memo_{table}"), "day"),
            *([sa.Index(short(f"ombud_in_memo_{table}"), "named")] if self.sheet(table).subject else []),
        )

    def due(self, table: str, *, forecast: bool = False) -> sa.Table:
        """What a plan froze of one table: keys, whether the row goes, and a flag for each cell that is blanked."""
        made: sa.Table = self._once(("due", table, forecast), lambda: self._due(table, forecast=forecast))
        return made

    def _due(self, table: str, *, forecast: bool) -> sa.Table:
        mapped = self.source.tables[table]
        flags = [sa.Column(f"c{n}", sa.Integer, nullable=False) for n, _ in enumerate(cell_names(mapped))]
        return self._own(
            short(f"due_{table}"),
            sa.Column("plan", sa.Text, nullable=False, primary_key=True, info={SHORT: 64}),
            *self.key_columns(table, mapped.key, primary=True),
            sa.Column("gone", sa.Integer, nullable=False),
            sa.Column("pinned", sa.Integer, nullable=False),
            sa.Column("done", sa.Integer, nullable=False),
            *flags,
            temporary=forecast,
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
            sa.Index("ombud_ix_ref", "value"),
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
            sa.Index("ombud_ix_mark_ref", "value"),
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
            sa.Column("day", sa.Text, primary_key=True, info={SHORT: 10}),
            sa.Column("compact", sa.Text, nullable=False, unique=True, info={SHORT: 8}),
            sa.Column("utc", self._by_code_point, nullable=False, info={SHORT: 19}),
            sa.Column("epoch", sa.BigInteger, nullable=False),
            # A zone that skipped a day, as Samoa in 2011, starts two of them at one instant.
            sa.Index("ombud_ix_calendar_utc", "utc", "day"),
            sa.Index("ombud_ix_calendar_epoch", "epoch", "day"),
            *self._by_utc_day(),
        )

    def _by_utc_day(self) -> tuple[sa.Column[Any] | sa.Index, ...]:
        """For an engine that finds by equality alone: the day's number since 1970, the day in force at its midnight in
        UTC, and the day in UTC on which it starts.
        """
        if self.dialect.ranges:
            return ()
        return (
            sa.Column("number", sa.Integer, nullable=False, unique=True),
            sa.Column("first", sa.Text, nullable=False, info={SHORT: 10}),
            sa.Column("starts_on", sa.Text, nullable=False, info={SHORT: 10}),
            sa.Index("ombud_ix_calendar_starts", "starts_on", "utc", "day"),
        )

    @cached_property
    def imported(self) -> sa.Table:
        """Moments copied from other sources' subjects, by the digest of an identifier; `who` is the row there."""
        return self._own(
            "imported",
            *(sa.Column(c, sa.Text, nullable=False) for c in ("source", "subject", "moment", "kind", "digest")),
            sa.Column("who", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("day", sa.Text),
            sa.Index("ombud_ix_imported", "kind", "digest"),
        )

    @cached_property
    def outbox(self) -> sa.Table:
        """Files to remove once the row's transaction has committed."""
        return self._own(
            "outbox",
            sa.Column("root", sa.Text, primary_key=True),
            sa.Column("path", sa.Text, primary_key=True),
            sa.Column("plan", sa.Text, nullable=False),
        )

    @property
    def _by_code_point(self) -> sa.Text:
        """Text whose index serves comparisons by code point."""
        return sa.Text(collation="C") if self.dialect.name == "postgresql" else sa.Text()
