"""One statement, from what ombud builds to the text of an engine, proved to mean the same."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ombud.sql.compiled.families import Columns
from ombud.sql.compiled.layout import folded
from ombud.sql.compiled.neutral_dialect import written
from ombud.sql.compiled.proof import prove
from ombud.sql.compiled.refused import Unsayable
from ombud.sql.compiled.rules import put
from ombud.sql.compiled.targets import Target

NEUTRAL = "postgres"
"""The grammar of the neutral form, as sqlglot calls it."""

logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Sayer:
    """Says statements to one engine. `columns` are of the source's tables and ombud's own."""

    target: Target
    columns: Columns

    def say(self, statement: Any) -> str:
        """The statement's text, ended by a semicolon. Raises Unsayable."""
        try:
            source = parsed(written(statement), NEUTRAL)
            meant = source.copy()
            put(meant, self.target, self.columns)
            text = meant.sql(
                dialect=self.target.grammar, identify=True, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE
            )
            text = text if _has_breaks(meant) else folded(text)
            prove(source, parsed(text, self.target.grammar), self.target, self.columns)
        except (SqlglotError, sa.exc.CompileError, NotImplementedError) as error:
            raise Unsayable(" ".join(str(error).split())) from error
        return text + ";"


def parsed(text: str, grammar: str) -> exp.Expr:
    """The one statement of a text."""
    found = sqlglot.parse(text, read=grammar, error_level=sqlglot.ErrorLevel.RAISE)
    if len(found) != 1 or found[0] is None or isinstance(found[0], exp.Command):
        raise Unsayable("it is not read back as one statement")
    return found[0]


def _has_breaks(tree: exp.Expr) -> bool:
    """Some text in it goes over several lines, which are its own."""
    return any("\n" in each.name for each in tree.find_all(exp.Literal, exp.National, exp.Identifier))
