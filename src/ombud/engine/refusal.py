"""What a database refuses of a change, apart from what stops it altogether: rows may be to blame, and others not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.engine.counts import TableCount
from ombud.sql.dialect import Dialect


class StepRefused(Exception):
    """The database refused a step of this table, and the batch was undone. The cause is its own error; without one, it
    kept a row that it was told to delete.
    """


@dataclass(frozen=True, slots=True)
class Refusal:
    """Of one table: how many rows were set aside, what was due of them, and the database's own errors."""

    rows: int
    due: TableCount
    causes: tuple[BaseException, ...]


@contextmanager
def refusing(table: str, dialect: Dialect) -> Iterator[None]:
    """What the block is refused, as StepRefused where rows may be to blame."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if not dialect.refuses(error.orig):
            raise
        raise StepRefused(table) from error


def cause_of(refused: StepRefused) -> BaseException:
    """The driver's own error, without the frames that hold what was being done."""
    cause = refused.__cause__
    own = cause.orig if isinstance(cause, sa.exc.DBAPIError) and cause.orig is not None else refused
    return own.with_traceback(None)
