"""A table whose key is another than when its rows were remembered: what is known of them is not lost without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ombud.datamap.model import SourceMap
from ombud.engine.sidecar import KeyChanged
from ombud.engine.sweep import Sweep
from tests.claims.shop import POLICY, digest
from tests.engine.warehouse import LONG_AGO, MAP, Warehouse

BY_NAME = SourceMap(
    "crm", {**MAP.tables, "customer": replace(MAP.tables["customer"], key=("email",))}, dict(MAP.subjects)
)


def _prepare(warehouse: Warehouse) -> None:
    with warehouse.engine.connect() as connection:
        Sweep(connection, POLICY, BY_NAME, warehouse.schema, date(2026, 6, 1), digest, "q").prepare()


def test_another_key_is_taken_while_nothing_is_remembered(warehouse: Warehouse) -> None:
    warehouse.with_customers(1)
    warehouse.plan()
    _prepare(warehouse)
    with warehouse.engine.connect() as connection:
        sweep = Sweep(connection, POLICY, BY_NAME, warehouse.schema, date(2026, 6, 1), digest, "q")
        assert sweep.freeze()["customer"].deleted == 1


def test_another_key_is_refused_once_something_is(warehouse: Warehouse) -> None:
    for key, ended in ((1, LONG_AGO), (2, None)):
        warehouse.insert("customer", id=key, ended=ended, name="Ada", email="home@x.example")
    warehouse.plan()
    warehouse.apply()
    with pytest.raises(KeyChanged, match="customer"):
        _prepare(warehouse)
