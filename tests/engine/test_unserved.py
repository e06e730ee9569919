"""What the engine cannot do yet it refuses before it looks at a row: half of it would be a wrong deletion."""

from __future__ import annotations

from dataclasses import replace

from ombud.datamap.model import Cell, SourceMap
from ombud.engine.sweep import unserved
from tests.claims.shop import CUSTOMER, CUSTOMERS


def _with(cell: Cell) -> SourceMap:
    kind = replace(CUSTOMER.kinds[0], cells={**CUSTOMER.kinds[0].cells, cell.name: cell})
    return SourceMap("crm", {"customer": replace(CUSTOMER, kinds=(kind,))}, {"customer": CUSTOMERS})


def test_a_cell_that_is_not_a_whole_column_is_refused() -> None:
    cell = Cell("data.email", "data", "contact.email", json=("email",))
    assert list(unserved(_with(cell))) == ["customer.data.email is a value inside JSON"]


def test_a_table_without_a_key_is_refused() -> None:
    source = SourceMap("crm", {"customer": replace(CUSTOMER, key=())}, {"customer": CUSTOMERS})
    assert list(unserved(source)) == ["customer has no key"]
