"""Scope is widened once from each table, in an order that misses nothing; in a circle until nothing is new."""

from __future__ import annotations

from ombud.sql.scope import Scope
from tests.claims.shop import CUSTOMER, CUSTOMERS
from tests.engine.scratch import Scratch
from tests.engine.test_near import EVENT, ORDER, STATEMENTS, VISIT


def test_whoever_widens_comes_before_what_is_widened_and_a_circle_comes_together(shop_file: str) -> None:
    made = Scratch(shop_file, STATEMENTS, CUSTOMER, ORDER, EVENT, VISIT, subject=CUSTOMERS)
    with made.engine.connect() as connection:
        scope = Scope(made._sweep(connection).read)
    rounds = [
        ([table.name for table in tables], again) for tables, again in scope.rounds((CUSTOMER, ORDER, EVENT, VISIT))
    ]
    # An event counts its visits, and a visit points at its event.
    assert rounds == [(["orders"], False), (["event", "visit"], True), (["customer"], False)]
    assert [again for _, again in scope.rounds((CUSTOMER, VISIT))] == [False, False]
