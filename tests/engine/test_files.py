"""A file that a cell names is not forgotten when the cell goes: its name waits in the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from ombud.adapters.database import connect, reflect
from ombud.datamap.model import Blank, Cell, SourceMap
from ombud.engine.sweep import Sweep
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, digest


def test_the_photo_of_a_row_that_goes_waits_in_the_outbox_and_that_of_one_that_stays_does_not(tmp_path: Path) -> None:
    (tmp_path / "crm.db").touch()
    photo = Cell("photo", "photo", "text", file="photos", blank=Blank(None))
    kind = replace(CUSTOMER.kinds[0], cells={**CUSTOMER.kinds[0].cells, "photo": photo})
    source = SourceMap("crm", {"customer": replace(CUSTOMER, kinds=(kind,))}, {"customer": CUSTOMERS})
    engine = connect(f"sqlite:///{tmp_path / 'crm.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT, photo TEXT)"
        )
        for row in ((1, "2018-02-02", "gone.jpg"), (2, None, "stays.jpg"), (3, "2018-02-02", "")):
            connection.exec_driver_sql("INSERT INTO customer VALUES (?, '2018-01-01', ?, 'Åsa', NULL, ?)", row)
        schema = reflect(connection)
    with engine.connect() as connection:
        sweep = Sweep(connection, POLICY, source, schema, date(2026, 6, 1), digest, "p")
        sweep.prepare()
        sweep.freeze()
        sweep.apply()
        with connection.begin():
            outbox = sweep.names.outbox
            waiting = connection.execute(sa.select(outbox.c.root, outbox.c.path)).all()
            left = connection.exec_driver_sql("SELECT id FROM customer").scalars().all()
    assert left == [2]
    assert [tuple(row) for row in waiting] == [("photos", "gone.jpg")]
