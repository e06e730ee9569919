"""Instants that stand in columns of decimal numbers are read alike by a plan and an explanation."""

from __future__ import annotations

import sqlalchemy as sa

from tests.cli.conftest import Place

ENDED = {1: "1577836800", 2: "1577836800.000", 3: "1577836800.5"}
"""Seconds; the last is no whole number, so it cannot be read."""


def test_whole_numbers_are_instants_and_others_are_doubt(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    place.replace("datamap/shop.yaml", "encoding: date", "encoding: date, columns: {ended_at: epoch_s}")
    with engine.begin() as connection:
        for table in ("orders", "customer"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, email TEXT, created DATE, ended_at NUMERIC)"
        )
        connection.exec_driver_sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, placed DATE, "
            "goods TEXT, deliver_to TEXT)"
        )
        for key, ended in ENDED.items():
            said = f"({key}, 'n', '{key}@x.example', '2019-01-01', {ended})"
            connection.exec_driver_sql(f"INSERT INTO customer VALUES {said}")
    told = [place.run("explain", f"shop/customer/{key}").stdout for key in ENDED]
    assert ["unknown, so it stays" in each for each in told] == [False, False, True]
    place.apply(place.plan())
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM customer").scalars().all() == [3]
