"""What a source's sidecar remembers, as the oracle reads it (spec/claims.md §6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ombud.app.sources import Opened
from ombud.claims.moments import pick
from ombud.claims.world import Copied, Memo, Owners, Person, Remembered, RowId, SaidConsent, Told, Values, as_text
from ombud.datamap.model import FromChildren, Latest, MomentRule, OwnerRule, Table
from ombud.engine.consents import named_in
from ombud.plan.naming import COMPANY, IDENTIFIER, SEVERAL, SHARED, SURE, rule_name
from ombud.sql.names import SEPARATOR, Names
from ombud.terms import Act, IdRef, KeyRef, Moment, Never, NotYet, OnDay, Ref, Unknown

Refs = Mapping[str, Remembered]
"""Remembered persons by how the sidecar writes them."""


def memos(source: Opened, names: Names, tables: Mapping[str, tuple[Values, ...]]) -> dict[RowId, Memo]:
    """The memos of a source's rows; none where it has no sidecar."""
    refs = people(source, names)
    found: dict[RowId, Memo] = {}
    for table in source.source.tables.values():
        if not table.key or not is_there(source, names.memo(table.name)):
            continue
        rows: dict[tuple[Any, ...], list[sa.RowMapping]] = defaultdict(list)
        for row in source.connection.execute(sa.select(names.memo(table.name))).mappings():
            rows[tuple(row[f"k{n}"] for n in range(len(table.key)))].append(row)
        living = {tuple(map(str, key)): key for key in (tuple(r[c] for c in table.key) for r in tables[table.name])}
        reader = _Reader(source, table, refs)
        for key, kept in rows.items():
            own = living.get(tuple(map(str, key)), key)
            for birth in {row["birth"] for row in kept}:  # of a reused key, the born stamp tells which is which
                memo = reader.memo(birth, [row for row in kept if row["birth"] == birth])
                if (source.name, table.name, own) not in found or memo.birth == _born(table, tables, own):
                    found[source.name, table.name, own] = memo
    return found


def said(source: Opened, names: Names) -> set[SaidConsent]:
    """What the consent columns of deleted rows said, each of whoever the row's owner was."""
    if not is_there(source, names.said):
        return set()
    return {
        SaidConsent(
            source.name, frozenset({_named(source, row["who"])}), row["purpose"], row["company"], Act(row["act"]),
            date.fromisoformat(row["day"]),
        )
        for row in source.connection.execute(sa.select(names.said)).mappings()
    }  # fmt: skip


def copies(source: Opened, names: Names) -> dict[tuple[str, str, str, str], Copied]:
    """What this source last copied from others: by source, subject, moment and kind of identifier."""
    if not is_there(source, names.imported):
        return {}
    found: dict[tuple[str, str, str, str], dict[str, frozenset[Told]]] = defaultdict(lambda: defaultdict(frozenset))
    for row in source.connection.execute(sa.select(names.imported)).mappings():
        _, subject, birth, *key = row["who"].split("|", 3)
        told = Told(KeyRef(row["source"], subject, tuple(key), birth), _moment(row))
        found[row["source"], row["subject"], row["moment"], row["kind"]][row["digest"]] |= {told}
    return {of: Copied(False, told) for of, told in found.items()}


def look_into(source: Opened, names: Names) -> None:
    """Raises what the database says where what it remembers is there, and its user may not read it."""
    there = set(sa.inspect(source.connection).get_table_names(schema=names.meta.schema))
    keyed = [table.name for table in source.source.tables.values() if table.key]
    own = [names.meta, names.ref, names.said, names.imported, names.receipt]
    own += [each for name in keyed for each in (names.memo(name), names.due(name))]
    for table in own:
        if table.name in there:
            source.connection.execute(sa.select(sa.literal(1)).select_from(table).limit(0))


def is_there(source: Opened, table: sa.Table) -> bool:
    return sa.inspect(source.connection).has_table(table.name, schema=table.schema)


def _born(table: Table, tables: Mapping[str, tuple[Values, ...]], key: tuple[Any, ...]) -> str:
    if table.born is None:
        return ""
    row = next((r for r in tables[table.name] if tuple(r[c] for c in table.key) == key), None)
    return as_text(row[table.born.column]) if row else ""


def people(source: Opened, names: Names, having: Iterable[IdRef] | None = None) -> Refs:
    """Whoever this source remembers, or those of them who had one of these; nobody where it has no sidecar."""
    if not is_there(source, names.ref):
        return {}
    every = sa.select(names.ref)
    if having is not None:
        had = names.ref.alias()
        wanted = sa.tuple_(had.c.scope, had.c.value).in_([(f"id/{ref.kind}", ref.digest) for ref in having])
        every = every.where(names.ref.c.who.in_(sa.select(had.c.who).where(wanted)))
    certain: dict[str, set[Ref]] = defaultdict(set)
    uncertain: dict[str, set[IdRef]] = defaultdict(set)
    for row in source.connection.execute(every).mappings():
        sort, _, scope = row["scope"].partition("/")
        if sort == "key":
            certain[row["who"]].add(KeyRef(source.name, scope, _key(source, scope, row["value"]), row["birth"]))
        else:
            (certain if row["certain"] == SURE else uncertain)[row["who"]].add(IdRef(scope, row["value"]))
    return {who: Remembered(frozenset(refs), frozenset(uncertain[who])) for who, refs in certain.items()}


