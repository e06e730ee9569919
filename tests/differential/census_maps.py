"""Which constructs of the semantics a drawn map and its rows hold: rules of tables that have rows, and odd values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any

from ombud.claims.world import Values, as_linked
from ombud.datamap.identity import normalise
from ombud.datamap.model import (
    Blank,
    ByIdentifier,
    Cell,
    CompanyColumn,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    Kind,
    Latest,
    Link,
    MomentRule,
    OwnerRule,
    SourceMap,
    Table,
    Test,
    Through,
    TimeColumn,
)
from ombud.datamap.rules import rule_columns
from ombud.datamap.schema import Schema
from tests.differential.census_shapes import shapes_of_rows, shapes_of_rules
from tests.differential.policies import MOMENTS
from tests.differential.sketches import COLUMN_NAMES, TABLE_NAMES

Tables = Mapping[str, tuple[Values, ...]]


def of_source(
    source: SourceMap, tables: Tables, schema: Schema, known: dict[tuple[str, str], Counter[str]]
) -> Counter[str]:
    """The constructs of one source: those of a table count where it has rows. `known` keeps tables' by their names."""
    found = Counter(_of_links(source))
    found.update(_of_subjects(source, tables))
    found.update(_of_references(source, tables, schema))
    fixed = rule_columns(source)
    for table in source.tables.values():
        if not tables[table.name]:
            found["table: empty"] += 1
            continue
        name = (source.source, table.name)
        if name not in known:
            known[name] = Counter(of_table(source, table, schema))
        found.update(known[name])
        found.update(_of_rows(source, table, tables))
        cells = {cell.column for kind in table.kinds for cell in kind.cells.values()}
        found["cell: in a column that rules read"] += bool(cells & fixed[table.name])
    return +found


# --- sources ----------------------------------------------------------------------------------------------------


def _of_links(source: SourceMap) -> Iterator[str]:
    links = [(table.name, link.to) for table in source.tables.values() for link in table.links.values()]
    yield from ("links: to the same table" for here, to in links if here == to)
    yield from ("links: circle of two tables" for here, to in links if here < to and (to, here) in links)
    yield from ("links: two to one table" for pair, many in Counter(links).items() if many > 1)


def _of_references(source: SourceMap, tables: Tables, schema: Schema) -> Iterator[str]:
    for ref in schema.references:
        mapped = source.tables.get(ref.table)
        if not tables[ref.table]:
            continue
        if mapped is None:
            yield f"reference: from an unmapped table, {ref.on_delete}"
        elif any(link.to == ref.to and {*link.columns} == {*ref.columns} for link in mapped.links.values()):
            yield f"reference: declared, {ref.on_delete}"
            gone = {link.gone for link in mapped.links.values() if {*link.columns} == {*ref.columns}}
            yield from (f"reference: {ref.on_delete} where the map says {each}" for each in gone)
        else:
            yield f"reference: unsaid by the map, {ref.on_delete}"


def _of_subjects(source: SourceMap, tables: Tables) -> Iterator[str]:
    yield f"subjects: {len(source.subjects)}"
    for subject in source.subjects.values():
        for place in subject.identifiers if tables[subject.table] else ():
            yield f"identifier: {place.kind}"
            keyed = any(test.column == "meta_key" for test in place.where)
            where = "under a key" if keyed else "in a child" if place.child else "in the row"
            yield f"identifier: {where}" + (", former" if place.former else "")
            yield from ("identifier: where" for _ in place.where)
        yield from _of_sharing([str(row.get("email") or "") for row in tables[subject.table]])
    emails = [
        {normalise("email", row.get("email")) for row in tables[subject.table]} - {""}
        for subject in source.subjects.values()
    ]
    yield from ("identifier: shared between subjects" for one, other in combinations(emails, 2) if one & other)


def _of_sharing(written: list[str]) -> Iterator[str]:
    for one, other in combinations([each for each in written if each], 2):
        if normalise("email", one) == normalise("email", other):
            yield "identifier: shared" if one == other else "identifier: shared, written otherwise"
        elif _folded(one) == _folded(other):
            yield "identifier: twins by collation only"


def _folded(text: str) -> str:
    return text.strip().casefold().replace("å", "a").replace("a\u030a", "a")


# --- tables -----------------------------------------------------------------------------------------------------


