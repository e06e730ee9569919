"""An identifier that two rows had was never either's alone, also when one of the two is gone."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ombud.engine.sidecar import acknowledge
from ombud.terms import Act, IdRef, Mark
from tests.claims.shop import digest
from tests.engine.warehouse import LONG_AGO, TODAY, Warehouse


def _end_by_mail(warehouse: Warehouse, mail: str, day: date = TODAY) -> None:
    mark = Mark(9, day, Act.ENDED, frozenset({IdRef("email", digest("email", mail))}))
    with warehouse.engine.connect() as connection, connection.begin():
        acknowledge(connection, warehouse.sweep(connection).names, [mark])


def test_who_stays_is_not_erased_by_the_address_of_both(warehouse: Warehouse) -> None:
    warehouse.insert("customer", id=1, ended=LONG_AGO, name="Ada", email="home@x.example")
    warehouse.insert("customer", id=2, ended=None, name="Bo", email="home@x.example")
    warehouse.plan()
    warehouse.apply()
    assert warehouse.keys("customer") == [2]
    _end_by_mail(warehouse, "home@x.example")
    assert warehouse.plan() == {}


def test_an_address_of_one_alone_erases_that_one(warehouse: Warehouse) -> None:
    warehouse.insert("customer", id=1, ended=LONG_AGO, name="Ada", email="ada@x.example")
    warehouse.insert("customer", id=2, ended=None, name="Bo", email="bo@x.example")
    warehouse.plan()
    warehouse.apply()
    _end_by_mail(warehouse, "bo@x.example")
    assert warehouse.plan()["customer"].deleted == 1


def test_what_is_remembered_twice_stands_once(warehouse: Warehouse) -> None:
    for key, ended in ((1, LONG_AGO), (2, LONG_AGO), (3, None)):
        warehouse.insert("customer", id=key, ended=ended, name="Ada", email="home@x.example")
    warehouse.plan()
    warehouse.apply(batch_size=1)
    with warehouse.engine.connect() as connection, connection.begin():
        memo = warehouse.sweep(connection).names.memo("customer")
        assert connection.execute(sa.select(sa.func.count()).select_from(memo)).scalar_one() == 1
