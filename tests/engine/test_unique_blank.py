"""What is written over a value that must be unique is made of the row's key, and no two keys give one text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect, reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.datamap.model import Blank, DataMap, SourceMap
from ombud.engine.sweep import Sweep
from tests.claims.shop import POLICY, cell, day_in, digest, kind, table

KEYS = [("a", "b-c"), ("a-b", "c"), ("a-", "b"), ("a", "-b"), ("a~", "b"), ("a", "~b")]
TODAY = date(2026, 6, 1)
NAMES = kind("deliver books", {"ended": day_in("ended"), "booked": day_in("booked")}, cell("name"))
PERSON = replace(
    table("person", replace(NAMES, cells={"name": replace(NAMES.cells["name"], blank=Blank("erased-", per_key=True))})),
    key=("one", "two"),
)
MAP = SourceMap("crm", {"person": PERSON}, {})


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    (tmp_path / "crm.db").touch()
    return f"sqlite:///{tmp_path / 'crm.db'}"


@pytest.mark.parametrize("server", ["sqlite", "postgresql_url"])
def test_keys_with_hyphens_stay_apart(server: str, request: pytest.FixtureRequest) -> None:
    engine = connect(request.getfixturevalue(server))
    rows = [
        {
            "one": one,
            "two": two,
            "name": f"Ada {n}",
            "born": "2018-01-01",
            "ended": "2019-01-01",
            "booked": "2026-01-01",
        }
        for n, (one, two) in enumerate(KEYS)
    ]
    with engine.begin() as connection:
        if server != "sqlite":
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
        connection.exec_driver_sql("DROP TABLE IF EXISTS person")
        connection.exec_driver_sql(
            "CREATE TABLE person (one TEXT, two TEXT, name TEXT NOT NULL UNIQUE, born DATE, ended DATE, booked DATE,"
            " PRIMARY KEY (one, two))"
        )
        connection.execute(sa.table("person", *map(sa.column, rows[0])).insert(), rows)
        schema = reflect(connection)
    with engine.connect() as connection:
        once = Sweep(connection, POLICY, MAP, schema, TODAY, digest, "p")
        once.prepare()
        once.freeze()
        once.apply()
        with connection.begin():
            found = connection.exec_driver_sql("SELECT one, two, name FROM person").all()
    engine.dispose()
    written = {(one, two): name for one, two, name in found}
    world = World({"crm": {"person": tuple(rows)}}, {"crm": schema})
    after, _ = sweep(POLICY, DataMap({"crm": MAP}), world, (), TODAY, digest)
    assert written == {(row["one"], row["two"]): row["name"] for row in after.tables["crm"]["person"]}
    assert written["a", "b-c"] == "erased-a-b~-c"
    assert len(set(written.values())) == len(KEYS)
    assert all(name.startswith("erased-") for name in written.values())