def of_table(source: SourceMap, table: Table, schema: Schema) -> Iterator[str]:
    """The constructs of a table's rules."""
    columns = schema.tables[table.name].columns
    yield f"company: {type(table.company).__name__}"
    if isinstance(table.company, CompanyColumn) and columns[table.company.column].family == "integer":
        yield "company: by a number"
    yield f"kinds: {'keys and values' if table.kinds[0].when[:1] and _by_key(table) else len(table.kinds)}"
    if not table.key:
        yield "key: none"
    else:
        yield "key: of several columns" if len(table.key) > 1 else f"key: {columns[table.key[0]].family}"
    yield from ("link: in the key" for link in table.links.values() if {*link.columns} <= {*table.key})
    yield from ("table: personal none" for _ in range(not table.personal))
    yield from ("table: without birth" for _ in range(table.born is None))
    yield from (f"table: grace {table.grace}" for _ in range(table.born is not None))
    yield from ("table: mentions" for _ in table.mentions)
    yield from _of_following(source, table)
    for mark in table.marks:
        yield "consent columns: with withdrawal" if mark.withdrawn else "consent columns: without"
    yield from ("consent columns: several" for _ in table.marks[1:])
    for link in table.links.values():
        yield from _of_link(table, link)
    for match in table.matches.values():
        yield f"match: {'with clocks' if match.clocks else 'rights only'}"
        yield f"match: if_none {match.if_none}"
    yield f"owners: {'nobody' if not table.owners else 'one rule' if len(table.owners) == 1 else 'several rules'}"
    yield from (f"owner: {name}" for rule in table.owners for name in _of_owner(rule))
    for kind in table.kinds:
        yield from _of_kind(table, kind)
    yield from shapes_of_rules(source, table, schema)
    yield from ("name: of a table" for _ in range(table.name in TABLE_NAMES))
    yield from ("name: of a column" for column in columns if column in COLUMN_NAMES)
    named = Counter(name for kind in table.kinds for name in {(c.name, repr(c.blank)) for c in kind.cells.values()})
    yield from ("cell: blanked otherwise in another kind" for _, n in Counter(n for n, _ in named).items() if n > 1)


def _by_key(table: Table) -> bool:
    return table.kinds[0].when[0].column == "meta_key"


def _of_following(source: SourceMap, table: Table) -> Iterator[str]:
    for word, name in (("follows", table.follows), ("copy_of", table.copy_of)):
        if name:
            above = source.tables[table.links[name].to]
            yield f"{word}: {'a chain' if above.follows or above.copy_of else 'a table'}"


def _of_link(table: Table, link: Link) -> Iterator[str]:
    yield f"link: gone {link.gone}"
    yield f"link: if_none {link.if_none}"
    yield from ("link: never NULL" for _ in range(not link.nullable))
    yield from ("link: absent" for _ in range(bool(link.absent)))
    yield from ("link: composite" for _ in range(len(link.columns) > 1))
    yield from ("link: not by the key" for _ in range(link.target == ("code",)))
    yield from ("link: polymorphic" for _ in range(link.columns == ("object_id",)))
    yield from ("link: when" + (" by another row" if test.link else "") for test in link.when)


def _of_kind(table: Table, kind: Kind) -> Iterator[str]:
    yield from ("moment: lacking in a kind" for moment in MOMENTS if moment not in kind.moments)
    for rule in kind.moments.values():
        yield from (f"moment: {name}" for name in _of_moment(table, rule))
    yield from ("binding: none" for _ in range(table.personal and not kind.bindings))
    for binding in kind.bindings:
        yield f"binding: {'all' if binding.reach is None else 'some' if binding.reach else 'no'} cells"
    for cell in kind.cells.values():
        yield from _of_cell(cell)


def _of_owner(rule: OwnerRule) -> Iterator[str]:
    yield type(rule).__name__
    if isinstance(rule, EachOwner | ByIdentifier):
        yield f"{type(rule).__name__} if_none {rule.if_none}"
    if isinstance(rule, ByIdentifier) and rule.when:
        yield f"ByIdentifier when {'a key says so' if rule.column == 'meta_value' else 'a column says so'}"


def _of_cell(cell: Cell) -> Iterator[str]:
    yield from (f"cell: of {type(rule).__name__}, otherwise {cell.otherwise}" for rule in cell.of)
    yield from (f"cell: of {name}" for rule in cell.of for name in _of_owner(rule))
    yield from ("cell: several of" for _ in range(len(cell.of) > 1))
    yield from ("cell: then" for _ in cell.then)
    yield from ("cell: file" for _ in range(cell.file is not None))
    yield f"cell: category {cell.category}"
    yield f"cell: {cell.provenance or 'neither provided nor observed'}"
    blank = cell.blank or Blank()
    if not cell.json:
        yield f"cell: blank {'per key' if blank.per_key else 'a value' if blank.value else repr(blank.value)}"


