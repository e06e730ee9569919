"""What makes a sweep slow though it is right, seen in the plans and counts of the database itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ombud.datamap.model import Gone, Link, OwnersOf, Through
from ombud.datamap.model import Test as Condition
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, kind, table
from tests.engine.scratch import OLD, ON_BOTH, Scratch

LINK = Link("customer", "customer", ("customer_id",), ("id",), IfNone.NOT_YET, Gone.UNLINK)
ORDER = table(
    "orders",
    kind(
        "deliver books",
        {"ended": Through("customer", "ended"), "booked": day_in("booked")},
        cell("note"),
        cell("bill", "bill"),
    ),
    links=[LINK],
    owners=(OwnersOf("customer"),),
)
VISIT = table(
    "visit",
    kind("deliver", {"ended": Through("customer", "ended")}, cell("page")),
    links=[LINK],
    owners=(OwnersOf("customer"),),
)
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (id), born DATE, booked DATE,"
    " note TEXT, bill TEXT)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (id), born DATE, page TEXT)",
)


def _shop(url: str) -> Scratch:
    """Ada left; of her orders one is of this year. She visited once."""
    made = Scratch(url, STATEMENTS, CUSTOMER, ORDER, VISIT, subject=CUSTOMERS)
    made.run(f"INSERT INTO customer VALUES (1, '{OLD}', '{OLD}', 'Ada', 'ada@x.example')")
    made.run(f"INSERT INTO orders VALUES (1, 1, '{OLD}', '{OLD}', 'n', 'b'), (2, 1, '{OLD}', '2026-01-01', 'n', 'b')")
    made.run(f"INSERT INTO visit VALUES (1, 1, '{OLD}', '/lamps')")
    return made


@pytest.mark.parametrize("url", [*ON_BOTH, "mariadb_address"])
def test_a_blanked_row_is_not_found_again_tomorrow(url: str, request: pytest.FixtureRequest) -> None:
    shop = _shop(request.getfixturevalue(url))
    shop.sweep()
    assert shop.rows("SELECT id, customer_id, note, bill FROM orders") == [(2, None, None, "b")]
    for thorough in (True, False):
        with shop.engine.connect() as connection:
            again = shop._sweep(connection)
            assert all(count.empty for count in again.freeze(thorough=thorough).values())


@pytest.mark.parametrize("url", [*ON_BOTH, "mariadb_address"])
def test_a_row_that_goes_is_not_let_go_of_first(url: str, request: pytest.FixtureRequest) -> None:
    """Her visit goes before she does, so nothing writes to it."""
    shop = _shop(request.getfixturevalue(url))
    written = list[int]()

    def changed(_: object, cursor: object, said: str, *more: object) -> None:
        if said.startswith(("UPDATE visit", "UPDATE public.visit")):
            written.append(getattr(cursor, "rowcount", -1))

    sa.event.listen(shop.engine, "after_cursor_execute", changed)
    shop.plan()
    shop.apply(probes=False)
    assert sum(written) == 0
    assert shop.rows("SELECT id FROM visit") == []


def test_no_table_is_hashed_whole_for_what_few_rows_ask(postgresql_url: str) -> None:
    """PostgreSQL works out an EXISTS in an OR for every row there is, and hashes it; what is asked so here is not."""
    shop = _shop(postgresql_url)
    many = "INSERT INTO customer SELECT n, '2020-01-01', NULL, 'Cy', 'c' || n FROM generate_series(10, 150000) AS e (n)"
    shop.run(many)
    shop.run(
        "INSERT INTO orders SELECT n, n, '2020-01-01', '2026-01-01', 'n', 'b' FROM generate_series(10, 150000) AS e (n)"
    )
    shop.run("CREATE INDEX ON customer (ended)")
    shop.run("CREATE INDEX ON orders (customer_id)")
    shop.run("CREATE INDEX ON visit (customer_id)")
    shop.run("ANALYZE")
    plans = list[str]()

    def explain(connection: sa.Connection, _: object, said: str, values: object, *more: object) -> None:
        if said.split()[0] in ("INSERT", "UPDATE", "DELETE", "SELECT", "WITH") and not more[-1]:
            raw = connection.connection.driver_connection
            assert raw is not None
            plans.append("\n".join(row[0] for row in raw.execute(f"EXPLAIN {said}", values)) + "\n" + said)

    with shop.engine.connect() as connection:
        sweep = shop._sweep(connection)
        sweep.prepare()
        sa.event.listen(shop.engine, "before_cursor_execute", explain)
        sweep.freeze(thorough=False)
        sweep.apply()
    assert any("Index Scan" in plan for plan in plans)
    assert [plan for plan in plans if "hashed SubPlan" in plan] == []
    # Who may have her address, no index here finds.
    whole = [plan for plan in plans if "Seq Scan on customer customer_" in plan or "Seq Scan on orders orders_" in plan]
    assert [plan for plan in whole if "customer_1.email" not in plan] == []


@pytest.mark.parametrize("many", [10, 60])
def test_of_which_of_many_kinds_a_row_is_costs_as_many_tests_as_there_are_kinds(many: int, shop_file: str) -> None:
    """Asked of each pair of kinds, or of three, a table of keys and values takes minutes to compile."""
    ended = {"ended": Through("customer", "ended")}
    kinds = [
        kind("deliver", ended, cell("value"), name=f"k{n}", when=(Condition("key", (f"k{n}",)),)) for n in range(many)
    ]
    notes = table("notes", *kinds, links=[LINK], owners=(OwnersOf("customer"),))
    made = "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, key TEXT, value TEXT)"
    shop = Scratch(shop_file, [*STATEMENTS, made], CUSTOMER, ORDER, VISIT, notes, subject=CUSTOMERS)
    with shop.engine.connect() as connection:
        sweep = shop._sweep(connection)
        read, row = sweep.read, sweep.names.row("notes")
        table_ = sweep.source.tables["notes"]
        asked = (
            read.kind_number(table_, row),
            read.may_be(table_, row, kinds[0]),
            read.is_blanked(table_, row, "value"),
        )
        for each in asked:
            assert str(each.compile(connection)).count("notes.key") <= 2 * 2 * many + 2
