"""What each expression of a statement holds: the families of its columns, and of what is made of them.

`text` may be anything an application wrote; `word` is one of ombud's own, of a closed vocabulary, and goes with text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlglot import exp

from ombud.sql.compiled.neutral import CLOCK, CLOCK_TEXT, DAY, DAY_TEXT, INSTANT, INSTANT_TEXT, LENGTH, WORDS
from ombud.sql.names import Names

TEXT, WORD, NUMBER, NOTHING, UNKNOWN = "text", "word", "number", "null", "unknown"


@dataclass(frozen=True, slots=True)
class Columns:
    """By table and column, the family; which of the application's are NOT NULL, and which tables those are."""

    families: Mapping[str, Mapping[str, str]]
    required: frozenset[tuple[str, str]] = frozenset()
    tables: frozenset[str] = frozenset()


_OPEN = re.compile(r"who|birth|named|rank|rank_t|raw|value|t\d+")
"""ombud's own columns of text that hold what an application wrote, or are made of it."""

_MADE = {
    DAY: "date",
    CLOCK: "timestamp",
    INSTANT: "timestamptz",
    LENGTH: NUMBER,
    DAY_TEXT: WORD,
    CLOCK_TEXT: WORD,
    INSTANT_TEXT: WORD,
}
_COUNTED = (exp.Count, exp.Sum, exp.Floor, exp.Mod, exp.Length, exp.Neg)
_SAME = (exp.Coalesce, exp.Max, exp.Min, exp.Nullif, exp.Paren, exp.Distinct)
_TEXTS = (exp.DPipe, exp.Concat, exp.Substring, exp.Lower, exp.Translate, exp.Trim, exp.Replace)
_CONDITIONS = (exp.Predicate, exp.And, exp.Or, exp.Not, exp.Boolean)


def columns_of(names: Names) -> Columns:
    """Of the application's tables, and of ombud's own as far as statements have named them."""
    found: dict[str, dict[str, str]] = {}
    for name, live in names.schema.tables.items():
        found[name] = {c: NUMBER if t.family == "integer" else t.family for c, t in live.columns.items()}
    for own in names.metadata.tables.values():
        found[own.name] = {c.name: _own(c) for c in own.columns}
    for name, table in names.source.tables.items():
        if not table.key:
            continue
        about = [names.fact, names.memo, names.due, names.pick, names.batch, names.scope]
        for own in (make(name) for make in about if table.personal or make in (names.fact, names.memo, names.scope)):
            keys = {f"k{n}": found[name][c] for n, c in enumerate(table.key)}
            found[own.name] = {c.name: _own(c) for c in own.columns} | keys
    there = names.schema.tables.values()
    required = frozenset((t.name, c.name) for t in there for c in t.columns.values() if not c.nullable)
    return Columns(found, required, frozenset(names.schema.tables))


def _own(column: sa.Column[object]) -> str:
    if isinstance(column.type, sa.Text):
        return TEXT if _OPEN.fullmatch(column.name) else WORD
    return NUMBER


def family(node: exp.Expr | None, columns: Columns) -> str:
    """What an expression of the neutral form holds."""
    match node:
        case exp.Column():
            return _column(node, columns)
        case exp.Literal():
            return WORD if node.is_string else NUMBER
        case exp.Null():
            return NOTHING
        case exp.Cast():
            return _cast(node)
        case exp.Anonymous() if node.name in WORDS:
            return _MADE.get(node.name) or _first(node.expressions, columns)
        case exp.Subquery():
            chosen = node.this.selects[0]
            return family(chosen.unalias(), columns)
        case exp.Case():
            return _first([*(each.args["true"] for each in node.args["ifs"]), node.args.get("default")], columns)
        case exp.Div() | exp.Add() | exp.Sub() | exp.Mul():
            return NUMBER
    if isinstance(node, _COUNTED):
        return NUMBER
    if isinstance(node, _CONDITIONS):
        return "boolean"
    if isinstance(node, _SAME):
        return _first([node.this, *node.expressions], columns)
    if isinstance(node, _TEXTS):
        return TEXT
    return UNKNOWN


def _first(found: list[exp.Expr | None], columns: Columns) -> str:
    """The one family of several; UNKNOWN where they are of two."""
    families = {family(each, columns) for each in found if each is not None} - {NOTHING}
    if families == {TEXT, WORD}:
        return TEXT
    return families.pop() if len(families) == 1 else UNKNOWN if families else NOTHING


def _cast(node: exp.Cast) -> str:
    if node.is_type(*exp.DataType.TEXT_TYPES):
        return TEXT
    return NUMBER if node.is_type(*exp.DataType.NUMERIC_TYPES) else UNKNOWN


def _column(node: exp.Column, columns: Columns) -> str:
    found = source(node) if node.table else _changed(node)
    if isinstance(found, exp.Table):
        return columns.families.get(found.name, {}).get(node.name, UNKNOWN)
    if found is None:
        return UNKNOWN
    chosen = next((each for each in found.selects if each.alias_or_name == node.name), None)
    return family(chosen.unalias(), columns) if chosen is not None else UNKNOWN


def source(column: exp.Column) -> exp.Table | exp.Query | None:
    """What a column's qualifier names: a table, or a query whose columns it has; the nearest around it."""
    around = column.parent
    while around is not None:
        if isinstance(around, exp.Select):
            for each in relations(around):
                if each.alias_or_name == column.table:
                    return _query(each)
        elif isinstance(around, exp.Update | exp.Delete) and around.this.alias_or_name == column.table:
            return _query(around.this)
        around = around.parent
    return None


def _changed(column: exp.Column) -> exp.Table | exp.Query | None:
    """The table of a column that SET writes without its table's name."""
    update = column.find_ancestor(exp.Update, exp.Delete, exp.Select)
    return update.this if isinstance(update, exp.Update | exp.Delete) else None


def relations(select: exp.Select) -> list[exp.Expr]:
    """What a SELECT reads from: tables and subqueries."""
    first = select.args.get("from_")
    return [*([first.this] if first else []), *(join.this for join in select.args.get("joins") or ())]


def _query(relation: exp.Expr) -> exp.Table | exp.Query | None:
    if isinstance(relation, exp.Subquery):
        inner = relation.unnest()
        inner = inner.left if isinstance(inner, exp.SetOperation) else inner
        return inner if isinstance(inner, exp.Query) else None
    around = relation.parent
    while around is not None:
        given = around.args.get("with_")
        for each in given.expressions if given else ():
            if each.alias == relation.name:
                return each.this  # type: ignore[no-any-return]
        around = around.parent
    return relation if isinstance(relation, exp.Table) else None
