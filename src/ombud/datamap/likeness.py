"""What a column that the map leaves out looks like: by name and type alone, for nobody has looked at its rows."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.datamap.columns import known_columns
from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema

LIKELY = 0.6
"""How sure a guess is that is worth a word, 0 to 1: less is said of half of all texts."""


def likely(source: SourceMap, schema: Schema, table: str) -> Mapping[str, str]:
    """By column of a table that the map does not name, the category that it looks like, in the map's own words.

    In a table of the map, names mean what they mean in a row of a person; elsewhere only what they mean anywhere.
    """
    if table not in schema.tables:
        return {}
    # The words take a while to read, and are seldom needed.
    from ombud.datamap.guess.columns import Columns
    from ombud.datamap.guess.meaning import Belonging
    from ombud.datamap.guess.sampled import Database
    from ombud.datamap.guess.vocabulary import Vocabulary

    mapped = source.tables.get(table)
    known = known_columns(source, table) if mapped else frozenset(schema.tables[table].key)
    subject = any(each.table == table for each in source.subjects.values())
    of = Belonging(personal=mapped is not None and mapped.personal, subject=subject)
    said = Columns(Database(schema, {})).all(table, known, of)
    words = Vocabulary(categories(source))
    return {
        column: words.category(guess.concept)
        for column, guess in sorted(said.items())
        if guess.concept is not None and guess.certainty >= LIKELY
    }


def categories(source: SourceMap) -> frozenset[str]:
    """The categories that a map speaks of."""
    return frozenset(
        cell.category for table in source.tables.values() for kind in table.kinds for cell in kind.cells.values()
    )
