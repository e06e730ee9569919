"""That what was written for an engine, read back in that engine's grammar, means what ombud built.

What could go wrong unseen: a check against marks loses what ties it to its row, and then all is due, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from ombud.sql.compiled import leaves as leaves_of
from ombud.sql.compiled.families import NOTHING, NUMBER, TEXT, UNKNOWN, WORD, Columns, family
from ombud.sql.compiled.neutral import WORDS
from ombud.sql.compiled.refused import Unsayable
from ombud.sql.compiled.targets import Target

Column = tuple[str, str]
"""A qualifier and a name."""

_ARITHMETIC = (exp.Interval, exp.DateAdd, exp.DateSub, exp.DateDiff, exp.DatetimeAdd, exp.DatetimeSub, exp.DatetimeDiff,
               exp.TimestampAdd, exp.TimestampSub, exp.TimestampDiff, exp.TsOrDsAdd, exp.TsOrDsDiff, exp.AddMonths,
               exp.DateTrunc, exp.TimestampTrunc, exp.CurrentDate, exp.CurrentTimestamp,
               exp.CurrentDatetime)  # fmt: skip


def prove(source: exp.Expr, back: exp.Expr, target: Target, columns: Columns, *, typed: bool = True) -> None:
    """Raises Unsayable with the first thing that is not as it was built. `typed`: it was built in the neutral form."""
    for said in chain(
        correlation(source, back),
        conditions(source, back),
        values(source, back, target),
        lists(back, target.most),
        words(back),
        names(back, target.longest),
        days(back),
        casts(source, columns) if typed else (),
        (f"a SELECT without FROM: {_short(s)}" for s in back.find_all(exp.Select) if not s.args.get("from_")),
    ):
        raise Unsayable(f"not proved: {said}")


# --- what ties a subquery to its row -----------------------------------------------------------------------------


def tied(tree: exp.Expr) -> list[frozenset[Column]]:
    """Of every query in a statement, the columns of rows outside it that it names, in the statement's order."""
    scopes = [scope for scope in traverse_scope(tree) if isinstance(scope.expression, exp.Query)]
    return [frozenset((c.table, c.name) for c in scope.external_columns) for scope in scopes]


def correlation(source: exp.Expr, back: exp.Expr) -> Iterator[str]:
    """Every subquery is correlated by the same columns, and every column says whose it is."""
    before, after = tied(source), tied(back)
    if len(before) != len(after):
        yield f"{len(before)} queries have become {len(after)}"
    for was, now in zip(before, after, strict=False):
        if was != now:
            lost, new = (", ".join(sorted(".".join(c) for c in found)) or "nothing" for found in (was - now, now - was))
            yield f"a subquery has lost {lost} of the row outside it, and has {new} for it"
    for query in back.find_all(exp.Query):
        for column in query.find_all(exp.Column):
            if not column.table:
                yield f"{column.name} says not whose it is"


def conditions(source: exp.Expr, back: exp.Expr) -> Iterator[str]:
    """Every table is read, and every column asked, where it was: none is lost, none is new, no NOT has come or gone."""
    for leaves in (leaves_of.columns, leaves_of.relations, leaves_of.queries):
        was, now = leaves(source), leaves(back)
        for each, _ in (was - now).items():
            yield f"it does not stand where it was built: {_leaf(each)}"
        for each in now.keys() - was.keys():
            yield f"it was not built: {_leaf(each)}"


def values(source: exp.Expr, back: exp.Expr, target: Target) -> Iterator[str]:
    """Every value is there as it was: a text with a stop where blanks do not count, or what stands for the empty."""
    now = leaves_of.values(back)
    for (sort, value, way), many in leaves_of.values(source).items():
        ways = {value}
        if sort == "text":
            ways |= {value + "."} if target.pads else set()
            ways |= {target.nothing} if not value else set()
        if sort == "truth":
            there = now[sort, value, way] + now["number", "1" if value == "True" else "0", way]
        else:
            there = sum(now[sort, each, way] for each in ways)
        if there < many:
            yield f"it does not stand where it was built: {_leaf((sort, value, way))}"
    was = leaves_of.values(source)
    for leaf in now.keys() - was.keys():
        if leaf[0] == "truth" and not (target.needs_where and leaf == ("truth", "True", ("where",))):
            yield f"it was not built: {_leaf(leaf)}"
    if target.national:
        for each in back.find_all(exp.Literal):
            if each.is_string and not each.name.isascii():
                yield f"{each.name!r} is written in the database's code page"


