"""Columns of persons' data that a letter calls by the name that the database has for them, for want of a title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ombud.datamap.columns import context_columns, told_columns
from ombud.datamap.model import Table
from ombud.documents.stated import Stated
from ombud.documents.words import LANGUAGES
from ombud.policy.model import Policy

Untitled = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By source and table, the columns."""


def untitled(policy: Policy, tables: Iterable[tuple[str, Table]]) -> Untitled:
    """Where no category tells a column apart from its neighbours, and it has no title in a language of the policy."""
    spoken = languages(policy)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for source, table in tables:
        lacking = tuple(dict.fromkeys(_untitled(table, Stated(policy, spoken[0]), spoken)))
        if table.personal and lacking:
            found.setdefault(source, {})[table.name] = lacking
    return found


def languages(policy: Policy) -> tuple[str, ...]:
    """The languages of letters in which the policy names its purposes and categories; all of them, if in none."""
    titles = [each.title for own in policy.purposes.values() for each in own.values()]
    titles += [each.title for each in policy.categories.values()]
    return tuple(each for each in LANGUAGES if any(each in title for title in titles)) or LANGUAGES


def _untitled(table: Table, stated: Stated, spoken: Iterable[str]) -> Iterator[str]:
    lacks = {name for name in told_columns(table) if any(not table.titles.get(name, {}).get(each) for each in spoken)}
    for kind in table.kinds:
        called = [stated.category(cell.category) for cell in kind.cells.values()]
        for name, title in zip(kind.cells, called, strict=True):
            if name in lacks and called.count(title) > 1:
                yield name
    yield from (column for column in context_columns(table) if column in lacks)
