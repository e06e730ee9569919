"""DuckDB for SQLAlchemy: how its driver is called, what it has no word for, and which tables there are."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.sql.compiler import GenericTypeCompiler, IdentifierPreparer, SQLCompiler

DRIVER = "duckdb+ombud"
sa.dialects.registry.register("duckdb.ombud", __name__, "DuckDBDialect")


class _Statements(SQLCompiler):
    """`(SELECT 1 … LIMIT 1) IS NOT NULL` is written EXISTS, which DuckDB makes a join of at once."""

    def visit_is_not_binary(self, binary: sa.BinaryExpression[Any], operator: Any, **kw: Any) -> str:
        return self._exists(binary, "EXISTS", "IS NOT", **kw)

    def visit_is__binary(self, binary: sa.BinaryExpression[Any], operator: Any, **kw: Any) -> str:
        return self._exists(binary, "NOT EXISTS", "IS", **kw)

    def _exists(self, binary: sa.BinaryExpression[Any], said: str, otherwise: str, **kw: Any) -> str:
        if (found := _one(binary.left)) is not None and isinstance(binary.right, sa.Null):
            return f"{said} {found.scalar_subquery()._compiler_dispatch(self, **kw)}"
        return f"{self.process(binary.left, **kw)} {otherwise} {self.process(binary.right, **kw)}"

    def visit_try_cast(self, element: sa.TryCast[Any], **kw: Any) -> str:
        return f"TRY_CAST({self.process(element.clause, **kw)} AS {self.process(element.typeclause, **kw)})"


def _one(found: sa.ColumnElement[Any]) -> sa.Select[Any] | None:
    """The rows of which one is asked for, if the question is whether there is one."""
    chosen = found.element if isinstance(found, sa.ScalarSelect) else None
    if not isinstance(chosen, sa.Select) or chosen._limit_clause is None or chosen._offset_clause is not None:
        return None
    (one,) = chosen.selected_columns
    is_one = isinstance(one, sa.ColumnClause) and one.is_literal and one.name == "1"
    return chosen.limit(None) if is_one else None


class _Types(GenericTypeCompiler):
    def visit_datetime(self, type_: sa.DateTime, **kw: Any) -> str:
        return "TIMESTAMPTZ" if type_.timezone else "TIMESTAMP"


class _Names(IdentifierPreparer):
    """Every name is quoted, for DuckDB has reserved words of its own."""

    def _requires_quotes(self, value: str) -> bool:
        return True


class DuckDBDialect(DefaultDialect):
    """Over `duckdb_driver`. There are no savepoints: what looks like one is the whole transaction."""

    name = "duckdb"
    driver = "ombud"
    default_paramstyle = "qmark"
    supports_native_boolean = True
    supports_native_decimal = True
    supports_statement_cache = True
    supports_multivalues_insert = True
    supports_default_values = True
    supports_sane_multi_rowcount = False
    insert_returning = update_returning = delete_returning = False
    statement_compiler = _Statements
    type_compiler_cls = _Types
    preparer = _Names

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        from ombud.adapters import duckdb_driver

        return duckdb_driver

    def create_connect_args(self, url: sa.URL) -> Any:
        return [url.database or ":memory:"], {}

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.begin()

    def do_savepoint(self, connection: sa.Connection, name: str) -> None:
        pass

    def do_release_savepoint(self, connection: sa.Connection, name: str) -> None:
        pass

    def do_rollback_to_savepoint(self, connection: sa.Connection, name: str) -> None:
        """After a refusal nothing is done until all is undone; without one, something would silently stay done."""
        if not getattr(connection.connection.driver_connection, "failed", False):
            raise NotImplementedError("DuckDB undoes no part of a transaction")

    def get_table_names(self, connection: sa.Connection, schema: str | None = None, **_: Any) -> list[str]:
        chosen = (
            "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND database_name = current_database() "
            "AND schema_name = coalesce(?, current_schema()) ORDER BY 1"
        )
        return list(connection.exec_driver_sql(chosen, (schema,)).scalars())

    def has_table(self, connection: sa.Connection, table_name: str, schema: str | None = None, **_: Any) -> bool:
        return table_name in self.get_table_names(connection, schema)
