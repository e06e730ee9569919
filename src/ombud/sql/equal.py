"""When a link's column and its target are equal (`spec/claims.md` §2): exactly, and a text as a number is written."""

from __future__ import annotations

import sqlalchemy as sa

from ombud.sql.dialect import Bool, Dialect, Expr


def equal(dialect: Dialect, column: Expr, target: Expr) -> Bool:
    """The column holds what the target does. A text is compared with what a UUID, or a domain, is as text.

    Of a text and a whole number the texts are compared, which decides, and the numbers, which have an index.
    """
    texts, numbers = ([isinstance(each.type, kind) for each in (column, target)] for kind in (sa.Text, sa.Integer))
    if any(texts) and any(numbers):
        text, number = (column, target) if texts[0] else (target, column)
        known = [dialect.exact(text) == dialect.exact(dialect.text(number))]
        if dialect.as_number is not None:
            known.append(dialect.as_number(text) == number)
        if dialect.is_text is not None:  # a fraction is no whole number, whatever its column is declared for
            known.append(sa.func.typeof(number) != "real")
        return sa.and_(*known)
    others = [isinstance(each.type, sa.types.NullType) for each in (column, target)]
    if any(texts) and any(others) and dialect.is_text is None:
        return dialect.exact(dialect.text(column)) == dialect.exact(dialect.text(target))
    return dialect.exact(target) == (column if dialect.one_side else dialect.exact(column))
