"""`check --live --indexes`: which indexes would help, and that they do."""

from __future__ import annotations

import sqlalchemy as sa

from tests.cli.conftest import Place


def _advised(place: Place) -> list[dict[str, object]]:
    found: list[dict[str, object]] = place.json("check", "--live", "--indexes")["indexes"]
    return found


def test_what_is_missing_is_told_and_once_made_is_not(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    before = sa.inspect(engine).get_indexes("orders")
    told = {str(each["statement"]): each for each in _advised(place) if each["source"] == "shop"}
    assert sa.inspect(engine).get_indexes("orders") == before  # it only looks
    on = [statement.partition(" ON ")[2].removeprefix("public.") for statement in told]
    assert on[:3] == ["customer (ended_at)", "orders (placed)", "orders (customer_id)"]
    assert on[3].startswith("customer ((CAST(CASE WHEN")
    assert [each["rows"] for each in told.values()] == [5, 3, 3, 5]
    with engine.begin() as connection:
        for statement in told:
            connection.exec_driver_sql(statement)
    assert [each for each in _advised(place) if each["source"] == "shop"] == []


def test_an_index_takes_no_more_than_is_said(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    numbers = "WITH RECURSIVE c (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM c WHERE n < 30000)"
    day = (
        "date '2020-01-01' + n / 60" if engine.dialect.name == "postgresql" else "date('2020-01-01', n / 60 || ' days')"
    )
    with engine.begin() as connection:
        made = f"SELECT n, 'Eva', 'eva' || n || '@x.example', '2019-01-01', {day} FROM c"
        connection.exec_driver_sql(f"INSERT INTO customer {numbers} {made}")
    for each in (each for each in _advised(place) if each["table"] == "customer"):
        promised, before = int(str(each["bytes"])), _size(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(str(each["statement"]))
        took = _size(engine) - before
        assert promised / 10 < took < promised * 1.2, (each, took)  # PostgreSQL keeps equal values once


def _size(engine: sa.Engine) -> int:
    postgresql = engine.dialect.name == "postgresql"
    asked = "SELECT pg_database_size(current_database())" if postgresql else "PRAGMA page_count"
    with engine.begin() as connection:
        return int(connection.exec_driver_sql(asked).scalar_one()) * (1 if postgresql else 4096)


def test_indexes_are_of_databases(project: Place) -> None:
    refused = project.run("check", "--indexes")
    assert refused.exit_code == 2
    assert "--live" in refused.stderr
