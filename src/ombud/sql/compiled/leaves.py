"""Where every column and every value of a statement stands: between which connectives, in which query, on which side.

Two statements with the same leaves ask the same, whatever functions and forms their engines want around them.
"""

from __future__ import annotations

from collections import Counter

from sqlglot import exp

from ombud.sql.compiled.neutral import CLOCK, DAY, INSTANT

Leaf = tuple[str, str, tuple[str, ...]]
"""A qualifier or a sort, a name or a value, and the way to it from the whole."""

_SIDES: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.Like: "like",
}


def columns(tree: exp.Expr) -> Counter[Leaf]:
    """Every column, where it stands."""
    return Counter((each.table, each.name, way(each)) for each in tree.find_all(exp.Column))


def relations(tree: exp.Expr) -> Counter[Leaf]:
    """Every table, its alias, and where it is read."""
    found = ((each, each.args.get("alias")) for each in tree.find_all(exp.Table))
    return Counter((each.name, alias.name if alias else each.name, way(each)) for each, alias in found)


def queries(tree: exp.Expr) -> Counter[Leaf]:
    """Every query, where it stands."""
    return Counter(("query", "", way(each)) for each in tree.find_all(exp.Select, exp.SetOperation))


def values(tree: exp.Expr) -> Counter[Leaf]:
    """Every text, number and truth value, where it stands; but for how many rows are asked for."""
    found: Counter[Leaf] = Counter()
    for each in tree.find_all(exp.Literal, exp.National, exp.Boolean):
        if isinstance(
            each.find_ancestor(exp.Limit, exp.Fetch, exp.DataType, exp.Select), exp.Limit | exp.Fetch | exp.DataType
        ):
            continue
        if isinstance(each.parent, exp.Anonymous) and each.parent.name in (DAY, CLOCK, INSTANT):
            continue  # written as a time of the engine's own
        if isinstance(each, exp.Boolean):
            found["truth", str(bool(each.this)), way(each)] += 1
        elif (truth := _constant(each)) is not None:
            found["truth", str(truth), way(each.parent or each)] += 1
        else:
            found[
                "number" if isinstance(each, exp.Literal) and not each.is_string else "text", each.name, way(each)
            ] += 1
    return found


def way(node: exp.Expr) -> tuple[str, ...]:
    """From a node outwards: connectives, conditions, branches and queries; brackets and functions count for nothing."""
    found: list[str] = []
    part, around = node, node.parent
    while around is not None:
        if isinstance(around, exp.CTE):  # where WITH itself stands differs
            return (*found, f"with {around.alias}")
        for said in _step(part, around):
            if not (said in ("and", "or") and found and found[-1] == said):
                found.append(said)
        part, around = around, around.parent
    return tuple(found)


def asks_for_a_row(node: exp.Expr) -> bool:
    """`(SELECT 1 … LIMIT 1) IS NULL`, or NOT NULL."""
    query = node.this.this if isinstance(node, exp.Is) and isinstance(node.this, exp.Subquery) else None
    if not isinstance(query, exp.Select) or query.args.get("limit") is None:
        return False
    return [e.unalias() for e in query.selects] == [exp.Literal.number(1)] and isinstance(node.expression, exp.Null)


def _step(part: exp.Expr, around: exp.Expr) -> tuple[str, ...]:
    """What is said of a part by what is around it."""
    match around:
        case exp.And():
            return ("and",)
        case exp.Or():
            return ("or",)
        case exp.Not():
            return ("not",)
        case exp.Exists():
            return ("exists",)
        case exp.Is():
            told = "exists" if asks_for_a_row(around) else "is null"
            negated = bool(around.args.get("negate")) is not (told == "exists")
            return (told, "not") if negated else (told,)
        case exp.In():
            return ("of list" if part is around.this else "in list",)
        case exp.If():
            return ("when",) if part is around.this else ("then",)
        case exp.Case():
            return ("else",) if part is around.args.get("default") else ("switch",) if part is around.this else ()
        case exp.Select():
            return ("where" if isinstance(part, exp.Where) else "order" if isinstance(part, exp.Order) else "from"
                    if isinstance(part, exp.From | exp.Join) else "select",)  # fmt: skip
        case exp.Update() | exp.Delete():
            return ("where" if isinstance(part, exp.Where) else "set" if part is not around.this else "changed",)
    if type(around) in _SIDES:
        return (f"{'left' if part is around.this else 'right'} of {_SIDES[type(around)]}",)
    return ()


def _constant(literal: exp.Expr) -> bool | None:
    """Of `1 = 1` and `1 = 0`, as truth is said where there is no word for it; None of another literal."""
    around = literal.parent
    if not isinstance(around, exp.EQ) or not all(
        isinstance(e, exp.Literal) and not e.is_string for e in (around.this, around.expression)
    ):
        return None
    return around.this.name == around.expression.name if literal is around.this else None
