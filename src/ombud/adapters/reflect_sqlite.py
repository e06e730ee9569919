"""SQLite's schema, as SQLite itself knows it: what SQLAlchemy reads out of the text of CREATE TABLE misses some."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import sqlalchemy as sa

from ombud.adapters.families import Uniques, column, columns_of
from ombud.adapters.triggers import triggers
from ombud.datamap.schema import Reference, Schema, TableSchema


def sqlite(connection: sa.Connection) -> Schema:
    """Every table except ombud's own, with keys, references and triggers."""
    reflected = {name: said for name, said in columns_of(connection).items() if not name.startswith("ombud_")}
    unique = _uniques(connection, {name: [c["name"] for c in said] for name, said in reflected.items()})
    primary = sa.inspect(connection).get_multi_pk_constraint()
    keys = {name: tuple(key["constrained_columns"]) for (_, name), key in primary.items()}
    acting, hazards = triggers(_triggers(connection, reflected)), _hazards(connection)
    tables = {}
    for name, said in reflected.items():
        own = {c["name"]: column(c, unique[name]) for c in said}
        key, acts = keys.get(name, ()), acting[name]
        tables[name] = TableSchema(name, own, key, acts.names, hazards.get(name, ()), acts=acts.acts)
    references = [_reference(each, tables) for each in _references(connection)]
    return Schema(tables, tuple(sorted(references, key=lambda r: (r.table, r.columns, r.to))))


def _references(connection: sa.Connection) -> Iterator[Reference]:
    found: dict[tuple[str, int, str, str, str], list[tuple[str, str | None]]] = defaultdict(list)
    chosen = (
        'SELECT m.name, f.id, f."table", f.on_delete, f.on_update, f."from", f."to" '
        "FROM sqlite_master m, pragma_foreign_key_list(m.name) f "
        "WHERE m.type = 'table' AND m.name NOT GLOB 'ombud_*' ORDER BY 1, 2, f.seq"
    )
    for name, number, to, action, change, own, target in connection.exec_driver_sql(chosen):
        found[name, number, to, action, change].append((own, target))
    for (name, _, to, action, change), columns in found.items():
        own, target = tuple(c for c, _ in columns), tuple(t for _, t in columns if t is not None)
        yield Reference(name, own, to, target, action, on_update=change)


def _reference(said: Reference, tables: Mapping[str, TableSchema]) -> Reference:
    """The reference with every name as it is declared where it belongs, and the target's key where it says none."""
    to = _called(said.to, tables)
    own, other = (tables[each].columns if each in tables else () for each in (said.table, to))
    target = tuple(_called(c, other) for c in said.target) or (tables[to].key if to in tables else ())
    return replace(said, columns=tuple(_called(c, own) for c in said.columns), to=to, target=target)


def _called(name: str, known: Iterable[str]) -> str:
    """SQLite takes a name in any case: as it is where it is declared."""
    known = tuple(known)
    return name if name in known else next((each for each in known if each.lower() == name.lower()), name)


def _uniques(connection: sa.Connection, columns: Mapping[str, list[str]]) -> Mapping[str, Uniques]:
    unique: dict[str, Uniques] = defaultdict(Uniques)
    found: dict[tuple[str, str, bool], list[str | None]] = defaultdict(list)
    chosen = (
        "SELECT m.name, l.name, l.partial, i.name "
        "FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i "
        "WHERE m.type = 'table' AND l.\"unique\" AND l.origin <> 'pk' ORDER BY 1, 2, i.seqno"
    )
    for name, index, partial, its in connection.exec_driver_sql(chosen):
        found[name, index, bool(partial)].append(its)
    for (name, _, partial), indexed in found.items():
        whole = len(indexed) == 1 and not partial
        (unique[name].alone if whole else unique[name].together).update(c for c in indexed if c is not None)
    chosen = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%UNIQUE%(%(%'"
    for name, said in connection.exec_driver_sql(chosen):
        inside = said.partition("(")[2]
        unique[name].together.update(c for c in columns.get(name, []) if re.search(rf"\b{re.escape(c)}\b", inside))
    return unique


def _hazards(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """By table, what would change data unseen when its rows change."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, said in connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        if re.search(r"on\s+conflict\s+replace", said, re.IGNORECASE):
            found[name].append("ON CONFLICT REPLACE deletes a row when another is blanked")
    return {name: tuple(said) for name, said in found.items()}


def _triggers(connection: sa.Connection, tables: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """With their definitions, and the table by its own name."""
    chosen = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2"
    for table, name, definition in connection.exec_driver_sql(chosen):
        yield _called(table, tables), name, definition
