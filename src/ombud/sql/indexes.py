"""Indexes that the statements of a sweep or an answer would be served by, where the application has none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from ombud.plan.window import Crossing, crossings
from ombud.sql.judge import Judge
from ombud.sql.lookout import Lookout
from ombud.sql.near import Near
from ombud.sql.tables import short

OVERHEAD, SPARE = 16, 1.3
"""Bytes of an entry beside its value, and how much larger a tree is than its entries: as PostgreSQL fills one, where no
two values are equal.
"""

YEAR = timedelta(days=366)
"""In which every day comes that rows may have to wait for."""

WIDTHS = {"text": 24}
"""Bytes of a value, by family; 8 of any other."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An index: on which table, its name, the statement that makes it, why, and at most how many bytes a row."""

    table: str
    name: str
    statement: str
    why: str
    bytes_a_row: float


@dataclass(frozen=True)
class Indexes:
    """What is missing for one judge. `there`: by table, the columns of each index in order; `names`: all by name."""

    judge: Judge
    there: Mapping[str, Collection[tuple[str, ...]]]
    names: Collection[str]

    def missing(self, dialect: sa.Dialect) -> Iterator[Proposal]:
        """The indexes that are not there, in the order of tables."""
        asked: dict[tuple[str, tuple[str, ...]], str] = {}
        for table, columns in self._days():
            asked.setdefault((table, columns), "finds the rows of which a day has come")
        for table, columns in self._links():
            asked.setdefault((table, columns), "finds the rows that point at one that goes")
        for (table, columns), why in asked.items():
            if not any(set(each[: len(columns)]) == set(columns) for each in self.there.get(table, ())):
                yield self._plain(table, columns, why, dialect)
        yield from self._near(dialect)

    def _days(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        read = self.judge.read
        since = crossings(self.judge.policy, read.names.source, read.today - YEAR, read.today)
        ways = {way for way in {*since, *Lookout(self.judge).ways()[0]} if isinstance(way, Crossing)}
        for way in sorted(ways, key=lambda way: (way.table, way.column.column)):
            yield way.table, (way.column.column,)

    def _links(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for table in self.judge.read.names.source.tables.values():
            yield from ((table.name, link.columns) for link in table.links.values())

    def _plain(self, table: str, columns: tuple[str, ...], why: str, dialect: sa.Dialect) -> Proposal:
        quote, names = dialect.identifier_preparer, self.judge.read.names
        name = short(f"ombud_on_{table}_{'_'.join(columns)}")
        on = ", ".join(map(quote.quote, columns))
        made = f"CREATE INDEX {quote.quote(name)} ON {quote.format_table(names.table(table))} ({on})"
        width = sum(WIDTHS.get(names.family(table, column), 8) for column in columns)
        return Proposal(table, name, made, why, (OVERHEAD + width) * SPARE)

    def _near(self, dialect: sa.Dialect) -> Iterator[Proposal]:
        names, near = self.judge.read.names, Near(self.judge.read)
        by_links = not any(names.sheet(table.name).identifiers for table in names.source.tables.values())
        if not names.dialect.indexes or not near.serves:
            return
        people = "who may have the same identifier as somebody who goes" if by_links else "whoever asks what is held"
        asked = dict.fromkeys(near.indexes(dialect).items(), f"finds {people}")
        for each in near.naming_indexes(dialect).items():
            asked.setdefault(each, "finds the rows that name whoever asks what is held")
        for ((table, name), made), why in asked.items():
            if name not in self.names:
                yield Proposal(table, name, made, why, (OVERHEAD + WIDTHS["text"]) * SPARE)
