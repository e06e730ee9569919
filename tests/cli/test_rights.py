"""What the user of a database may not do is told by name, with what to grant; nothing is said of what was not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from click.testing import Result

from ombud.adapters.denied import denied
from tests.cli.conftest import Place, address

Granting = Callable[[str], None]
"""Says a GRANT or REVOKE about the user."""

ADA = ("--subject", "email=ada@x.example")


@pytest.fixture
def swept(bare: Place, served: sa.Engine, reader: str) -> Place:
    """The shop once swept: Ada went, her order stays and remembers her. Its user may now read the shop's tables alone.

    As `docs/reference/cli.md` asked of one who only explains.
    """
    bare.replace("ombud.yaml", "sqlite:///shop.db", address(served))
    bare.run("mark", "ended", *ADA, "--ground", "Art. 17", "--purpose", "delivery")
    assert bare.apply(bare.plan()).exit_code == 0
    assert "somebody whose row is gone" in bare.run("explain", "shop/orders/11").stdout
    bare.replace("ombud.yaml", address(served), reader)
    return bare


@pytest.mark.parametrize("asked", [ADA, ("shop/orders/11",), ("shop/customer/1",), ("shop/customer/42",)])
def test_an_explanation_says_nothing_of_a_source_whose_memory_it_may_not_read(
    swept: Place, asked: tuple[str, ...]
) -> None:
    result = swept.run("explain", *asked)
    assert result.exit_code == 1
    assert "C031: shop: the user may not use the schema ombud" in " ".join(result.stderr.split())
    assert "GRANT USAGE ON SCHEMA ombud TO" in result.stderr
    assert "GRANT SELECT ON ALL TABLES IN SCHEMA ombud TO" in result.stderr
    for untruth in ("nothing is found of anybody with this identifier.", "About", "is not there", "the row"):
        assert untruth not in result.stdout


def test_such_a_source_is_not_looked_at(swept: Place) -> None:
    assert swept.json("explain", *ADA)["not_looked_at"] == ["shop"]
    told = " ".join(swept.run("explain", *ADA).stdout.split())
    assert "Not looked at: shop. What is held there is not known." in told


def test_a_check_of_the_database_tells_that_its_memory_cannot_be_read(swept: Place) -> None:
    result = swept.run("check", "--live")
    assert result.exit_code == 0, "maps and tables were compared"
    assert "warning C031: shop: the user may not use the schema ombud" in " ".join(result.stderr.split())
    assert "GRANT USAGE ON SCHEMA ombud TO" in result.stderr


def test_with_the_rights_it_asks_for_an_explanation_is_given(swept: Place, served: sa.Engine, reader: str) -> None:
    user = sa.make_url(reader).username
    with served.connect() as connection:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA ombud TO {user}")
    part = swept.run("explain", "shop/orders/11")
    assert part.exit_code == 1
    assert "C031: shop: the user may not read ombud." in " ".join(part.stderr.split())
    with served.connect() as connection:
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA ombud TO {user}")
    whole = swept.run("explain", "shop/orders/11")
    assert whole.exit_code == 0, whole.output
    assert "somebody whose row is gone" in whole.stdout
    assert "C031" not in swept.run("check", "--live").stderr


# --- what the sweeper lacks -------------------------------------------------------------------------------------


@pytest.fixture
def sweeper(bare: Place, served: sa.Engine, reader: str) -> Iterator[tuple[Place, Granting]]:
    """The shop, for a user who has what `docs/reference/cli.md` lists but for rights that are taken away from it."""
    user = sa.make_url(reader).username
    bare.replace("ombud.yaml", "sqlite:///shop.db", reader)

    def say(what: str) -> None:
        with served.connect() as connection:
            connection.exec_driver_sql(f"{what} {'FROM' if what.startswith('REVOKE') else 'TO'} {user}")

    say(f"GRANT CREATE, TEMPORARY ON DATABASE {served.url.database}")
    say("GRANT SELECT, UPDATE, DELETE ON customer, orders")
    with served.connect() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE newsletter (id INTEGER PRIMARY KEY, reader INTEGER REFERENCES customer)"
        )
        connection.exec_driver_sql("REVOKE TEMPORARY ON DATABASE " + str(served.url.database) + " FROM PUBLIC")
    say("GRANT SELECT ON newsletter")
    yield bare, say
    with served.connect() as connection:
        connection.exec_driver_sql("DROP TABLE newsletter")
        connection.exec_driver_sql(f"GRANT TEMPORARY ON DATABASE {served.url.database} TO PUBLIC")


def _told(result: Result) -> str:
    return " ".join(result.stderr.split())


def test_what_the_reference_lists_is_enough(sweeper: tuple[Place, Granting]) -> None:
    place, _ = sweeper
    checked = place.run("check", "--live")
    assert "M424" not in checked.stderr
    assert "M423" not in checked.stderr
    done = place.apply(place.plan())
    assert done.exit_code == 0, done.output
    assert place.apply(place.plan()).exit_code == 0
    assert place.run("mark", "held", "--subject", "email=bea@x.example").exit_code == 0


def test_a_table_that_refers_to_a_mapped_one_and_may_not_be_read_is_named(sweeper: tuple[Place, Granting]) -> None:
    place, say = sweeper
    say("REVOKE SELECT ON newsletter")
    for asked in (("check", "--live"), ("plan",)):
        result = place.run(*asked)
        assert result.exit_code == 1
        assert "M424: the user may not read newsletter, which refers to customer → GRANT SELECT ON newsletter" in _told(
            result
        )


def test_a_mapped_table_that_may_not_be_read_is_named(sweeper: tuple[Place, Granting]) -> None:
    place, say = sweeper
    say("REVOKE SELECT ON orders")
    say("GRANT SELECT (id, customer_id, placed) ON orders")
    assert "M424: the user may not read orders.goods, deliver_to" in _told(place.run("check", "--live"))


def test_what_an_apply_would_lack_is_told_by_the_check_and_the_plan(sweeper: tuple[Place, Granting]) -> None:
    place, say = sweeper
    say("REVOKE DELETE ON customer")
    say("REVOKE UPDATE ON orders")
    for asked in (("check", "--live"), ("plan", "--out", str(place.directory / "plan.json"))):
        result = place.run(*asked)
        assert result.exit_code == 0
        assert "M423: the user may plan and not apply: it lacks UPDATE on orders; DELETE on customer" in _told(result)
    done = place.apply(place.directory / "plan.json")
    assert done.exit_code == 1
    assert "C031" in done.stderr
    assert "the user may not " in done.stderr
    say("GRANT UPDATE (goods, deliver_to, customer_id) ON orders")
    assert "lacks DELETE on customer" in _told(place.run("check", "--live")), "no other column is ever changed"


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ("TEMPORARY", "the user may not make temporary tables"),
        ("CREATE", "the user may not make the schema ombud"),
    ],
)
def test_a_right_on_the_database_itself_is_named(sweeper: tuple[Place, Granting], taken: str, told: str) -> None:
    place, say = sweeper
    url = sa.make_url(place.directory.joinpath("ombud.yaml").read_text().split('"')[1])
    say(f"REVOKE {taken} ON DATABASE {url.database}")
    result = place.run("plan")
    assert result.exit_code == 1
    assert f"C031: shop: {told}" in _told(result)


def test_a_trigger_that_says_the_words_of_a_right_is_not_repeated(
    sweeper: tuple[Place, Granting], served: sa.Engine
) -> None:
    place, _ = sweeper
    with served.connect() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE 'permission denied for table Ada' USING ERRCODE = '42501'; END $$"
        )
        connection.exec_driver_sql("CREATE TRIGGER no BEFORE DELETE ON customer FOR EACH ROW EXECUTE FUNCTION no()")
    result = place.apply(place.plan())
    assert result.exit_code == 1
    assert "Ada" not in result.stderr
    with served.connect() as connection:
        connection.exec_driver_sql("DROP FUNCTION no CASCADE")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("SELECT command denied to user 'ann'@'localhost' for table `shop`.`newsletter`", "may not read newsletter"),
        ("DELETE command denied to user 'ann'@'localhost' for table 'orders'", "may not write orders (DELETE)"),
        ("UPDATE command denied to user 'ann'@'%' for column 'name' in table 'customer'", "write customer (UPDATE)"),
        ("Ada may not", "lacks a right"),
    ],
)
def test_what_mariadb_refuses_is_named(words: str, told: str) -> None:
    assert denied(Exception(1142, words), "").message.endswith(told)
    assert "ann" not in denied(Exception(1142, words), "").message
