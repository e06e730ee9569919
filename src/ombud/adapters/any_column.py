"""SQLite's `ANY`: in a STRICT table it takes every value as it is, as a column without a type does elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

FIRST = (3, 37)
"""The version of SQLite that has STRICT tables, and can list them."""

CHOSEN = """
SELECT l.name, i.name FROM pragma_table_list l, pragma_table_xinfo(l.name) i
WHERE l.strict AND l.schema = 'main' AND upper(i.type) = 'ANY'
"""


def untype_any(connection: sa.Connection, columns: Mapping[str, Sequence[ReflectedColumn]]) -> None:
    """Take the type from such columns: SQLAlchemy reads `ANY` as a number, and a text of digits would become one."""
    if connection.dialect.name != "sqlite" or (connection.dialect.server_version_info or ()) < FIRST:
        return
    found = {(table, column) for table, column in connection.exec_driver_sql(CHOSEN)}
    for table, reflected in columns.items():
        for column in reflected:
            if (table, column["name"]) in found:
                column["type"] = sa.types.NullType()
