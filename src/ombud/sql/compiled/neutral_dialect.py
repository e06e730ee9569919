"""SQLAlchemy's dialect of the neutral form: PostgreSQL's, with each value written out as its type has it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ombud.sql.compiled.neutral import CLOCK, DAY, INSTANT


class _Compiler(postgresql.base.PGCompiler):
    """Values are written out, each as its type has it."""

    def render_literal_value(self, value: Any, type_: sa.types.TypeEngine[Any]) -> str:
        match value:
            case bool():
                return "TRUE" if value else "FALSE"
            case datetime():
                word, text = (CLOCK, value) if value.tzinfo is None else (INSTANT, value.astimezone(UTC))
                return f"{word}('{text:%Y-%m-%d %H:%M:%S}')"
            case date():
                return f"{DAY}('{value.isoformat()}')"
            case str():
                return "'" + value.replace("'", "''") + "'"
        told: str = super().render_literal_value(value, type_)  # type: ignore[no-untyped-call]
        return told

    def visit_empty_set_op_expr(self, type_: Any, expand_op: Any, **_: Any) -> str:
        raise NotImplementedError("a list without a value")


class _Neutral(postgresql.base.PGDialect):
    """PostgreSQL's, as text that a parser reads."""

    statement_compiler = _Compiler
    cte_follows_insert = True
    supports_statement_cache = False


_DIALECT = _Neutral()  # type: ignore[no-untyped-call]


def written(statement: sa.Executable) -> str:
    """The statement in the neutral form."""
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]
    return str(compiled)
