"""Whether a schema is still as it was read: a stamp that is another once a mapped table, or what is in it, is.

Reading a schema costs more than an answer to a person; comparing a stamp costs a hundredth of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import sqlalchemy as sa

from ombud.engine.exchange import Exchange, Prepared
from ombud.engine.program import Query
from ombud.sql.gather import Slot

# A row of the catalogue has another xmin once it was changed, and a table has another oid once it is made anew. The
# sum, for nobody's order matters; foreign keys that lead to a table are the other's.
_POSTGRESQL = """
WITH mine AS (
    SELECT c.oid, c.xmin FROM pg_class c
    WHERE c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest(%(tables)s::text[]) AS asked (name))
)
SELECT coalesce(sum(hashtext(said)::bigint), 0)::text FROM (
    SELECT concat('c', oid, ' ', xmin) AS said FROM mine
    UNION ALL SELECT concat('a', attrelid, ' ', attnum, ' ', xmin) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM mine)
    UNION ALL SELECT concat('i', indexrelid, ' ', xmin) FROM pg_index WHERE indrelid IN (SELECT oid FROM mine)
    UNION ALL SELECT concat('k', oid, ' ', xmin) FROM pg_constraint
        WHERE conrelid IN (SELECT oid FROM mine) OR confrelid IN (SELECT oid FROM mine)
) AS every
"""

_QUERY = Query(_POSTGRESQL, {"tables": Slot(0)}, [sa.Text()])


def stamp(connection: sa.Connection, tables: Iterable[str]) -> str | None:
    """That of these tables, outside of any transaction; None where the engine tells none, and schemas are read anew."""
    known = _STAMPS.get(connection.dialect.name)
    return known(connection, sorted(tables)) if known else None


def _postgresql(connection: sa.Connection, tables: list[str]) -> str:
    exchange = Exchange.on(connection)
    asked = Prepared.of(_QUERY, exchange.dumps)
    (((said,),),) = exchange.rows(connection, [(asked, [(tables,)])], begins=False)
    return str(said)


def _sqlite(connection: sa.Connection, _: list[str]) -> str:
    driver = connection.connection.driver_connection
    assert driver is not None
    return str(driver.execute("PRAGMA schema_version").fetchone()[0])


_STAMPS: Mapping[str, Callable[[sa.Connection, list[str]], str]] = {"postgresql": _postgresql, "sqlite": _sqlite}

STAMPED = frozenset(_STAMPS)
"""The engines that tell one."""
