"""Which plan a source has frozen, and whether it was carried out: two rows of its sidecar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.sql.names import Names

PLAN = "plan"
DONE = "plan_done"
FROZEN_ON = "plan_day"
REFUSED = "refused/"
"""Before a table's name: the last plan of which the database let no row of it through, or not all."""

PROBED = "probed"
"""By which rules plans were made when which kinds of steps were tried, and went through."""

FILES = "files/"
"""Before the name of a store of files in a receipt's step; no table is called so."""

INTENT = "intent/"
"""Before a table's name: the plan whose batch of it is written down, and may have been carried out."""

STORE = "store/"
"""Before the name of a store of files: which one it is that files are being removed from."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The plan that the source holds, '' for none, and whether all of it was carried out."""

    plan: str
    done: bool


def noted(connection: sa.Connection, names: Names) -> Noted:
    """Read it, inside an open transaction."""
    chosen = sa.select(names.meta.c.name, names.meta.c.value).where(names.meta.c.name.in_((PLAN, DONE)))
    said = {row.name: row.value for row in connection.execute(chosen)}
    return Noted(said.get(PLAN, ""), said.get(DONE, "") == said.get(PLAN, "") != "")


def said(connection: sa.Connection, names: Names, name: str) -> str:
    """What is noted under a name, inside an open transaction; '' for nothing."""
    found = connection.execute(sa.select(names.meta.c.value).where(names.meta.c.name == name)).scalar()
    return "" if found is None else str(found)


def note(connection: sa.Connection, names: Names, name: str, plan: str) -> None:
    """Write which plan is frozen here (`PLAN`) or carried out (`DONE`), or its day, inside an open transaction."""
    again = names.meta.update().where(names.meta.c.name == name).values(value=plan)
    if connection.execute(again).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(names.meta.insert().values(name=name, value=plan))
    except sa.exc.IntegrityError:  # another apply of the same plan noted it meanwhile
        connection.execute(again)


def refused_by(connection: sa.Connection, names: Names, plan: str, tables: Iterable[str]) -> None:
    """Note of which tables rows were refused in this plan, and of no other, inside an open transaction."""
    connection.execute(names.meta.delete().where(names.meta.c.name.startswith(REFUSED)))
    for table in tables:
        note(connection, names, f"{REFUSED}{table}", plan)


def received(connection: sa.Connection, names: Names, plan: str) -> Mapping[str, int]:
    """How many rows and cells the receipts of this plan say were changed, by table, inside an open transaction."""
    receipt = names.receipt.c
    chosen = sa.select(receipt.step, sa.func.sum(receipt.rows)).group_by(receipt.step)
    chosen = chosen.where(receipt.plan == plan, sa.not_(receipt.step.startswith(FILES)))
    return {step: int(rows) for step, rows in connection.execute(chosen)}


def marks_known(connection: sa.Connection, names: Names) -> int | None:
    """The number of the newest mark the sidecar has, or None where it was never initialised."""
    if not sa.inspect(connection).has_table(names.meta.name, schema=names.meta.schema):
        return None
    chosen = sa.select(names.meta.c.value).where(names.meta.c.name == "marks")
    found = connection.execute(chosen).scalar()
    return None if found is None else int(found)
