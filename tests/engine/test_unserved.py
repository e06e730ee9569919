"""What the engine cannot do yet it refuses before it looks at a row: half of it would be a wrong deletion."""

from __future__ import annotations

from dataclasses import replace

from ombud.datamap.model import SourceMap
from ombud.engine.sweep import unserved
from tests.claims.shop import CUSTOMER, CUSTOMERS


def test_a_table_without_a_key_is_refused_what_needs_one() -> None:
    source = SourceMap("crm", {"customer": replace(CUSTOMER, key=())}, {"customer": CUSTOMERS})
    assert list(unserved(source)) == [
        "customer is the table of customer, and a person is known by the key of their row"
    ]
