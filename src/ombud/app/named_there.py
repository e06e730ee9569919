"""Which identifiers and names found in texts are another person's in one source: asked for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from ombud.app.around import AT_ONCE, is_of, is_staff
from ombud.app.sources import Opened
from ombud.datamap.identity import KINDS, normalise
from ombud.datamap.model import ByIdentifier, Test
from ombud.policy.model import Policy
from ombud.rights.others import Identifier, Other, Whose
from ombud.rights.spellings import spellings
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names

Place = tuple[str, str, str, tuple[Test, ...]]
"""Table, column, kind of identifier (or "name"), and what must hold of the row."""


def known_there(
    there: Opened, policy: Policy, wanted: Mapping[Identifier, str], names: Sequence[str]
) -> tuple[Mapping[Identifier, Whose], list[Other]]:
    """Of these identifiers (each with a spelling of it) and names, those that stand in the source. Raises Refused."""
    identifiers: dict[Identifier, Whose] = {}
    others: dict[Other, None] = {}
    sought: dict[str, list[str]] = {}
    for (kind, _), written in wanted.items():
        sought.setdefault(kind, []).extend(spellings(kind, written))
    if names:
        sought["name"] = list(names)
    for (table, _, kind, _), value in _standing(there, tuple(dict.fromkeys(_places(there, policy))), sought):
        whose = Whose.STAFF if is_staff(there, table) else Whose.ANOTHER
        if kind == "name":
            staff = whose is Whose.STAFF
            why = "the name of somebody who works here" if staff else "the name of another person in the databases"
            others[Other(value, why, whose)] = None
        elif (found := (kind, normalise(kind, value))) in wanted:
            identifiers[found] = whose
    return identifiers, list(others)


def _places(there: Opened, policy: Policy) -> Iterator[Place]:
    """Where identifiers stand, and names and contact details of persons with a row of their own."""
    tables = {subject.table for subject in there.source.subjects.values()}
    for subject in there.source.subjects.values():
        for place in subject.identifiers:
            yield place.child or subject.table, place.column, place.kind, place.where
    for table in there.source.tables.values():
        for rule in table.owner_rules:
            if isinstance(rule, ByIdentifier):
                yield table.name, rule.column, rule.kind, rule.when
        for kind in table.kinds if table.name in tables else ():
            for cell in kind.cells.values():
                sort = next((each for each in ("name", "email", "phone") if is_of(policy, cell.category, each)), "")
                sort = sort or cell.category.rpartition(".")[2]
                if (sort == "name" or sort in KINDS) and not cell.json:
                    yield table.name, cell.column, sort, kind.when


def _standing(
    there: Opened, places: Sequence[Place], sought: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Place, str]]:
    names = Names(there.source, there.schema, DIALECTS[there.connection.dialect.name])
    longest = max(map(len, sought.values()), default=0)
    for start in range(0, longest, AT_ONCE):
        asked = []
        for n, (table, column, kind, where) in enumerate(places):
            some = sought.get(kind, ())[start : start + AT_ONCE]
            live = there.schema.tables[table].columns
            if not some or column not in live or live[column].family != "text":
                continue
            row = names.row(table)
            tests = [row.c[t.column].in_([v for v in t.values if v is not None]) for t in where if t.link is None]
            asked.append(sa.select(sa.literal(n), row.c[column]).where(row.c[column].in_(some), *tests).distinct())
        if asked:
            for n, value in there.connection.execute(sa.union_all(*asked)).all():
                yield places[n], value
