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
    def visit_try_cast(self, element: sa.TryCast[Any], **kw: Any) -> str:
        return f"TRY_CAST({element.clause._compiler_dispatch(self, **kw)} AS {element.typeclause._compiler_dispatch(self, **kw)})"


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
