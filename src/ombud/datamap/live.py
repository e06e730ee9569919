"""The map against the live database: what is missing there, unsaid here, or would be refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from ombud.datamap.columns import known_columns, time_columns
from ombud.datamap.likeness import categories, likely
from ombud.datamap.model import CompanyColumn, Encoding, Gone, Link, SourceMap, Table
from ombud.datamap.rights import lacking
from ombud.datamap.rules import rule_columns
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from ombud.datamap.typed import TAKES
from ombud.datamap.unmapped import unmapped
from ombud.policy.tree import guess, quoted
from ombud.terms import Finding, Level, Place

WRITTEN_AS: Mapping[Encoding, frozenset[str]] = {
    Encoding.DATE: frozenset({"date", "text"}),
    Encoding.TIMESTAMP: frozenset({"timestamp", "text"}),
    Encoding.TIMESTAMPTZ: frozenset({"timestamptz", "text"}),
    Encoding.TEXT_DATE: frozenset({"text"}),
    Encoding.TEXT_TIMESTAMP: frozenset({"text"}),
    Encoding.YYYYMMDD: frozenset({"integer", "number", "text"}),
    Encoding.EPOCH_S: frozenset({"integer", "number"}),
    Encoding.EPOCH_MS: frozenset({"integer", "number"}),
}
"""The families of column that each encoding can be read from."""

FOLDING = re.compile(r"collate\s+\"?(nocase|\w+_ci)\b|\bcitext\b|_ci\b", re.IGNORECASE)
"""Declarations whose comparison takes different text for the same."""


def compare(source: SourceMap, schema: Schema) -> tuple[Finding, ...]:
    """What the map and the database disagree about. Warnings are told; errors refuse a plan."""
    return tuple(dict.fromkeys(_compare(source, schema)))


def _compare(source: SourceMap, schema: Schema) -> Iterator[Finding]:
    for table in source.tables.values():
        live = schema.tables.get(table.name)
        if live is None:
            near = guess(table.name, tuple(schema.tables))
            hint = near if near.startswith("did") else "correct the name, or `prefix:`"
            kind = schema.beside.get(table.name)
            message = f"{table.name} is a {kind}" if kind else f"the database has no table {table.name}"
            yield Finding("M400", table.place, message, "map the table that it shows" if kind else hint)
            continue
        yield from _columns(source, table, live, schema)
        yield from _times(table, live)
        yield from _links(table, live, schema)
        yield from _key(table, live)
        yield from _identifiers(source, table, live)
        for hazard in live.hazards if table.personal else ():
            yield Finding(
                "M415",
                table.place,
                f"{table.name}: {hazard}",
                "change that in the database, or ask for it to be served",
            )
        if table.personal and not live.atomic:
            message = f"{table.name} is in a storage engine that holds no row and undoes nothing"
            hint = "sweep it while nothing else writes, or move it to InnoDB"
            yield Finding("M426", table.place, message, hint, Level.WARNING)
        if live.triggers and table.personal:
            names = ", ".join(live.triggers)
            message = f"{table.name} has triggers that the map does not see: {names}"
            yield Finding("M408", table.place, message, "see what they write before the first apply", Level.WARNING)
    yield from lacking(source, schema)
    yield from unmapped(source, schema)
    read = rule_columns(source)
    for reference in schema.references:
        yield from _reference(source, reference)
        yield from _along(source, reference, read)


def _columns(source: SourceMap, table: Table, live: TableSchema, schema: Schema) -> Iterator[Finding]:
    known = known_columns(source, table.name)
    for column in sorted(known - live.columns.keys()):
        place = _place(table, column)
        message = f"the database has no column {table.name}.{column}"
        yield Finding("M401", place, message, _instead(table, column, live))
    if not table.personal:
        return
    patterns = (*table.not_personal, *(each.partition(".")[2] for each in source.not_personal if _fits(table, each)))
    new = [each for each in sorted(live.columns.keys() - known) if not any(fnmatchcase(each, p) for p in patterns)]
    alike = likely(source, schema, table.name) if new else {}
    for column in new:
        message = f"{table.name}.{column} is neither mapped nor said not to be personal"
        hint = f"add it to `columns`, or `not_personal: [{quoted(column)}]`"
        if column in alike:
            message = f"{message}, and looks like {alike[column]}"
            hint = f"add `{column}: {alike[column]}` to `columns`" if alike[column] in categories(source) else hint
        yield Finding("M402", table.place, message, hint)
    for kind in table.kinds:
        for cell in kind.cells.values():
            family = live.columns[cell.column].family if cell.column in live.columns else "json"
            if cell.json and family not in ("json", "text"):
                message = f"{table.name}.{cell.column} is {family}, not a JSON document"
                yield Finding("M413", cell.place, message, "leave `json` out")


def _instead(table: Table, column: str, live: TableSchema) -> str:
    if isinstance(table.company, CompanyColumn) and table.company.column == column:
        own = f"say whose the rows of {table.name} are: `company: …` in the table"
        near = guess(column, tuple(live.columns))
        return f"{near} or {own}" if near.startswith("did") else own
    if table.key != ("id",) or column != "id":
        return guess(column, tuple(live.columns))
    key = f"`key: [{', '.join(live.key)}]`" if live.key else "`key: [a, b]`, or `key: []` if the table has no key"
    return f"a table that says no key has `id`: say {key}"


def _fits(table: Table, pattern: str) -> bool:
    return "." in pattern and fnmatchcase(table.name, pattern.partition(".")[0])


def _times(table: Table, live: TableSchema) -> Iterator[Finding]:
    for column in time_columns(table):
        there = live.columns.get(column.column)
        if there and there.family not in WRITTEN_AS[column.encoding]:
            message = f"{table.name}.{column.column} is {there.declared or there.family}, not {column.encoding}"
            fitting = ", ".join(sorted(e for e, families in WRITTEN_AS.items() if there.family in families))
            yield Finding("M403", table.place, message, f"say `encoding:` {fitting or 'of another column'}")


def _links(table: Table, live: TableSchema, schema: Schema) -> Iterator[Finding]:
    for link in table.links.values():
        there = [live.columns[column] for column in link.columns if column in live.columns]
        nullable = [column.name for column in there if column.nullable]
        if nullable and not link.nullable and not set(link.columns) <= set(live.key):
            message = f"{table.name}.{', '.join(nullable)} can be NULL, and what that means is not said"
            yield Finding("M404", table.place, message, f"add `if_none:` to the link {link.name}")
        yield from _absent(table, link, there, schema)
        why = {column.name: column.holds_against(link.lost) for column in there}
        held = next(filter(None, why.values()), "")
        if held and link.gone is Gone.UNLINK and table.personal:
            fixed = ", ".join(name for name, each in why.items() if each == held)
            message = f"{table.name}.{fixed} {held}, so {link.name} cannot be unlinked"
            free = len(there) == 1 and not there[0].nullable and not link.absent and not _declared(table, link, schema)
            none = "0" if there[0].family == "integer" else '""'
            way = f", or `absent: [{none}]` if that stands for no reference here" if free else ""
            yield Finding("M405", table.place, message, f"write `gone: shell`{way}")
        target = schema.tables.get(link.to)
        if target and not _unique(link.target, target):
            message = (
                f"{link.to} may have several rows with equal {', '.join(link.target)}: {link.name} is then unknown"
            )
            yield Finding("M412", table.place, message, "point at its key", Level.WARNING)


def _absent(table: Table, link: Link, there: Sequence[ColumnType], schema: Schema) -> Iterator[Finding]:
    for column in there if link.absent else ():
        fitting, take = {"integer": int, "text": str}.get(column.family), TAKES.get(column.family)
        wrong = [each for each in link.absent if fitting is None or take is None or type(take(each)) is not fitting]
        if wrong:
            message = f"{table.name}.{column.name} is {column.declared or column.family}, and is never {wrong[0]!r}"
            yield Finding("M425", table.place, message, f"say `absent` of {link.name} in that type")
    if link.absent and _declared(table, link, schema):
        message = f"the database itself holds {link.name} of {table.name}, and lets it be NULL or a row that there is"
        yield Finding("M425", table.place, message, "take `absent` away")


def _declared(table: Table, link: Link, schema: Schema) -> bool:
    """The database itself holds the reference."""
    references = (each for each in schema.references if each.table == table.name and each.to == link.to)
    return any(set(each.columns) == set(link.columns) for each in references)


def _unique(columns: tuple[str, ...], live: TableSchema) -> bool:
    if live.key and set(live.key) <= set(columns):
        return True
    return any(live.columns[each].unique for each in columns if each in live.columns)


def _key(table: Table, live: TableSchema) -> Iterator[Finding]:
    if table.key and all(column in live.columns for column in table.key) and not _unique(table.key, live):
        message = f"{', '.join(table.key)} does not tell the rows of {table.name} apart"
        hint = f"say `key: [{', '.join(live.key)}]`" if live.key else "say `key: []`: the table has no key"
        yield Finding("M410", table.place, message, hint)
    if not table.key and table.personal and live.key:
        message = f"{table.name} has a key, and the map says that it has none"
        yield Finding("M414", table.place, message, f"say `key: [{', '.join(live.key)}]`")


def _identifiers(source: SourceMap, table: Table, live: TableSchema) -> Iterator[Finding]:
    columns = {
        each.column
        for subject in source.subjects.values()
        for each in subject.identifiers
        if (each.child or subject.table) == table.name
    }
    for column in sorted(columns & live.columns.keys()):
        if FOLDING.search(live.columns[column].declared):
            message = f"{table.name}.{column} compares different text as equal ({live.columns[column].declared})"
            hint = "ombud compares identifiers itself; know that the application may take two people for one"
            yield Finding("M409", table.place, message, hint, Level.WARNING)


def _reference(source: SourceMap, reference: Reference) -> Iterator[Finding]:
    to, child = source.tables.get(reference.to), source.tables.get(reference.table)
    columns = ", ".join(reference.columns)
    if to is None:
        return
    if child is None:
        if to.personal:
            message = f"{reference.table}.{columns} refers to {to.name} and is not mapped: rows it refers to stay"
            yield Finding("M407", to.place, message, f"map {reference.table}", Level.WARNING)
    elif not any(_same(link, reference) for link in child.links.values()) and to.personal:
        message = f"{child.name}.{columns} refers to {to.name}, and the map does not say so"
        yield Finding("M406", child.place, message, f"add `links: {{{to.name}: {columns}}}`")


def _along(source: SourceMap, reference: Reference, read: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """What is written over in one row, and would be in those that refer to it."""
    to = source.tables.get(reference.to)
    if to is None or not to.personal or not reference.follows:
        return
    cells = [cell for kind in to.kinds for cell in kind.cells.values()]
    written = {cell.column for cell in cells} - read[to.name] | {column for cell in cells for column in cell.then}
    written |= {c for link in to.links.values() if link.gone is Gone.UNLINK for c in link.columns}
    for column in sorted(written & set(reference.target)):
        message = f"{reference.table}.{', '.join(reference.columns)} would change with {to.name}.{column}"
        hint = f"let that reference say ON UPDATE NO ACTION, or `links` name it, if {reference.table} is mapped"
        yield Finding("M415", to.place, f"{message} (ON UPDATE {reference.on_update})", hint)


def _same(link: Link, reference: Reference) -> bool:
    ours = set(zip(link.columns, link.target, strict=True))
    return link.to == reference.to and ours == set(zip(reference.columns, reference.target, strict=True))


def _place(table: Table, column: str) -> Place:
    cells = (cell for kind in table.kinds for cell in kind.cells.values() if cell.column == column)
    return next((cell.place for cell in cells), table.place)