def _leaf(leaf: tuple[str, str, tuple[str, ...]]) -> str:
    of, name, way = leaf
    return f"{of} {name!r}, " + " < ".join(way[:6])


# --- what compares ----------------------------------------------------------------------------------------------


def lists(back: exp.Expr, most: int) -> Iterator[str]:
    """No list is a query, none holds NULL, and none is longer than the engine takes: NOT IN would find nothing."""
    for listed in back.find_all(exp.In):
        if listed.args.get("query") is not None or listed.args.get("unnest") is not None:
            yield f"IN of a query: {_short(listed)}"
        if any(isinstance(each, exp.Null) for each in listed.expressions):
            yield f"NULL in a list: {_short(listed)}"
        if most and len(listed.expressions) > most:
            yield f"a list of {len(listed.expressions)} values, where {most} are the most"


def casts(source: exp.Expr, columns: Columns) -> Iterator[str]:
    """What is compared, chosen between or written has one family on both sides: nothing is cast unseen."""

    def fit(*sides: exp.Expr) -> bool:
        found = {family(each, columns) for each in sides} - {NOTHING}
        return UNKNOWN not in found and (len(found) <= 1 or found == {TEXT, WORD})

    for each in source.find_all(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE):
        if not fit(each.this, each.expression):
            yield f"{family(each.this, columns)} beside {family(each.expression, columns)}: {_short(each)}"
    for listed in source.find_all(exp.In):
        if not fit(listed.this, *listed.expressions):
            yield f"a list of another family: {_short(listed)}"
    for case in source.find_all(exp.Case):
        if family(case, columns) == UNKNOWN:
            yield f"values of several families: {_short(case)}"
    for each in source.find_all(exp.Add, exp.Sub, exp.Mul, exp.Div):
        if {family(each.this, columns), family(each.expression, columns)} != {NUMBER}:
            yield f"arithmetic of what is no number: {_short(each)}"
    for insert in [source] if isinstance(source, exp.Insert) else ():
        into, told = insert.this, insert.expression
        for chosen in told.find_all(exp.Select) if isinstance(told, exp.SetOperation) else [told]:
            if isinstance(told, exp.SetOperation) and chosen.find_ancestor(exp.Select, exp.Subquery):
                continue
            for name, value in zip(into.expressions, chosen.selects, strict=True):
                column = exp.column(name.name, table=into.this.name)
                own = columns.families.get(into.this.name, {}).get(column.name, UNKNOWN)
                said = family(value.unalias(), columns)
                if not (said in (own, NOTHING) or {said, own} == {TEXT, WORD}):
                    yield f"{said} into {into.this.name}.{column.name}, which is {own}: {_short(value)}"


def words(back: exp.Expr) -> Iterator[str]:
    """Nothing is left that only the neutral form knows."""
    for each in back.find_all(exp.Anonymous):
        if each.name.lower() in WORDS:
            yield f"{each.name} is no function there"


def days(back: exp.Expr) -> Iterator[str]:
    """No day is worked out by the engine."""
    for each in back.find_all(*_ARITHMETIC):
        yield f"arithmetic of days: {_short(each)}"


# --- what is written --------------------------------------------------------------------------------------------


def names(back: exp.Expr, longest: int) -> Iterator[str]:
    """Every name is quoted, and none is longer than the engine takes."""
    for each in back.find_all(exp.Identifier):
        if not each.args.get("quoted"):
            yield f"{each.name} is not quoted"
        if len(each.name.encode()) > longest:
            yield f"{each.name} has {len(each.name.encode())} bytes, where {longest} are the most"


def _short(node: exp.Expr) -> str:
    text = " ".join(node.sql().split())
    return text if len(text) <= 120 else f"{text[:119]}…"
