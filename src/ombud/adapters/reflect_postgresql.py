"""PostgreSQL's schema, by the identity of its tables: a name is the table that the search path finds.

A partition is a part of its table, and so is what is declared of it alone: references, triggers, rules, uniqueness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass

import sqlalchemy as sa

from ombud.adapters.catalogue import (
    COMPARED,
    FOREIGN_PARTS,
    HEIRS,
    KEYS,
    NAMES,
    REFERENCES,
    RIGHTS,
    RULES,
    TRIGGERS,
    UNIQUES,
    Catalogue,
)
from ombud.adapters.families import Uniques, column, columns_of
from ombud.adapters.triggers import triggers
from ombud.datamap.schema import Reference, Schema, TableSchema, Way

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def postgresql(connection: sa.Connection) -> Schema:
    """Every table that a statement finds by its bare name except ombud's own, with keys, references and triggers."""
    known = Catalogue.of(connection)
    reflected = columns_of(connection)
    keys = {name: known.named(table, numbers) for name, table, (numbers,) in known.about(KEYS) if table in known.listed}
    uniques, acting = _uniques(known), triggers((table, *said) for table, _, said in known.about(TRIGGERS))
    references, hazards = _references(known), _hazards(known)
    lacks = {name: (tuple(unread), tuple(unchanged), no) for name, _, (unread, unchanged, no) in known.about(RIGHTS)}
    tables = {}
    for schema, name in known.listed.values():
        own = {c["name"]: column(c, uniques[name]) for c in reflected.get(name, ())}
        told = (*references.hazards.get(name, ()), *hazards.get(name, ()))
        key, acts = keys.get(name, ()), acting[name]
        rights = lacks.get(name, ((), (), False))
        tables[name] = TableSchema(name, own, key, acts.names, told, schema, acts.acts, *rights)
    return Schema(tables, references.declared, known.beside, known.elsewhere)


def _uniques(known: Catalogue) -> Mapping[str, Uniques]:
    found: dict[str, Uniques] = defaultdict(Uniques)
    for name, table, (numbers, counting, plainly, depends, null_once) in known.about(UNIQUES):
        columns = known.named(table, (*numbers[:counting], *depends))
        (found[name].alone if plainly and counting == 1 else found[name].together).update(columns)
        if null_once:
            found[name].null_once.update(columns)
    return found


@dataclass(frozen=True, slots=True)
class _References:
    """Those between tables that are looked at; by table, what refers to it from elsewhere."""

    declared: tuple[Reference, ...]
    hazards: Mapping[str, tuple[str, ...]]


def _references(known: Catalogue) -> _References:
    declared: set[Reference] = set()
    hazards: dict[str, set[str]] = defaultdict(set)
    names = {table: str(name) for table, name in known.connection.exec_driver_sql(NAMES)}
    ways: dict[int, list[tuple[Way, ...]]] = defaultdict(list)
    for number, _, operator, cast, collations in known.connection.exec_driver_sql(COMPARED):
        ways[number].append(tuple(Way(operator, cast, each) for each in collations or ("",)))
    for number, child, columns, parent, target, action, change in known.connection.exec_driver_sql(REFERENCES):
        own, to = known.name(child), known.name(parent)
        if to is None:
            continue
        if own is None:
            hazards[to].add(f"{names[known.whole(child)]}, in another schema, refers to it")
            continue
        said = known.named(child, columns), to, known.named(parent, target), _ACTIONS[action]
        compared = tuple(ways[number]) if any(each != (Way(),) for each in ways[number]) else ()
        declared.add(Reference(own, *said, compared, _ACTIONS[change]))
    return _References(tuple(sorted(declared, key=astuple)), {to: tuple(sorted(said)) for to, said in hazards.items()})


def _hazards(known: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """By table, what would change data unseen when its rows change, references aside."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for table, said in _said(known):
        found[table][said] = None
    return {table: tuple(said) for table, said in found.items()}


def _said(known: Catalogue) -> Iterator[tuple[str, str]]:
    for table, _, (rule,) in known.about(RULES):
        yield table, f"the rule {rule} rewrites its changes"
    for table, _, (heir,) in known.about(HEIRS):
        # Neither its key nor a reference to it reaches them, and a change by its key does.
        yield table, f"rows of {heir}, which inherits from it, are changed along with its own"
    for table, _, (part,) in known.about(FOREIGN_PARTS):
        yield table, f"its partition {part} lies on another server"