def _key(source: Opened, subject: str, text: str) -> tuple[Any, ...]:
    table = source.source.tables[source.source.subjects[subject].table]
    columns = source.schema.tables[table.name].columns
    parts = text.split(SEPARATOR, len(table.key) - 1)  # a text may hold a separator of its own
    return tuple(_typed(part, columns[c].family) for part, c in zip(parts, table.key, strict=True))


def _named(source: Opened, who: str) -> Ref:
    """The one ref that a person's text names."""
    own = named_in(who)
    sort, _, scope = own.scope.partition("/")
    return (
        KeyRef(source.name, scope, _key(source, scope, own.value), own.birth)
        if sort == "key"
        else IdRef(scope, own.value)
    )


def _typed(text: str, family: str) -> Any:
    """A value as the driver returns it, from its text."""
    if family == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if family == "number":
        return Decimal(text)
    return text


class _Reader:
    """Reads the memos of one table, each rule by the name it is kept under."""

    def __init__(self, source: Opened, table: Table, refs: Refs) -> None:
        self.source, self.table, self.refs = source, table, refs
        self.moments = {rule_name(rule): rule for kind in table.kinds for rule in kind.moments.values()}
        self.owners = {rule_name(rule): rule for rule in table.owner_rules}

    def memo(self, birth: str, rows: list[sa.RowMapping]) -> Memo:
        by_rule: dict[str, list[sa.RowMapping]] = defaultdict(list)
        for row in rows:
            by_rule[row["rule"]].append(row)
        memo = Memo(birth)
        for name, kept in by_rule.items():
            if name == COMPANY:
                memo = replace(memo, company=kept[0]["state"] or None)
            elif name in (IDENTIFIER, SHARED):
                held = frozenset(IdRef(row["state"], row["named"]) for row in kept)
                memo = self._identity(memo, name, held)
            elif name.startswith(SEVERAL):
                match = name.removeprefix(SEVERAL)
                found = frozenset((match, IdRef(row["state"], row["named"])) for row in kept)
                memo = replace(memo, several=memo.several | found)
            elif (moment := self.moments.get(name)) is not None:
                memo = self._moment(memo, moment, kept)
            elif (owner := self.owners.get(name)) is not None:
                memo = self._owners(memo, owner, kept)
        return memo

    def _identity(self, memo: Memo, name: str, held: frozenset[IdRef]) -> Memo:
        if name == IDENTIFIER:
            return replace(memo, identifiers=memo.identifiers | held)
        return replace(memo, shared=memo.shared | held)

    def _moment(self, memo: Memo, rule: MomentRule, kept: list[sa.RowMapping]) -> Memo:
        if isinstance(rule, Latest):
            order = kept[0]["rank"]
            latest = (None if order is None else self._order(rule, order), _moment(kept[0]))
            return replace(memo, latest={**memo.latest, rule: latest})
        said = [_moment(row) for row in kept]
        whole = pick(rule.pick, said) if isinstance(rule, FromChildren) else said[0]
        return replace(memo, moments={**memo.moments, rule: whole})

    def _order(self, rule: Latest, text: str) -> Any:
        column = self.source.schema.tables[rule.child].columns[rule.order]
        if column.family in ("timestamp", "timestamptz") and self.source.connection.dialect.name != "sqlite":
            return datetime.fromisoformat(text)
        if column.family == "date" and self.source.connection.dialect.name != "sqlite":
            return date.fromisoformat(text)
        return _typed(text, column.family)

    def _owners(self, memo: Memo, rule: OwnerRule, kept: list[sa.RowMapping]) -> Memo:
        whole = Owners(
            frozenset(self._person(row["who"]) for row in kept if row["state"] == "certain"),
            frozenset(self._person(row["who"]) for row in kept if row["state"] == "candidate"),
            any(row["state"] == "open" for row in kept),
        )
        named = next((row["named"] for row in kept if row["named"]), None)
        kind = getattr(rule, "kind", "")
        memo = replace(memo, owners={**memo.owners, rule: whole})
        return replace(memo, named={**memo.named, rule: IdRef(kind, named)}) if named and kind else memo

    def _person(self, who: str) -> Person:
        own = _named(self.source, who)
        return own if isinstance(own, IdRef) else self.refs.get(who, Remembered(frozenset({own})))


def _moment(row: sa.RowMapping) -> Moment:
    known: dict[str, Moment] = {"not_yet": NotYet(), "never": Never()}
    if row["state"] == "day":
        return OnDay(date.fromisoformat(row["day"]))
    return known.get(row["state"], Unknown("it was unknown when its judge went"))
