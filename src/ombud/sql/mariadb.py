"""How MariaDB says it. It has one collation for what must be told apart, and no primary key of a text of any length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from ombud.sql.dialect import SHORT, Bool, Dialect, Expr, is_whole

BY_CODE_POINT = "utf8mb4_nopad_bin"
"""MariaDB's collation that compares by code point, blanks at the end too."""


def _exact(value: Expr) -> Expr:
    """In the connection's character set and collation, whatever the column's are; ombud's own are in them already."""
    own = isinstance(value, sa.Cast) or isinstance(value.type, _Varchar | mysql.LONGTEXT)
    return sa.cast(value, sa.Text) if isinstance(value.type, sa.Text) and not own else value


def _number(value: Expr) -> Expr:
    """As many digits as BIGINT UNSIGNED has; an index on a whole number serves it."""
    whole = sa.cast(value, sa.Text).op("REGEXP")("^(0|-?[1-9][0-9]{0,19})\\z")
    return sa.case((whole, sa.cast(value, sa.Numeric(20, 0))), else_=sa.null())


def _clock(value: Expr) -> Bool:
    shape = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?\\z"
    return sa.cast(value, sa.Text).op("REGEXP")(shape)


class _Varchar(sa.Text):
    """Text of at most `length` characters, short enough for an index to hold the whole."""

    __visit_name__ = "VARCHAR"


PREFIX = 100
"""Characters of a text of any length that an index holds; as many as four texts in one index leave room for."""


def _fitted(columns: Sequence[sa.Column[Any] | sa.Index]) -> Sequence[sa.Column[Any] | sa.Index]:
    """Texts of any length can be in no primary key: an index on how they begin stands for it."""
    found: list[sa.Column[Any] | sa.Index] = []
    keys = [c for c in columns if isinstance(c, sa.Column) and c.primary_key]
    whole = all(not isinstance(c.type, sa.Text) or SHORT in c.info for c in keys)
    for each in columns:
        if isinstance(each, sa.Index):
            found.append(each)
            continue
        if isinstance(each.type, sa.Text):
            length = each.info.get(SHORT)
            each.type = _Varchar(length, BY_CODE_POINT) if length else mysql.LONGTEXT(collation=BY_CODE_POINT)
        if each.primary_key and not whole:
            each = sa.Column(each.name, each.type, nullable=False)
        found.append(each)
    long = {c.name: PREFIX for c in columns if isinstance(c, sa.Column) and isinstance(c.type, mysql.LONGTEXT)}
    for n, index in enumerate(found):
        if isinstance(index, sa.Index):
            names = [str(name) for name in index._pending_colargs]
            found[n] = sa.Index(index.name, *names, mariadb_length={c: n for c, n in long.items() if c in names})
    if keys and not whole:
        names = [c.name for c in keys]
        found.append(sa.Index(None, *names, mariadb_length={c: n for c, n in long.items() if c in names}))
    return found


def _made(table: sa.Table, dialect: sa.Dialect) -> Iterator[str]:
    """Its indexes with it: to make one for a table that is there commits, for a temporary one as well."""
    told = str(sa.schema.CreateTable(table).compile(dialect=dialect))
    quote = dialect.identifier_preparer.quote
    for index in table.indexes:
        long = index.dialect_options["mariadb"]["length"] or {}
        columns = ", ".join(quote(c.name) + (f"({long[c.name]})" if c.name in long else "") for c in index.columns)
        head, end, tail = told.rpartition("\n)")
        told = f"{head},\n\tINDEX ({columns}){end}{tail}"
    yield told


def mariadb_number(error: object) -> int | None:
    """MariaDB's number of an error of its driver; None if it is not one."""
    if not type(error).__module__.startswith("pymysql"):
        return None
    args = getattr(error, "args", ())
    return int(args[0]) if args and isinstance(args[0], int) else 0


_STOPS = frozenset({0, 3, 1020, 1021, 1026, 1030, 1037, 1038, 1040, 1041, 1114, 1142, 1143, 1158, 1159, 1160, 1161,
                    1180, 1203, 1205, 1206, 1213, 1290, 1317, 1637, 1836, 1878, 1927, 1969, 2002, 2003, 2006, 2013,
                    2014, 2027, 2055})  # fmt: skip
"""Disk or memory full, a change by others, too many connections, rights, network, waits, deadlocks and time limits,
read-only, killed, lost: none is of a row."""


MARIADB = Dialect(
    name="mariadb",
    sidecar=None,
    native_times=True,
    locks=True,
    snapshot="SELECT UUID()",  # nothing tells that nobody has committed
    quotes_in_paths=True,
    temporaries="",
    defer="",
    settle="",
    leans=lambda error: mariadb_number(error) in (1451, 1217),
    refuses=lambda error: mariadb_number(error) not in _STOPS,
    exact=_exact,
    ordered=_exact,
    text=lambda value: sa.cast(value, sa.Text),
    clock=_clock,
    whole=is_whole,
    seconds=lambda value: sa.type_coerce(sa.func.floor(value.op("/")(1000)), sa.BigInteger()),
    bare=lambda value: sa.func.regexp_replace(value, "\\.+\\z", "", type_=sa.Text()),
    length=sa.func.char_length,
    once="",
    number=sa.Numeric(65, 30),
    fitted=_fitted,
    making=_made,
    options={"mariadb_engine": "InnoDB", "mariadb_default_charset": "utf8mb4", "mariadb_collate": BY_CODE_POINT},
    temporary="TEMPORARY",
    ranges=False,
    numbers_rows=False,
    changes_joined=True,
    one_side=False,  # two binary collations are not compared at all
    as_number=_number,
    made_of=lambda value, kind: sa.cast(value, sa.Text).op("REGEXP")(f"^[{kind}]*\\z"),
    title="MariaDB",
)
