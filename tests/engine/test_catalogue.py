"""What PostgreSQL would change along with a row is seen, whichever of its tables it is declared of."""

from __future__ import annotations

import os
import warnings

import pytest

from ombud.adapters.reflect import reflect
from ombud.datamap.schema import Reference
from tests.claims.shop import CUSTOMER
from tests.engine.scratch import OLD, ON_BOTH, Scratch

PEOPLE = "(id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)"
PLAIN = f"CREATE TABLE customer {PEOPLE}"
PARTED = (f"CREATE TABLE customer {PEOPLE} PARTITION BY RANGE (id)",
          "CREATE TABLE low PARTITION OF customer FOR VALUES FROM (0) TO (100)")  # fmt: skip
TWO = f"INSERT INTO customer VALUES (1, '{OLD}', '{OLD}', 'Ada'), (2, '{OLD}', NULL, 'Bea')"
NOTE = "CREATE TABLE note (id INTEGER, of INTEGER {}, PRIMARY KEY (id))"
CASCADE = "REFERENCES {} ON DELETE CASCADE"
FUNCTION = "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'"
TRIGGER = "CREATE TRIGGER look AFTER DELETE ON {} FOR EACH ROW EXECUTE FUNCTION look()"


def _made(url: str, *statements: str) -> Scratch:
    return Scratch(url, statements, CUSTOMER)


def _kept(made: Scratch, table: str = "note") -> bool:
    """The sweep leaves the note about somebody who is due, and the map is told of it."""
    assert "M407" in made.codes()
    made.sweep()
    return len(made.rows(f"SELECT * FROM {table}")) == 1


def test_a_reference_to_a_partition_pins_its_row(postgresql_url: str) -> None:
    note = NOTE.format(CASCADE.format("low"))
    assert _kept(_made(postgresql_url, *PARTED, note, TWO, "INSERT INTO note VALUES (7, 1)"))


def test_a_reference_of_a_partition_alone_pins(postgresql_url: str) -> None:
    note = (NOTE.format("") + " PARTITION BY RANGE (id)", "CREATE TABLE few PARTITION OF note DEFAULT",
            "ALTER TABLE few ADD FOREIGN KEY (of) REFERENCES customer ON DELETE CASCADE")  # fmt: skip
    assert _kept(_made(postgresql_url, PLAIN, *note, TWO, "INSERT INTO note VALUES (7, 1)"))


def test_tables_that_inherit_refuse(postgresql_url: str) -> None:
    assert "M415" in _made(postgresql_url, PLAIN, "CREATE TABLE friend () INHERITS (customer)").codes()


FAR = ("DROP FOREIGN DATA WRAPPER IF EXISTS far CASCADE", "CREATE FOREIGN DATA WRAPPER far",
       "CREATE SERVER far FOREIGN DATA WRAPPER far")  # fmt: skip


def test_a_partition_on_another_server_refuses(postgresql_url: str) -> None:
    keyless = PARTED[0].replace(" PRIMARY KEY", "")
    high = "CREATE FOREIGN TABLE high PARTITION OF customer FOR VALUES FROM (100) TO (200) SERVER far"
    assert "M415" in _made(postgresql_url, keyless, *FAR, high).codes()


def test_a_trigger_of_a_partition_is_told(postgresql_url: str) -> None:
    assert "M408" in _made(postgresql_url, *PARTED, FUNCTION, TRIGGER.format("low")).codes()


def test_a_trigger_is_told_to_a_user_who_may_only_read(postgresql_url: str) -> None:
    role = f"ombud_reads_{os.getpid()}"
    may = (
        f"CREATE ROLE {role} LOGIN",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON customer TO {role}",
    )
    made = _made(postgresql_url, PLAIN, FUNCTION, TRIGGER.format("customer"), *may)
    try:
        assert "M408" in made.by(f"-c role={role}").codes()
    finally:
        made.run(f"DROP OWNED BY {role}")
        made.run(f"DROP ROLE {role}")


def test_columns_called_like_sql_are_columns(postgresql_url: str) -> None:
    note = f'CREATE TABLE "note(a), ""x""" (id INTEGER PRIMARY KEY, "c,d (e)" INTEGER {CASCADE.format("customer")})'
    row = 'INSERT INTO "note(a), ""x""" VALUES (7, 1)'
    assert _kept(_made(postgresql_url, PLAIN, note, TWO, row), '"note(a), ""x"""')


