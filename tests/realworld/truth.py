"""What a person who read a real application's schema wrote down: one customer's rows, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema

PAGES = Path(__file__).parents[2] / "docs" / "realworld"

Key = tuple[Any, ...]
Rows = Mapping[str, Mapping[Key, tuple[str, ...]]]
"""By table and key, each row's values as text."""


@dataclass(frozen=True)
class Application:
    """An application whose database is kept by a policy and a map in the folder `name`.

    `her` is the subject's name, its table and that table's key; `stays` are purposes that her request does not end.
    `deviations`: by action, table and link of the truth, what is done instead and, where those are fewer, in which
    columns; each has its paragraph on the application's page. `flags` are columns that the application sets itself when
    it empties a row; the truth names them in words. `packed` has the restored file of each engine, and its source.
    """

    name: str
    company: str
    her: tuple[str, str, str]
    stays: frozenset[str]
    tables: int
    packed: Mapping[str, tuple[str, str]]
    deviations: Mapping[tuple[str, str, str], tuple[str, tuple[str, ...]]]
    flags: frozenset[str] = frozenset()

    @property
    def page(self) -> str:
        return (PAGES / f"{self.name}.md").read_text("utf-8")


TICKETING = Application(
    name="ticketing",
    company="organiser",
    her=("customer", "pretixbase_customer", "id"),
    stays=frozenset({"bookkeeping"}),
    tables=155,
    packed={
        "sqlite": ("pretix_sqlite.sqlite3.xz", "ticketing_sqlite"),
        "postgresql": ("pretix_pg.sql.xz", "ticketing_postgresql"),
    },
    deviations={
        ("blank", "pretixbase_logentry", "generic FK"): ("delete", ()),
        ("blank", "pretixbase_voucher", "text only"): ("leave", ()),
    },
    flags=frozenset({"shredded"}),
)
BLOG = Application(
    name="blog",
    company="magazine",
    her=("reader", "wp_users", "ID"),
    stays=frozenset({"editorial", "accountability", "thread"}),
    tables=12,
    packed={"mariadb": ("wp_mariadb.sql.xz", "blog")},
    deviations={
        ("redact", "wp_posts", "post_author"): ("unlink", ("post_author",)),
        ("keep", "wp_posts", "email in post_title"): ("unlink", ("post_author",)),
    },
)


@dataclass(frozen=True)
class Entry:
    """One line of the truth file: what becomes of which rows, and the keys that its condition found beforehand."""

    table: str
    columns: tuple[str, ...]
    action: str
    link: str
    keys: frozenset[Key]

    def __str__(self) -> str:
        return f"{self.action} {self.table} ({self.link})"


@dataclass(frozen=True)
class Story:
    """A database before and after the request, what the truth says of it, and what a second sweep still found."""

    of: Application
    source: SourceMap
    schema: Schema
    truth: tuple[Entry, ...]
    surviving: tuple[Entry, ...]
    early: frozenset[str]
    before: Rows
    after: Rows
    late: frozenset[str]
    files: frozenset[tuple[str, str]]

    def cell(self, rows: Rows, table: str, key: Key, column: str) -> str:
        return rows[table][key][list(self.schema.tables[table].columns).index(column)]

    def entries(self, *actions: str) -> list[Entry]:
        """Its lines, as they are expected."""
        found = []
        for entry in self.truth:
            same = (entry.action, entry.columns)
            action, columns = self.of.deviations.get((entry.action, entry.table, entry.link), same)
            found.append(replace(entry, action=action, columns=columns or entry.columns))
        return [entry for entry in found if entry.action in actions]


def snapshot(connection: sa.Connection, schema: Schema) -> Rows:
    """Every row of every table of the application. repr tells 1 from '1' and NULL from ''."""
    taken: dict[str, dict[Key, tuple[str, ...]]] = {}
    for table in schema.tables.values():
        columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in table.columns]
        rows = connection.execute(sa.select(*columns).select_from(sa.table(table.name, *columns))).mappings()
        taken[table.name] = {tuple(row[k] for k in table.key): tuple(map(repr, row.values())) for row in rows}
    return taken


def read_entry(connection: sa.Connection, schema: Schema, said: Mapping[str, Any]) -> Entry:
    """A line of the truth, with the keys that its condition finds now."""
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in schema.tables[said["table"]].key]
    where: sa.ColumnElement[bool] = sa.literal_column(f"({said['where']})")
    chosen = sa.select(*columns).select_from(sa.table(said["table"], *columns)).where(where)
    keys = frozenset(tuple(row) for row in connection.execute(chosen))
    assert len(keys) == said["rows"], f"the truth counts {said['rows']} rows of {said['table']}"
    return Entry(said["table"], tuple(said.get("columns", ())), said.get("action", ""), said.get("link", ""), keys)
