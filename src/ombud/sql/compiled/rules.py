"""How a statement of the neutral form is put otherwise for an engine, without another meaning.

Each rule changes a tree in place, and leaves what a subquery is correlated by as it is: `proof` sees to that.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from ombud.sql.compiled.families import NOTHING, TEXT, WORD, Columns, family
from ombud.sql.compiled.leaves import asks_for_a_row
from ombud.sql.compiled.neutral import CLOCK, DAY, EXACT, INSTANT, WORDS
from ombud.sql.compiled.refused import Unsayable
from ombud.sql.compiled.targets import Target

COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def put(tree: exp.Expr, target: Target, columns: Columns) -> None:
    """Put the tree as the target has it. Raises Unsayable."""
    _exists(tree)
    _one_row(tree)
    _unlabelled(tree)
    _unbracketed(tree)
    if target.pads:
        _tell_blanks(tree, columns)
    if target.nothing:
        _say_nothing(tree, target.nothing, columns)
        _lose_nothing(tree)
    if not target.truth and target.grammar == "oracle":
        _say_truth(tree)
    if target.needs_where:
        _everywhere(tree)
    _order_plainly(tree, target)
    _qualify_by_name(tree)
    _say_words(tree, target)
    _say_types(tree, target)
    if target.grammar == "tsql":
        _say_lengths(tree)
    if target.national:
        _national(tree)


# --- for all ----------------------------------------------------------------------------------------------------


def _exists(tree: exp.Expr) -> None:
    """`(SELECT 1 … LIMIT 1) IS NOT NULL` is said as EXISTS, which all plan: the other form is for PostgreSQL."""
    for known in [each for each in tree.find_all(exp.Is) if asks_for_a_row(each)]:
        chosen = known.this.this
        chosen.set("limit", None)
        there = exp.Exists(this=chosen)
        known.replace(there if known.args.get("negate") else exp.Not(this=there))


def _one_row(tree: exp.Expr) -> None:
    """`(SELECT x … LIMIT 1)` of what is one row is said as MIN(x): where it is not, it is one of them as well."""
    for query in list(tree.find_all(exp.Subquery)):
        chosen = query.this
        if not _is_scalar(query) or not isinstance(chosen, exp.Select) or chosen.args.get("order"):
            continue
        if chosen.args.get("limit") is not None and not chosen.args.get("distinct"):
            chosen.set("limit", None)
            chosen.set("expressions", [exp.Min(this=chosen.selects[0].unalias())])


def _is_scalar(query: exp.Expr) -> bool:
    return not isinstance(query.parent, exp.From | exp.Join | exp.CTE | exp.SetOperation | exp.Insert)


def _unlabelled(tree: exp.Expr) -> None:
    """The one column of a scalar subquery needs no name."""
    for query in tree.find_all(exp.Subquery):
        if _is_scalar(query) and isinstance(query.this, exp.Select):
            query.this.set("expressions", [each.unalias() for each in query.this.selects])


def _unbracketed(tree: exp.Expr) -> None:
    """A condition between WHEN and THEN, or a whole branch, needs no brackets."""
    for choice in tree.find_all(exp.If):
        for part in ("this", "true"):
            if isinstance(choice.args[part], exp.Paren):
                choice.set(part, choice.args[part].unnest())


def _order_plainly(tree: exp.Expr, target: Target) -> None:
    """Nothing that ombud orders by is NULL, so where NULL would come need not be said."""
    large = sqlglot.Dialect.get_or_raise(target.grammar).NULL_ORDERING
    for ordered in tree.find_all(exp.Ordered):
        down = bool(ordered.args.get("desc"))
        ordered.set("nulls_first", large != "nulls_are_last" and down is (large == "nulls_are_large"))


def _qualify_by_name(tree: exp.Expr) -> None:
    """A column is qualified by its table's name alone: not all take its schema's as well."""
    for column in tree.find_all(exp.Column):
        column.set("db", None)
        column.set("catalog", None)


def _say_words(tree: exp.Expr, target: Target) -> None:
    """The innermost first: what a word is about may be a word."""
    for word in reversed([each for each in tree.find_all(exp.Anonymous, bfs=True) if each.name in WORDS]):
        told = target.words[word.name]
        if told is None:
            raise Unsayable(target.lacks[word.name])
        word.replace(_told(told, word, target))


def _told(told: str, word: exp.Anonymous, target: Target) -> exp.Expr:
    (about,) = word.expressions
    if word.name in (DAY, CLOCK, INSTANT):
        return sqlglot.parse_one(told.format(about.name), read=target.grammar)
    if told.startswith("COLLATE("):  # as a function: sqlglot may know it as an operator alone
        _, collation = told.removesuffix(")").split(", ")
        return exp.Anonymous(this="COLLATE", expressions=[about.copy(), exp.Literal.string(collation.strip("'"))])
    said = exp.paren(sqlglot.parse_one(told, read=target.grammar), copy=False)
    for place in [c for c in said.find_all(exp.Column) if c.name == "x" and not c.table]:
        alone = isinstance(about, exp.Column | exp.Literal | exp.Func) or isinstance(place.parent, exp.Func | exp.Paren)
        place.replace(about.copy() if alone else exp.paren(about))
    return said if told.startswith("x ") and isinstance(word.parent, exp.Binary) else said.this


def _say_types(tree: exp.Expr, target: Target) -> None:
    for cast in tree.find_all(exp.Cast):
        if cast.is_type("text"):
            cast.set("to", exp.DataType.build(target.text, dialect=target.grammar))


def _everywhere(tree: exp.Expr) -> None:
    if isinstance(tree, exp.Update | exp.Delete) and not tree.args.get("where"):
        tree.set("where", exp.Where(this=exp.true()))


# --- where blanks at the end do not count ------------------------------------------------------------------------


def _tell_blanks(tree: exp.Expr, columns: Columns) -> None:
    """A stop after both texts, so that no blank is at the end. Words of ombud's own have none there, nor have times."""
    for each in list(tree.find_all(exp.EQ, exp.NEQ)):
        if isinstance(each.parent, exp.Update):
            continue
        sides = {family(each.this, columns), family(each.expression, columns)}
        if TEXT in sides and sides <= {TEXT, WORD, NOTHING}:
            each.set("this", _stopped(each.this))
            each.set("expression", _stopped(each.expression))
    for listed in list(tree.find_all(exp.In)):
        if family(listed.this, columns) == TEXT:
            listed.set("this", _stopped(listed.this))
            listed.set("expressions", [_stopped(each) for each in listed.expressions])


