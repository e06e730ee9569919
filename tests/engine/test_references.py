"""What the database itself holds together is let go of as the database sees it: nobody's living row goes along."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.datamap import model
from ombud.datamap.model import ByIdentifier, Gone, IsSubject, Link, Match, OwnersOf, Table, Through
from ombud.engine.refusal import StepRefused
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, kind, table
from tests.engine.scratch import OLD, ON_BOTH, Scratch

CUSTOMERS_TABLE = "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)"
TWO = f"INSERT INTO customer VALUES (1, '{OLD}', '{OLD}', 'Ada'), (2, '{OLD}', NULL, 'Bea')"


def _orders(gone: Gone, *when: model.Test, column: str = "customer_id", target: str = "id") -> Table:
    link = Link("customer", "customer", (column,), (target,), IfNone.NOT_YET, gone, when=when)
    return table(
        "orders",
        kind("deliver", {"ended": day_in("ended")}, cell("name")),
        links=[link],
        owners=(OwnersOf("customer"),),
    )


def _made(request: pytest.FixtureRequest, server: str, statements: tuple[str, ...], *tables: Table) -> Scratch:
    return Scratch(request.getfixturevalue(server), statements, *tables)


def test_a_reference_written_in_another_case_pins(request: pytest.FixtureRequest) -> None:
    invoices = "CREATE TABLE invoice (id INTEGER PRIMARY KEY, OF INTEGER REFERENCES Customer(ID) ON DELETE CASCADE)"
    made = _made(request, "shop_file", (CUSTOMERS_TABLE, invoices, TWO, "INSERT INTO invoice VALUES (7, 1)"), CUSTOMER)
    assert "M407" in made.codes()
    made.sweep()
    assert made.rows("SELECT id, of FROM invoice") == [(7, 1)]


@pytest.mark.parametrize("gone", [Gone.UNLINK, Gone.SHELL])
@pytest.mark.parametrize("server", ON_BOTH)
def test_a_link_that_does_not_count_is_still_a_reference(
    request: pytest.FixtureRequest, server: str, gone: Gone
) -> None:
    orders = (
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, sort TEXT, customer_id INTEGER REFERENCES customer"
        " ON DELETE CASCADE, born DATE, ended DATE, name TEXT)"
    )
    row = f"INSERT INTO orders VALUES (7, 'x', 1, '{OLD}', NULL, 'lives')"
    counts = _orders(gone, model.Test("sort", ("person",)))
    made = _made(request, server, (CUSTOMERS_TABLE, orders, TWO, row), CUSTOMER, counts)
    made.sweep()
    assert made.rows("SELECT id, name FROM orders") == [(7, "lives")]


def test_keys_that_the_database_takes_for_one_are_one_reference(request: pytest.FixtureRequest) -> None:
    people = "CREATE TABLE customer (login TEXT COLLATE NOCASE PRIMARY KEY, born DATE, ended DATE, name TEXT)"
    orders = (
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, login TEXT COLLATE NOCASE REFERENCES customer"
        " ON DELETE CASCADE, born DATE, ended DATE, name TEXT)"
    )
    rows = (
        f"INSERT INTO customer VALUES ('ada', '{OLD}', '{OLD}', 'Ada')",
        f"INSERT INTO orders VALUES (7, 'ADA', '{OLD}', NULL, 'lives')",
    )
    linked = _orders(Gone.UNLINK, column="login", target="login")
    made = _made(request, "shop_file", (people, orders, *rows), replace(CUSTOMER, key=("login",)), linked)
    made.sweep()
    assert [name for _, name in made.rows("SELECT id, name FROM orders")] == ["lives"]


def test_a_reference_being_moved_to_somebody_else_is_left_where_it_goes(request: pytest.FixtureRequest) -> None:
    orders = (
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, born DATE, ended DATE,"
        " name TEXT)"
    )
    row = f"INSERT INTO orders VALUES (7, 1, '{OLD}', NULL, 'x')"
    made = _made(request, "postgresql_url", (CUSTOMERS_TABLE, orders, TWO, row), CUSTOMER, _orders(Gone.UNLINK))
    made.plan()
    with ThreadPoolExecutor(1) as pool, made.engine.connect() as moving:
        with moving.begin():
            moving.exec_driver_sql("UPDATE orders SET customer_id = 2 WHERE id = 7")
            applying = pool.submit(made.apply, probes=False)
            waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            while not applying.done() and not made.rows(waits)[0][0]:
                pass
        applying.result(30)
    assert made.rows("SELECT customer_id FROM orders") == [(2,)]


@pytest.mark.parametrize("server", ON_BOTH)
def test_rows_of_one_batch_do_not_block_one_another(request: pytest.FixtureRequest, server: str) -> None:
    people = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, referrer INTEGER REFERENCES customer ON DELETE RESTRICT,"
        " born DATE, ended DATE, name TEXT)"
    )
    rows = f"INSERT INTO customer VALUES (1, NULL, '{OLD}', '{OLD}', 'Ada'), (2, 1, '{OLD}', '{OLD}', 'Bea')"
    referrer = Link("referrer", "customer", ("referrer",), ("id",), IfNone.NOT_YET, Gone.UNLINK)
    made = _made(request, server, (people, rows), replace(CUSTOMER, links={"referrer": referrer}))
    made.sweep()
    assert made.rows("SELECT id FROM customer") == []


@pytest.mark.parametrize(
    "referrers",
    [
        {1: 1, 2: 1, 3: 2},  # who was brought in comes before who brought them
        {1: 2, 2: 3, 3: 1},  # a circle goes whole
        {1: 2, 2: 1, 3: 1},
    ],
)
@pytest.mark.parametrize("server", ON_BOTH)
def test_who_leans_on_a_row_of_the_same_table_goes_before_it(
    request: pytest.FixtureRequest, server: str, referrers: dict[int, int]
) -> None:
    people = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, referrer INTEGER NOT NULL REFERENCES customer"
        " DEFERRABLE INITIALLY DEFERRED, born DATE, ended DATE, name TEXT)"
    )
    rows = ", ".join(f"({id}, {referrer}, '{OLD}', '{OLD}', 'Ada')" for id, referrer in referrers.items())
    link = Link("referrer", "customer", ("referrer",), ("id",), IfNone.NOT_YET, Gone.SHELL, nullable=False)
    customer = replace(CUSTOMER, links={"referrer": link})
    made = _made(request, server, (people, f"INSERT INTO customer VALUES {rows}"), customer)
    made.plan()
    made.apply(batch_size=1)
    assert made.rows("SELECT id FROM customer") == []


def test_a_reference_from_another_schema_refuses(request: pytest.FixtureRequest) -> None:
    elsewhere = (
        "DROP SCHEMA IF EXISTS billing CASCADE",
        "CREATE SCHEMA billing",
        "CREATE TABLE billing.invoice (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer)",
    )
    made = _made(request, "postgresql_url", (CUSTOMERS_TABLE, *elsewhere), CUSTOMER)
    assert "M415" in made.codes()
    made.run("DROP SCHEMA billing CASCADE")
    assert "M415" not in made.codes()


def test_a_constraint_that_replaces_rows_refuses(request: pytest.FixtureRequest) -> None:
    people = CUSTOMERS_TABLE.replace("name TEXT", "name TEXT, UNIQUE (ended, name) ON CONFLICT REPLACE")
    assert "M415" in _made(request, "shop_file", (people,), CUSTOMER).codes()


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL", "NO ACTION"])
@pytest.mark.parametrize("server", ON_BOTH)
def test_a_reference_that_follows_what_is_blanked_refuses(
    request: pytest.FixtureRequest, server: str, action: str
) -> None:
    """A blanked name would be written over in the letters too, which nobody has mapped; a key is never blanked."""
    letters = (
        f"CREATE TABLE letter (id INTEGER PRIMARY KEY, whose TEXT REFERENCES customer (name) ON UPDATE {action},"
        " of INTEGER REFERENCES customer (id) ON UPDATE CASCADE)"
    )
    people = CUSTOMERS_TABLE.replace("name TEXT", "name TEXT UNIQUE")
    told = _made(request, server, (people, letters), CUSTOMER).codes()
    assert ("M415" in told) is (action != "NO ACTION")


def test_a_rule_of_the_database_refuses(request: pytest.FixtureRequest) -> None:
    never = "CREATE RULE never AS ON DELETE TO customer DO INSTEAD NOTHING"
    made = _made(request, "postgresql_url", (CUSTOMERS_TABLE, never, TWO), CUSTOMER)
    assert "M415" in made.codes()
    made.plan()
    with pytest.raises(StepRefused):
        made.apply()
    assert len(made.rows("SELECT id FROM customer")) == 2


def test_rows_that_the_user_may_not_see_stop_everything(request: pytest.FixtureRequest) -> None:
    role = f"ombud_sees_{os.getpid()}"
    hidden = (
        "ALTER TABLE customer ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON customer USING (id > 1)",
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON customer TO {role}",
    )
    made = _made(request, "postgresql_url", (CUSTOMERS_TABLE, TWO, *hidden), CUSTOMER)
    user = connect(made.engine.url.set(username=role).render_as_string(hide_password=False))
    try:
        with user.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            connection.exec_driver_sql("SELECT id FROM customer")
    finally:
        user.dispose()
        made.run(f"DROP OWNED BY {role}")
        made.run(f"DROP ROLE {role}")


@pytest.mark.parametrize("server", ON_BOTH)
def test_somebody_who_comes_between_two_batches_is_whom_their_address_names(
    request: pytest.FixtureRequest, server: str
) -> None:
    tickets = replace(
        table("ticket", kind("deliver", {"ended": Through("person", "ended")}, cell("name")),
              owners=(ByIdentifier("email", "email", IfNone.NONE),)),
        matches={"person": Match("person", "customer", "email", "email", IfNone.NONE, clocks=True)},
        grace=2,
    )  # fmt: skip
    people = table(
        "customer", kind("deliver", {"ended": day_in("ended")}, cell("name"), cell("email")),
        owners=(IsSubject("customer"),),
    )  # fmt: skip
    statements = (
        CUSTOMERS_TABLE.replace("name TEXT", "name TEXT, email TEXT"),
        "CREATE TABLE ticket (id INTEGER PRIMARY KEY, born DATE, email TEXT, name TEXT)",
        f"INSERT INTO ticket VALUES (1, '{OLD}', 'a@x', 'A'), (2, '{OLD}', 'b@x', 'B')",
    )
    made = Scratch(request.getfixturevalue(server), statements, people, tickets, subject=CUSTOMERS)
    assert made.plan() == {"ticket"}
    comes = made.once(lambda: made.run(f"INSERT INTO customer VALUES (5, '{OLD}', NULL, 'Bea', 'b@x')"))
    made.apply(comes, batch_size=1)
    assert made.rows("SELECT id FROM ticket") == [(2,)]


@pytest.mark.parametrize("names", ["ab", "zb"])
@pytest.mark.parametrize("server", ON_BOTH)
def test_a_circle_goes_whatever_its_tables_are_called(request: pytest.FixtureRequest, server: str, names: str) -> None:
    one, other = tuple(names)

    def lives(name: str, to: str) -> Table:
        link = Link("to", to, ("to_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL, nullable=False)
        return table(name, kind("deliver", {"ended": day_in("ended")}, cell("name")), links=[link])

    statements = (
        f"CREATE TABLE {one} (id INTEGER PRIMARY KEY, to_id INTEGER NOT NULL, born DATE, ended DATE, name TEXT)",
        f"CREATE TABLE {other} (id INTEGER PRIMARY KEY, to_id INTEGER NOT NULL REFERENCES {one}, born DATE, ended DATE,"
        " name TEXT)",
        *(f"INSERT INTO {name} VALUES (1, 1, '{OLD}', '{OLD}', 'Ada')" for name in names),
    )
    made = _made(request, server, (CUSTOMERS_TABLE, *statements), CUSTOMER, lives(one, other), lives(other, one))
    made.sweep()
    assert [made.rows(f"SELECT id FROM {name}") for name in names] == [[], []]


@pytest.mark.parametrize("server", ON_BOTH)
def test_values_that_are_unique_in_some_other_way_are_written_over_with_the_key(
    request: pytest.FixtureRequest, server: str
) -> None:
    people = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, shop INTEGER, born DATE, ended DATE, booked DATE,"
        " name TEXT NOT NULL, mail TEXT NOT NULL, UNIQUE (shop, name))"
    )
    rows = ", ".join(f"({n}, 1, '{OLD}', '{OLD}', '2026-01-01', 'Ada {n}', 'a{n}@x')" for n in (1, 2, 3))
    statements = (people, "CREATE UNIQUE INDEX one ON customer (lower(mail))", f"INSERT INTO customer VALUES {rows}")
    books = kind(
        "deliver books", {"ended": day_in("ended"), "booked": day_in("booked")}, cell("name", blank=None),
        cell("mail", blank=None),
    )  # fmt: skip
    made = _made(request, server, statements, replace(CUSTOMER, kinds=(books,)))
    made.sweep()
    assert made.rows("SELECT id, name, mail FROM customer ORDER BY id") == [
        (n, f"erased-{n}", f"erased-{n}") for n in (1, 2, 3)
    ]


def test_an_enumeration_tells_kinds_apart(request: pytest.FixtureRequest) -> None:
    statements = (
        "CREATE TYPE sort AS ENUM ('person', 'firm')",
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, sort sort, born DATE, ended DATE, name TEXT)",
        f"INSERT INTO customer VALUES (1, 'person', '{OLD}', '{OLD}', 'Ada'), (2, 'firm', '{OLD}', '{OLD}', 'Bea AB')",
    )
    moments = {"ended": day_in("ended")}
    person = kind("deliver", moments, cell("name"), name="person", when=(model.Test("sort", ("person",)),))
    firm = kind("deliver", {"ended": day_in("born")}, name="firm", when=(model.Test("sort", ("firm", "club")),))
    firm = replace(firm, bindings=(), moments=moments)
    made = _made(request, "postgresql_url", statements, replace(CUSTOMER, kinds=(person, firm)))
    made.sweep()
    assert made.rows("SELECT id FROM customer") == [(2,)]


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_chain_through_tables_that_refer_to_one_another_goes_in_one_sweep_and_a_circle_stays_empty(
    request: pytest.FixtureRequest, server: str
) -> None:
    """Neither table can be swept before the other: each row waits for one of the other table."""

    def one_of(name: str, other: str) -> Table:
        link = Link("other", other, ("other_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL, nullable=False)
        return table(name, kind("deliver", {"ended": day_in("ended")}, cell("note")), links=[link], owners=())

    columns = "id INTEGER PRIMARY KEY, born DATE, ended DATE, note TEXT, other_id INTEGER NOT NULL"
    statements = (
        f"CREATE TABLE left_one ({columns})",
        f"CREATE TABLE right_one ({columns} REFERENCES left_one DEFERRABLE INITIALLY DEFERRED)",
        *(
            ("ALTER TABLE left_one ADD FOREIGN KEY (other_id) REFERENCES right_one DEFERRABLE INITIALLY DEFERRED",)
            if server == "postgresql_url"
            else (
                "DROP TABLE left_one",
                f"CREATE TABLE left_one ({columns} REFERENCES right_one DEFERRABLE INITIALLY DEFERRED)",
            )
        ),
        f"INSERT INTO left_one VALUES (1, '{OLD}', NULL, 'stays', 1)",
        f"INSERT INTO right_one VALUES (1, '{OLD}', NULL, 'stays', 1)",
        *(
            f"INSERT INTO {side}_one VALUES ({n}, '{OLD}', '{OLD}', 'goes', {n - (side == 'left')})"
            for n in (2, 3, 4)
            for side in ("left", "right")
        ),
    )
    tables = (one_of("left_one", "right_one"), one_of("right_one", "left_one"))
    somebody = model.Subject("customer", "left_one")
    made = Scratch(request.getfixturevalue(server), statements, *tables, subject=somebody)
    made.sweep()
    assert made.rows("SELECT id FROM left_one") == made.rows("SELECT id FROM right_one") == [(1,)]
    for number, other in ((9, 1), (10, 9)):
        for side in ("left", "right"):
            made.run(f"INSERT INTO {side}_one VALUES ({number}, '{OLD}', '{OLD}', 'goes', {other})")
    made.run("UPDATE left_one SET other_id = 9 WHERE id = 9")
    made.run("UPDATE right_one SET other_id = 9 WHERE id = 9")
    made.sweep()  # the ninth hold on to one another, which an application can bring about
    kept = [(1, "stays"), (9, None)]
    assert made.rows("SELECT id, note FROM left_one") == made.rows("SELECT id, note FROM right_one") == kept
    assert made.plan() == set()
