"""Rows of a source that say that data was handed to a recipient, read as the map says (spec/datamap.md §13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.app.sources import Opened
from ombud.claims.calendar import moment_of
from ombud.datamap.model import At, Disclosed, RecipientColumn, Table
from ombud.policy.model import Policy
from ombud.sql.dialect import Expr
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.tables import Tbl
from ombud.terms import NotYet, OnDay

AT_ONCE = 400
"""Keys that one statement looks for."""


@dataclass(frozen=True, slots=True)
class Handing:
    """A row by which data was handed over. `recipient` is empty where the policy has none that the row names.

    `key` is as people write it, `birth` the row's stamp. `day` None: nobody knows when. `name` is the recipient's own,
    `known_as` how it knows the person.
    """

    source: str
    table: str
    key: str
    birth: str
    recipient: str
    day: date | None = None
    name: str = ""
    known_as: str = field(default="", repr=False)


def tables(source: Opened) -> tuple[Table, ...]:
    """The tables whose rows are handings-over; without a key, no row of one can be told from another."""
    return tuple(each for each in source.source.tables.values() if each.disclosed and each.key)


def handings(source: Opened, policy: Policy, table: Table, keys: Iterable[str] | None = None) -> Iterator[Handing]:
    """The handings-over of a table, or of the rows with these keys, in an open transaction. Not yet made: left out."""
    if table.disclosed is None:
        return
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    chosen, key = _chosen(names, table, table.disclosed)
    for some in [None] if keys is None else _some(table, keys):
        found = chosen if some is None else chosen.where(key.in_(some))
        for written, birth, to, name, known_as, day in source.connection.execute(found):
            at = moment_of(day, table.disclosed.day, policy.zone) if table.disclosed.day else None
            if isinstance(at, NotYet):
                continue
            recipient = _recipient(policy, table.disclosed, to)
            on = at.day if isinstance(at, OnDay) else None
            key_said = written.replace(SEPARATOR, ",")
            yield Handing(source.name, table.name, key_said, birth, recipient, on, _text(name), _text(known_as))


def _chosen(names: Names, table: Table, said: Disclosed) -> tuple[sa.Select[Any], Expr]:
    """Key, birth, recipient, its name, how it knows the person, day; and the key by which rows are chosen."""
    row = names.row(table.name)
    joined: sa.FromClause = row
    there: dict[str, Tbl] = {}
    to = said.to.at if isinstance(said.to, RecipientColumn) else None
    for link in dict.fromkeys(each.link for each in (to, said.name) if each is not None and each.link is not None):
        rule = table.links[link]
        other = there[link] = names.row(rule.to)
        same = (equal(names.dialect, row.c[c], other.c[t]) for c, t in zip(rule.columns, rule.target, strict=True))
        joined = joined.outerjoin(other, sa.and_(*same))

    def read(at: At | None) -> Expr:
        return sa.null() if at is None else (there[at.link] if at.link else row).c[at.column]

    known_as = row.c[said.known_as] if said.known_as else sa.null()
    day = row.c[said.day.column] if said.day else sa.null()
    key = names.key_text(table.name, row)
    about = (names.birth(table, row), read(to), read(said.name), known_as, day)
    labelled = [each.label(f"c{n}") for n, each in enumerate((key, *about))]
    return sa.select(*labelled).select_from(joined).order_by(*(row.c[c] for c in table.key)), key


def _some(table: Table, keys: Iterable[str]) -> Iterator[list[str]]:
    every = [key.replace(",", SEPARATOR) if len(table.key) > 1 else key for key in keys]
    yield from (every[n : n + AT_ONCE] for n in range(0, len(every), AT_ONCE))


def _recipient(policy: Policy, said: Disclosed, found: object) -> str:
    if isinstance(said.to, str):
        return said.to
    named = said.to.values.get(_text(found), "") if said.to.values else _text(found)
    return named if named in policy.recipients else ""


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
