"""Days that stand in columns of text are read alike by `check --live`, by a plan, and on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place

ROWS = {
    1: "2020-01-01",  # long ago
    2: None,  # not yet
    3: "2025-06-01",  # today is the last day
    4: "2025-05-31",  # yesterday was the last day
    5: "2025-02-30",  # in no calendar: unknown
    6: "last spring",
}
LATE = " 23:30:00"
"""In Stockholm, and two hours less in UTC."""

CLOCK = {"date": "", "text_date": "", "timestamp": LATE, "text_timestamp": LATE, "timestamptz": " 21:30:00"}
"""What stands after the day."""


@dataclass
class Shop:
    """A customers' table whose days are text."""

    place: Place
    engine: sa.Engine

    def filled(self, encoding: str) -> None:
        said = "encoding: date" if encoding == "date" else f"encoding: {encoding}, zone: Europe/Stockholm"
        self.place.replace("datamap/shop.yaml", "encoding: date", said)
        with self.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS orders")
            connection.exec_driver_sql("DROP TABLE IF EXISTS customer")
            connection.exec_driver_sql(
                "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, email TEXT, created TEXT, ended_at TEXT)"
            )
            connection.exec_driver_sql(
                "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, placed TEXT, "
                "goods TEXT, deliver_to TEXT)"
            )
            for key, day in ROWS.items():
                connection.execute(
                    sa.text("INSERT INTO customer VALUES (:key, 'n', :email, :born, :ended)"),
                    {
                        "key": key,
                        "email": f"{key}@x.example",
                        "born": f"2019-01-01{CLOCK[encoding]}",
                        "ended": day and day + CLOCK[encoding],
                    },
                )

    def left(self) -> list[int]:
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql("SELECT id FROM customer ORDER BY id").scalars())


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, bare: Place) -> Iterator[Shop]:
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{bare.directory / 'shop.db'}")
    else:
        engine = sa.create_engine(request.getfixturevalue("postgresql_url"))
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        bare.replace("ombud.yaml", "sqlite:///shop.db", url)
    yield Shop(bare, engine)
    if request.param == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE orders, customer")
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
    engine.dispose()


@pytest.mark.parametrize("encoding", sorted(CLOCK))
def test_days_in_text_are_read_in_whatever_way_the_map_names_them(shop: Shop, encoding: str) -> None:
    shop.filled(encoding)
    checked = shop.place.run("check", "--live")
    assert checked.exit_code == 0, checked.stderr
    applied = shop.place.apply(shop.place.plan("--source", "shop"))
    assert applied.exit_code == 0, applied.output
    assert shop.left() == [2, 3, 5, 6]
    explained = shop.place.json("explain", "shop/customer/3")["row"]
    assert (explained["outcome"], explained["tomorrow"]) == ("keep", "delete"), "the oracle reads it so too"
