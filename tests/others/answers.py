"""Answers as somebody else makes them, here from the rows that a story names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.others import propose
from ombud.app.sources import opened
from ombud.datamap.model import Kind
from ombud.documents.extract import Datum, Extract, Record
from ombud.rights.masking import At, masked
from ombud.rights.others import Proposal, Review

TODAY = date(2026, 6, 1)


def project(directory: Path, files: dict[str, str] | None = None) -> Loaded:
    """The project in a directory, on 1 June 2026."""
    for name, text in (files or {}).items():
        (directory / name).write_text(text, encoding="utf-8")
    found, findings = load(
        directory, Surroundings({}, lambda: datetime(2026, 6, 1, 10, tzinfo=UTC), lambda n: bytes(range(n)))
    )
    assert found is not None, [str(each) for each in findings]
    return found


def answer(loaded: Loaded, rows: Iterable[tuple[str, str, str]]) -> Extract:
    """The rows with this source, table and SQL condition, each cell by the category that the map says."""
    records: list[Record] = []
    for source, table, where in rows:
        with opened(loaded, source, read_only=True) as there, there.connection.begin():
            mapped = there.source.tables[table]
            chosen = sa.text(f"SELECT * FROM {table} WHERE {where}")
            for row in there.connection.execute(chosen).mappings():
                kind = next(k for k in mapped.kinds if _is(k, row))
                data = tuple(Datum(c.name, row[c.column], c.category) for c in kind.cells.values() if not c.json)
                records.append(Record(source, table, ",".join(str(row[k]) for k in mapped.key), "", data))
    return Extract(TODAY, "access", "r-1", tuple(records))


def _is(kind: Kind, row: Any) -> bool:
    return all(test.link is not None or row[test.column] in test.values for test in kind.when)


@dataclass(frozen=True)
class Proposed:
    """An answer and what was proposed in it."""

    loaded: Loaded
    extract: Extract
    review: Review

    def text(self, cell: At) -> str:
        return next(
            str(datum.value)
            for record in self.extract.records
            if (record.source, record.table, record.key) == (cell.source, cell.table, cell.key)
            for datum in record.data
            if datum.name == cell.name
        )

    def found(self, only: Callable[[Proposal], bool] = lambda _: True) -> list[tuple[str, str, str]]:
        """Table, cell and the words proposed."""
        return [
            (cell.table, cell.name, self.text(cell)[p.span.start : p.span.end])
            for cell, known in self.review.cells.items()
            for p in known.proposals
            if only(p)
        ]

    def masked(self) -> dict[tuple[str, str], str]:
        return {(c.table, c.name): masked(self.text(c), spans) for c, spans in self.review.spans().items()}


def proposed(loaded: Loaded, rows: Iterable[tuple[str, str, str]], *subjects: str) -> Proposed:
    extract = answer(loaded, rows)
    review, findings = propose(loaded, extract, subjects)
    assert not [f for f in findings if f.code != "C030"], [str(f) for f in findings]
    return Proposed(loaded, extract, review)
