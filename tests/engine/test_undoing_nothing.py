"""MyISAM holds no row and undoes nothing: killed at any moment, an apply loses no memory, and no receipt."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.model import Blank, Cell, Gone, Link, OwnersOf, Through
from ombud.engine.in_two import Busy, alone
from ombud.engine.noted import received
from ombud.sql.effects import Effects
from ombud.sql.engines import DIALECTS
from ombud.sql.intents import Intents
from ombud.sql.names import Names
from ombud.terms import Act, IdRef, IfNone, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, digest, kind, table
from tests.crash.scene import Killed, Moments, killed_at
from tests.engine.scratch import OLD, TODAY, Scratch

LATELY = "2026-05-01"
# A bill's year begins when its purchase was booked; the purchase goes first, for nobody has to keep it.
PURCHASE = table(
    "purchase",
    kind("deliver", {"ended": Through("customer", "ended"), "booked": day_in("booked")}, cell("note")),
    links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)],
    owners=(OwnersOf("customer"),),
)
BILL = table(
    "bill",
    kind(
        "books deliver",
        {"booked": Through("purchase", "booked"), "ended": Through("purchase", "ended")},
        cell("total", "bill"),
        cell("greeting"),
        Cell("extra.wish", "extra", "contact", json=("wish",), blank=Blank(None)),
    ),
    links=[Link("purchase", "purchase", ("purchase_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)],
    owners=(OwnersOf("purchase"),),
)
EACH = 3
MOMENTS = int(os.environ.get("OMBUD_CASES", "8"))
"""At how many moments of an apply it is killed."""
STATEMENTS = (
    "CREATE TABLE customer (id INT PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT) ENGINE = MyISAM",
    "CREATE TABLE purchase (id INT PRIMARY KEY, customer_id INT, born DATE, booked DATE, note TEXT) ENGINE = MyISAM",
    "CREATE TABLE bill (id INT PRIMARY KEY, purchase_id INT, born DATE, total TEXT, greeting VARCHAR(20) UNIQUE,"
    " extra TEXT) ENGINE = MyISAM",
    *(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada', 'a{n}@x.example')" for n in range(EACH)),
    *(f"INSERT INTO purchase VALUES ({n}, {n}, '{OLD}', '{LATELY}', 'a gift')" for n in range(EACH)),
    *(
        f"INSERT INTO bill VALUES ({n}, {n}, '{OLD}', '10 kr', 'Dear {n}', '{{\"wish\": \"blue\"}}')"
        for n in range(EACH)
    ),
)
DONE = 4 * EACH
"""Customers and purchases go, and of each bill a greeting and a wish."""


@pytest.fixture
def shop(mariadb_address: str) -> Iterator[Scratch]:
    made = Scratch(mariadb_address, STATEMENTS, CUSTOMER, PURCHASE, BILL, subject=CUSTOMERS)
    yield made
    made.engine.dispose()


def names(made: Scratch, connection: sa.Connection) -> Names:
    return Names(made.map, reflect(connection), DIALECTS["mariadb"])


def kept(made: Scratch) -> list[tuple[object, ...]]:
    """By which rules bills are remembered."""
    return sorted(made.rows("SELECT k0, SUBSTRING_INDEX(rule, '/', 2), state, day FROM ombud_memo_bill"))


def receipts(made: Scratch) -> int:
    with made.engine.begin() as connection:
        return sum(received(connection, names(made, connection), "p").values())


def killed(made: Scratch, moments: Moments) -> None:
    """An apply that dies, and its connection with it."""
    other = connect(made.engine.url.render_as_string(hide_password=False))
    moments.listen(other)
    try:
        with other.connect() as connection:
            made._sweep(connection, batch_size=2).apply()
    except Killed:
        pass
    finally:
        other.dispose()


def moments_of_an_apply(made: Scratch) -> int:
    counted = Moments()
    killed(made, counted)
    return counted.passed


REMEMBERED = sorted(
    (n, *what)
    for n in range(EACH)
    for what in (
        ("moment/through", "day", LATELY),
        ("moment/through", "day", OLD),
        ("owner/of", "certain", None),
        ("owner/of", "nobody", None),
    )
)


def test_all_of_it_is_done_and_remembered(shop: Scratch) -> None:
    assert "M426" in shop.codes()
    shop.sweep()
    assert shop.rows("SELECT * FROM customer") == shop.rows("SELECT * FROM purchase") == []
    assert shop.rows("SELECT DISTINCT purchase_id, total, greeting FROM bill") == [(None, "10 kr", None)]
    assert {json.loads(extra)["wish"] for (extra,) in shop.rows("SELECT extra FROM bill")} == {None}
    assert kept(shop) == REMEMBERED
    assert receipts(shop) == DONE
    assert shop.rows("SELECT name FROM ombud_meta WHERE name LIKE 'intent/%%'") == []
    assert shop.plan() == set()


def anew(made: Scratch) -> None:
    """As if nothing had been planned yet."""
    own = [name for (name,) in made.rows("SHOW TABLES") if name not in ("ombud_meta", "ombud_calendar")]
    for name in own:
        made.run(f"DELETE FROM {name}")
    made.run("DELETE FROM ombud_meta WHERE name LIKE 'intent/%%'")
    for statement in STATEMENTS:
        if statement.startswith("INSERT"):
            made.run(statement)
    made.plan()


@pytest.mark.parametrize("resumed", [True, False], ids=["resumed", "planned anew"])
def test_killed_at_any_moment_and_taken_up_again(shop: Scratch, resumed: bool) -> None:
    shop.plan()
    last = moments_of_an_apply(shop)
    for moment in range(2, last, max(1, last // MOMENTS)):
        anew(shop)
        killed(shop, killed_at(moment))
        if not resumed:
            shop.plan()
        shop.apply()
        assert kept(shop) == REMEMBERED, moment
        assert shop.rows("SELECT count(*) FROM customer") == shop.rows("SELECT count(*) FROM purchase") == [(0,)]
        assert receipts(shop) == DONE, moment


def test_a_hold_that_comes_between_intent_and_effect_is_heard(shop: Scratch) -> None:
    shop.plan()
    mark = Mark(1, TODAY, Act.HELD, frozenset({IdRef("email", digest("email", "a1@x.example"))}))
    effects = list[str]()

    class Holding(Moments):
        def listen(self, engine: sa.Engine) -> None:
            sa.event.listen(engine, "before_cursor_execute", self._heard)

        def _heard(self, connection: sa.Connection, cursor: object, statement: str, *_: object) -> None:
            if "intent/" in str(_) and statement.startswith("INSERT") and not effects:
                effects.append(statement)
                waiting.start()

    waiting = threading.Thread(target=lambda: shop.mark(mark))
    killed(shop, Holding())
    waiting.join()
    assert effects
    shop.apply()
    assert shop.rows("SELECT id FROM customer") == shop.rows("SELECT id FROM purchase") == [(1,)]


def test_what_is_refused_alone_is_set_aside_and_the_rest_is_done(mariadb_address: str) -> None:
    """Two greetings would be blanked to one value, which is there once: the column takes it once."""
    checked = [each.replace("greeting VARCHAR(20) UNIQUE", "greeting VARCHAR(20) CHECK (id <> 1 OR greeting > '')")
               for each in STATEMENTS]  # fmt: skip
    shop = Scratch(mariadb_address, checked, CUSTOMER, PURCHASE, BILL, subject=CUSTOMERS)
    shop.run(
        "ALTER TABLE bill MODIFY greeting VARCHAR(20), ADD CONSTRAINT told CHECK (id <> 1 OR greeting IS NOT NULL)"
    )
    shop.sweep()
    assert shop.rows("SELECT id, greeting FROM bill ORDER BY id") == [(0, None), (1, "Dear 1"), (2, None)]
    assert receipts(shop) == DONE - 2  # a row is refused whole
    assert shop.rows("SELECT count(*) FROM purchase") == [(0,)]
    assert kept(shop) == REMEMBERED
    shop.engine.dispose()


def test_two_are_never_in_a_batch_at_once(shop: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.engine.in_two.PATIENCE", 0)
    shop.plan()
    with shop.engine.connect() as one, shop.engine.connect() as other:
        with alone(one, names(shop, one)):
            for act in (shop.plan, shop.apply):
                with pytest.raises(Busy, match="another apply of source crm"):
                    act()
        with alone(other, names(shop, other)):
            pass


def test_a_trigger_on_such_a_table_is_refused(shop: Scratch) -> None:
    shop.run("CREATE TRIGGER told BEFORE DELETE ON purchase FOR EACH ROW SET @told = 1")
    with pytest.raises(NotImplementedError, match="purchase: a trigger may stop half a batch"):
        shop.plan()


def test_a_row_of_a_batch_that_neither_goes_nor_loses_anything_does_not_tell_that_it_was_done(shop: Scratch) -> None:
    """Killed before the first effect, a batch with an empty shell in it would be taken for carried out."""
    shop.plan()
    with shop.engine.connect() as connection:
        sweep = shop._sweep(connection)
        intents = Intents(Effects(sweep.judge, sweep.freezer, PURCHASE), PURCHASE)
        batch = sweep.names.batch("purchase")
        with connection.begin():
            connection.execute(batch.insert().values(k0=0, gone=0, c0=0))
            assert connection.execute(intents.size()).scalar_one() == 0
            connection.execute(batch.insert().values(k0=1, gone=0, c0=1))
            connection.execute(batch.insert().values(k0=2, gone=1, c0=0))
            assert connection.execute(intents.size()).scalar_one() == 2