def test_references_are_told_column_by_column(postgresql_url: str) -> None:
    pairs = ("CREATE TABLE pair (one INTEGER, gone INTEGER, two INTEGER, PRIMARY KEY (two, one))",
             "ALTER TABLE pair DROP COLUMN gone",
             "CREATE TABLE of_pair (a INTEGER, b INTEGER, FOREIGN KEY (b, a) REFERENCES pair (one, two)"
             " ON DELETE SET NULL)")  # fmt: skip
    with _made(postgresql_url, *pairs).engine.begin() as connection:
        references = reflect(connection).references
    assert references == (Reference("of_pair", ("b", "a"), "pair", ("one", "two"), "SET NULL"),)


# --- other schemas ---------------------------------------------------------------------------------------------------

APP = ("DROP SCHEMA IF EXISTS app, billing CASCADE", "CREATE SCHEMA app", "CREATE SCHEMA billing")


def test_a_table_further_down_the_search_path_is_looked_at_where_it_lies(postgresql_url: str) -> None:
    bill = "CREATE TABLE billing.invoice (id INTEGER PRIMARY KEY, of INTEGER REFERENCES customer ON DELETE CASCADE)"
    made = _made(postgresql_url, *APP, PLAIN, bill, FUNCTION, TRIGGER.format("customer"))
    assert {"M415", "M408"} <= made.by("-c search_path=app,public").codes()
    made.run("DROP SCHEMA app, billing CASCADE")


def test_a_sweep_changes_the_table_that_was_looked_at(postgresql_url: str) -> None:
    """Though another of its name comes first in the search path meanwhile."""
    made = _made(postgresql_url, *APP, PLAIN, TWO, f"UPDATE customer SET ended = '{OLD}'")
    below = made.by("-c search_path=app,public")
    below.plan()

    def shadow() -> None:
        made.run(f"CREATE TABLE app.customer {PEOPLE}")
        made.run(f"INSERT INTO app.customer VALUES (1, '{OLD}', NULL, 'Cai'), (2, '{OLD}', NULL, 'Dan')")

    below.apply(made.once(shadow), batch_size=1)
    assert made.rows("SELECT id FROM app.customer") == [(1,), (2,)]
    assert made.rows("SELECT id FROM public.customer") == []
    made.run("DROP SCHEMA app, billing CASCADE")


def test_ombuds_own_schema_is_never_looked_at(postgresql_url: str) -> None:
    """It is in the search path, as `"$user"`, where the user is called ombud."""
    made = _made(postgresql_url, PLAIN, TWO)
    made.plan()
    made.run(f"CREATE TABLE mark {PEOPLE}")
    made.run(NOTE.format(CASCADE.format("mark")))
    with made.by("-c search_path=ombud,public").engine.begin() as connection:
        schema = reflect(connection)
    assert set(schema.tables) == {"customer", "mark", "note"}
    assert set(schema.tables["mark"].columns) == {"id", "born", "ended", "name"}
    assert [(r.table, r.to) for r in schema.references] == [("note", "mark")]


def test_what_holds_data_beside_the_tables_is_known(postgresql_url: str) -> None:
    report = "CREATE MATERIALIZED VIEW report AS SELECT * FROM customer"
    old = "CREATE TABLE app.customer_old AS SELECT * FROM customer"
    foreign = (*FAR, "CREATE FOREIGN TABLE leads (name TEXT) SERVER far")
    made = _made(postgresql_url, *APP, PLAIN, report, "CREATE VIEW shown AS TABLE customer", old, *foreign)
    with made.engine.begin() as connection:
        schema = reflect(connection)
    made.run("DROP SCHEMA app, billing CASCADE")
    assert set(schema.tables) == {"customer"}
    assert schema.beside == {"report": "materialized view", "leads": "foreign table"}
    assert schema.elsewhere == ("app.customer_old",)


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_type_without_a_name_of_ours_is_another(server: str, request: pytest.FixtureRequest) -> None:
    point = "POINT" if server == "postgresql_url" else "DUNNO(1, 2)"
    made = Scratch(request.getfixturevalue(server), (f"CREATE TABLE customer (id INTEGER PRIMARY KEY, at {point})",))
    with made.engine.begin() as connection, warnings.catch_warnings():
        warnings.simplefilter("error")
        columns = reflect(connection).tables["customer"].columns
    assert columns["at"].family == ("other" if server == "postgresql_url" else "number")
