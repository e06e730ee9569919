"""A draft of a small database made of SQL."""

from __future__ import annotations

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.adapters.samples import Sampler
from ombud.datamap.guess.draft import Draft, TableDraft, drafted
from ombud.datamap.guess.sampled import Database


def rows(table: str, columns: str, *values: str) -> str:
    """Statements that insert each of `values`."""
    return "".join(f"INSERT INTO {table} ({columns}) VALUES ({each});" for each in values)


def sampled(script: str) -> Database:
    """The database, with its samples; what it is asked later it has forgotten."""
    engine = connect("sqlite:///:memory:")
    with engine.connect() as connection:
        with connection.begin():
            for statement in filter(str.strip, script.split(";")):
                connection.execute(sa.text(statement.replace(":", "\\:")))
        with connection.begin():
            schema = reflect(connection)
        database = Sampler(connection, schema, 200, 60).database(lambda _: None)
        held = {
            (table, column): {row[column] for row in own if row[column] is not None}
            for table, own in database.rows.items()
            for column in database.table(table).columns
        }
    return Database(schema, database.rows, Remembering(held), database.unread)


class Remembering:
    """Answers from the samples, which are all that a small database holds."""

    def __init__(self, held: dict[tuple[str, str], set[object]]) -> None:
        self._held = held

    def found(self, table: str, column: str, values: object) -> int:
        """How many of the values stand there."""
        assert isinstance(values, list)
        return len(set(values) & self._held[table, column])


def guessed(script: str) -> Draft:
    """The draft."""
    return drafted("shop", sampled(script))


def held(table: TableDraft) -> dict[str, str]:
    """The concept of each column that is personal."""
    return {column: str(guess.concept) for column, guess in table.holds.items()}


def way(table: TableDraft) -> list[str]:
    """The columns that one goes along to the person."""
    return [f"{link.table}.{link.columns[0]}" for link in table.way.links] if table.way else []
