"""What a map writes for "nothing has happened" is compared with columns of any type, on every engine."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place

SAID = '[0, "", "0000-00-00", "1900-01-01", "9999-12-31", "1900-01-01 00:00:00", "9999-12-31 00:00:00"]'
"""The map's own values, whichever the column can hold; 1 January 1900 is a day like others where it is not said."""

ENDED = {
    ("DATE", "encoding: date"): ("1900-01-01", "9999-12-31", "2020-01-01"),
    ("TIMESTAMP", "encoding: timestamp, zone: UTC"): (
        "1900-01-01 00:00:00",
        "9999-12-31 00:00:00",
        "2020-01-01 00:00:00",
    ),
    ("TIMESTAMPTZ", "encoding: timestamptz"): (
        "1900-01-01 00:00:00",
        "9999-12-31 00:00:00",
        "2020-01-01 00:00:00",
    ),
    ("TEXT", "encoding: text_date"): ("", "0000-00-00", "2020-01-01"),
    ("BIGINT", "encoding: epoch_s"): ("0", "0", "1577836800"),
}
"""Two that say nothing, and one long ago."""


@pytest.mark.parametrize("column", ENDED)
def test_values_that_say_nothing_are_known_whatever_the_type(
    shop: tuple[Place, sa.Engine], column: tuple[str, str]
) -> None:
    place, engine = shop
    kind, said = column
    if engine.dialect.name == "sqlite":
        kind = kind.replace("TIMESTAMPTZ", "TEXT")
    place.replace("datamap/shop.yaml", "ended: ended_at", f"ended: {{column: ended_at, {said}}}")
    place.replace("datamap/shop.yaml", "grace: 2", f"grace: 2\nabsent: {SAID}")
    with engine.begin() as connection:
        for table in ("orders", "customer"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql(
            f"CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, email TEXT, created DATE, ended_at {kind})"
        )
        connection.exec_driver_sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, placed DATE, "
            "goods TEXT, deliver_to TEXT)"
        )
        for key, ended in enumerate(ENDED[column]):
            row = f"({key}, 'n', '{key}@x.example', '2019-01-01', '{ended}')"
            connection.exec_driver_sql(f"INSERT INTO customer VALUES {row}")
    told = [place.run("explain", f"shop/customer/{key}").stdout for key in range(3)]
    assert ["has not happened" in each or "not yet" in each for each in told] == [True, True, False], told
    place.apply(place.plan())
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM customer ORDER BY id").scalars().all() == [0, 1]