def _stopped(text: exp.Expr) -> exp.Expr:
    """A literal as one literal; an expression by code point still."""
    if isinstance(text, exp.Literal):
        return exp.Literal.string(text.name + ".")
    if isinstance(text, exp.Anonymous) and text.name == EXACT:
        return exp.Anonymous(this=EXACT, expressions=[_with_stop(text.expressions[0])])
    return _with_stop(text)


def _with_stop(text: exp.Expr) -> exp.Expr:
    text = text.copy()
    left = exp.paren(text, copy=False) if isinstance(text, exp.Case | exp.Condition) and not _is_plain(text) else text
    return exp.DPipe(this=left, expression=exp.Literal.string("."), safe=True)


def _is_plain(text: exp.Expr) -> bool:
    return isinstance(text, exp.Column | exp.Literal | exp.Func | exp.Paren | exp.DPipe | exp.Subquery)


# --- where the empty text is NULL --------------------------------------------------------------------------------


def _say_nothing(tree: exp.Expr, nothing: str, columns: Columns) -> None:
    """What is compared with the empty text, or written so into a column of ombud's own, is told by another.

    Within a concatenation, NULL is the empty text; in a cell that is blanked, it is what the application reads as such.
    """
    for empty in [e for e in tree.find_all(exp.Literal) if e.is_string and not e.name]:
        if isinstance(_whole(empty), exp.DPipe | exp.Concat | exp.Replace | exp.Translate):
            continue
        if _is_blank(tree, empty, columns):
            continue
        empty.replace(exp.Literal.string(nothing))


def _whole(node: exp.Expr) -> exp.Expr | None:
    """What an expression is a part of, past what only chooses between values."""
    around = node.parent
    while isinstance(around, exp.Coalesce | exp.Paren):
        around = around.parent
    return around


def _is_blank(tree: exp.Expr, empty: exp.Expr, columns: Columns) -> bool:
    """It is written into a column of the application's. Raises Unsayable where that takes no NULL."""
    if not isinstance(tree, exp.Update) or tree.this.name not in columns.tables:
        return False
    part = empty
    while part.parent is not None and part.parent is not tree:
        part, of = part.parent, part
        if isinstance(part, exp.Select | exp.Where) or (isinstance(part, COMPARED) and part.parent is not tree):
            return False
        if part.parent is tree and of is part.this:
            return False
    if (tree.this.name, part.this.name) in columns.required:
        raise Unsayable(
            f"{tree.this.name}.{part.this.name} is NOT NULL, and the empty text that is written there is NULL"
        )
    return True


def _lose_nothing(tree: exp.Expr) -> None:
    """A concatenation with NULL is NULL, which is said where it is not so by itself."""
    for whole in list(tree.find_all(exp.DPipe)):
        if isinstance(whole.parent, exp.DPipe):
            continue
        asked = [each for each in whole.flatten() if not isinstance(each, exp.Literal | exp.Coalesce)]
        asked = [each.copy() for each in dict.fromkeys(asked)]
        told: exp.Expr = whole.copy()
        for each in reversed(asked):
            told = exp.Nvl2(this=each, true=told, false=exp.null())
        if asked:
            whole.replace(told)


def _say_truth(tree: exp.Expr) -> None:
    """A condition that always, or never, holds; a column of truth values is another matter."""
    for truth in list(tree.find_all(exp.Boolean)):
        if isinstance(truth.parent, (*COMPARED, exp.In, exp.Anonymous)):
            raise Unsayable("there is no type of truth values before 23ai, and how this column writes them is not told")
        known = exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1 if truth.this else 0))
        truth.replace(exp.paren(known, copy=False))


# --- SQL Server --------------------------------------------------------------------------------------------------


def _say_lengths(tree: exp.Expr) -> None:
    """A part of a text up to its end has its length said."""
    for part in tree.find_all(exp.Substring):
        if part.args.get("length") is None:
            part.set("length", exp.Literal.number(2147483647))


def _national(tree: exp.Expr) -> None:
    """A literal without N loses what the database's code page has not."""
    for text in [e for e in tree.find_all(exp.Literal) if e.is_string]:
        if not text.name.isascii():
            text.replace(exp.National(this=text.name))
