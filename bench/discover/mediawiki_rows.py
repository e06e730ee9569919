"""A wiki's rows being made, table by table."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import timedelta

from bench.discover.people import Person

Row = dict[str, object]


class Wiki:
    """Rows being made, with running numbers for what the wiki counts itself."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.chance = random.Random(6)

    def put(self, table: str, **row: object) -> int:
        """Add a row and return its number within the table."""
        self.rows[table].append(row)
        return len(self.rows[table])

    def comment(self, text: str) -> int:
        number = len(self.rows["comment"]) + 1
        return self.put("comment", comment_id=number, comment_hash=number, comment_text=text)


def stamp(person: Person, days: int = 0) -> str:
    return f"{person.met + timedelta(days=days):%Y%m%d%H%M%S}"
