"""What somebody would write by hand who already knows which rows go: DELETE and UPDATE by key, in batches.

No judging, no receipts, no memory, no lock beside the statement's own: less than it takes to be right.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa

from bench.crm.rows import OVER, known

TODO = "todo_{name}"


def by_hand(engine: sa.Engine, batch: int, over: date = OVER) -> float:
    """Delete what is due, so many rows a transaction; the seconds it takes once the keys are known."""
    steps = dict(known(over))
    gone = f"customer_id IN (SELECT id FROM customer WHERE ended_at < '{over}')"
    kept = {
        "invoice": ("customer_id = NULL, phone = NULL", f"{gone} AND booked >= '2019-01-01'"),
        "visit": ("customer_id = NULL", f"{gone} AND at > '{over}'"),
    }
    asked = [*steps.items()]
    asked += [(f"kept_{name}", f"SELECT id FROM {name} WHERE {which}") for name, (_, which) in kept.items()]
    with engine.connect() as connection:
        sizes = {name: _know(connection, name, query) for name, query in asked}
        connection.commit()
        started = time.perf_counter()
        for name, (lost, _) in kept.items():
            for low in range(0, sizes[f"kept_{name}"], batch):
                _carry_out(connection, f"UPDATE {name}", f"SET {lost}", f"kept_{name}", low, batch)
        for name in steps:
            for low in range(0, sizes[name], batch):
                _carry_out(connection, f"DELETE FROM {name}", "", name, low, batch)
        return time.perf_counter() - started


def _know(connection: sa.Connection, name: str, query: str) -> int:
    """Number the keys, in their order; how many."""
    todo = TODO.format(name=name)
    made = f"CREATE TEMPORARY TABLE {todo} (n INTEGER PRIMARY KEY, id BIGINT NOT NULL)"
    connection.exec_driver_sql(made)
    keys = [row.id for row in connection.exec_driver_sql(f"{query} ORDER BY 1")]
    for low in range(0, len(keys), 10_000):
        values = ", ".join(f"({n}, {key})" for n, key in enumerate(keys[low : low + 10_000], low))
        connection.exec_driver_sql(f"INSERT INTO {todo} VALUES {values}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {todo}")
    return len(keys)


def _carry_out(connection: sa.Connection, what: str, how: str, name: str, low: int, batch: int) -> None:
    """MariaDB makes no join of IN in a statement that changes rows, so that there it is written as one."""
    todo = TODO.format(name=name)
    chosen = f"n >= {low} AND n < {low + batch}"
    if connection.dialect.name == "mariadb":
        verb, table = what.replace("FROM ", "").split()
        first = f"DELETE {table} FROM {table}" if verb == "DELETE" else f"UPDATE {table}"
        connection.exec_driver_sql(f"{first} JOIN {todo} AS todo ON todo.id = {table}.id {how} WHERE {chosen}")
    else:
        connection.exec_driver_sql(f"{what} {how} WHERE id IN (SELECT id FROM {todo} WHERE {chosen})")
    connection.commit()


def left(engine: sa.Engine) -> Iterator[tuple[object, ...]]:
    """What is left in each table, so that two ways of deleting can be compared."""
    with engine.connect() as connection:
        for name, _ in known():
            more = {"invoice": ", count(customer_id), count(phone)", "visit": ", count(customer_id)"}.get(name, "")
            yield (name, *connection.exec_driver_sql(f"SELECT count(*), sum(id){more} FROM {name}").one())