def _of_moment(table: Table, rule: MomentRule) -> Iterator[str]:
    name = type(rule).__name__
    match rule:
        case FromColumn(columns):
            yield name
            yield from ("else column" for _ in columns[1:])
            yield from (f"encoding {c.encoding}, {'UTC' if c.zone == 'UTC' else 'local'}" for c in columns)
            yield from ("absent" for column in columns if column.absent)
        case FromChildren():
            yield from (f"{name} {rule.pick}", f"{name} if_none {rule.if_none}")
            yield from (f"{name} where" for _ in rule.where)
        case Latest():
            yield from (name, f"{name} if_none {rule.if_none}", f"{name} {'when' if rule.when else 'always'}")
        case Imported():
            yield from (name, f"{name} if_none {rule.if_none}", f"{name} by {rule.match}")
        case Through(link):
            yield f"{name} match" if link in table.matches else f"{name} link"


# --- rows -------------------------------------------------------------------------------------------------------


def _of_rows(source: SourceMap, table: Table, tables: Tables) -> Iterator[str]:
    rows = tables[table.name]
    for link in table.links.values():
        there = {tuple(as_linked(row[column]) for column in link.target) for row in tables[link.to]}
        between = any(row[c] is not None and isinstance(row[c], str) != isinstance(each[t], str)
                      for c, t in zip(link.columns, link.target, strict=True)
                      for row in rows for each in tables[link.to][:1])  # fmt: skip
        yield from ("link: a text that names a whole number" for _ in range(between))
        for row in rows:
            key = tuple(row[column] for column in link.columns)
            if any(part in link.absent for part in key):
                yield "row: an absent reference"
            elif None in key:
                yield "row: partly NULL reference" if any(part is not None for part in key) else "row: NULL reference"
            elif tuple(map(as_linked, key)) not in there:
                yield "row: dangling"
                yield from ("row: a text that is not how the number is written" for _ in range(between))
            else:
                yield from ("row: found by how a number is written" for _ in range(between))
                itself = link.to == table.name and key == tuple(row[column] for column in link.target)
                yield "row: refers to itself" if itself else "row: found"
    times = {column for kind in table.kinds for rule in kind.moments.values() for column in _columns(rule)}
    for row in rows:
        yield from (f"time: {what}" for column in times for what in _of_time(row[column.column], column))
        if isinstance(table.company, CompanyColumn) and row[table.company.column] not in table.company.values:
            yield "row: unknown company"
        fitting = sum(all(_fits(row, test) for test in kind.when) for kind in table.kinds)
        yield from (f"row: {'no kind' if not fitting else 'two kinds'}" for _ in range(fitting != 1))
        yield from _of_values(table, row)
    yield from shapes_of_rows(table, rows)


def _fits(row: Values, test: Test) -> bool:
    return row[test.column] in test.values


def _of_values(table: Table, row: Values) -> Iterator[str]:
    for part in (row[column] for column in table.key):
        if isinstance(part, int):
            yield from ("value: a key of zero or less" for _ in range(part <= 0))
            yield from ("value: a key past 32 bits" for _ in range(part > 2**32))
        elif part == "":
            yield "value: an empty key"
    for cell in (cell for kind in table.kinds for cell in kind.cells.values()):
        text, blank = row[cell.column], (cell.blank or Blank()).value
        if isinstance(text, str):
            yield from ("value: an empty cell" for _ in range(text == ""))
            yield from ("value: blanked already" for _ in range(bool(blank) and text.startswith(str(blank))))
            yield from ("value: blanked but for case or a blank" for _ in range(_like_blank(text, blank)))
            yield from ("value: a long text" for _ in range(len(text) > 1000))
            yield from ("value: beyond the basic plane" for _ in range(any(ord(c) > 0xFFFF for c in text)))


def _like_blank(text: str, blank: Any) -> bool:
    return isinstance(blank, str) and text != blank and text.strip().casefold() == blank.strip().casefold()


def _columns(rule: MomentRule) -> tuple[TimeColumn, ...]:
    return rule.columns if isinstance(rule, FromColumn) else ()


def _of_time(value: Any, column: TimeColumn) -> Iterator[str]:
    if value is None:
        yield "NULL"
    elif value in column.absent:
        yield "sentinel"
    elif isinstance(value, str) and not value[:4].isdigit():
        yield "cannot be read"
    elif str(value)[:4] in ("1899", "1700", "1582", "2200", "9999"):
        yield "not to be believed"
    elif _wall(value) == "00:00":
        yield "at midnight"
    elif str(value)[5:10] == "02-29":
        yield "leap day"


def _wall(value: Any) -> str:
    """The time on the wall, where the value writes one."""
    return value.strftime("%H:%M") if isinstance(value, datetime) else value[11:16] if isinstance(value, str) else ""
