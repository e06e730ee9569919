"""What stops a sweep is told from what is of single rows: rows are set aside for nothing that others would meet."""

from __future__ import annotations

import pytest

from ombud.sql.mariadb import MARIADB

pymysql = pytest.importorskip("pymysql")


@pytest.mark.parametrize("number", [1020, 1021, 1026, 1030, 1180, 1205, 1206, 1213, 1878, 1969, 2013])
def test_a_full_disk_a_wait_and_a_time_limit_are_of_no_row_on_mariadb(number: int) -> None:
    assert not MARIADB.refuses(pymysql.err.OperationalError(number, ""))


@pytest.mark.parametrize("number", [1048, 1062, 1406, 1451, 1644, 4025])
def test_a_constraint_and_a_trigger_are_of_rows_on_mariadb(number: int) -> None:
    assert MARIADB.refuses(pymysql.err.IntegrityError(number, ""))
