"""A row whose key is NULL cannot be named or judged: it stays, and is told wherever nothing is said to be due."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Place


@pytest.fixture
def unnamed(bare: Place) -> Place:
    bare.sql("desk", "DROP TABLE ticket")
    bare.sql("desk", "CREATE TABLE ticket (id TEXT PRIMARY KEY, email TEXT, opened DATE, closed DATE, body TEXT)")
    old = "'ada@x.example', '2019-01-01', '2020-01-01', 'lamp'"
    bare.sql("desk", f"INSERT INTO ticket VALUES (NULL, {old}), (NULL, {old}), ('a', {old})")
    return bare


def test_rows_without_a_key_stay_and_are_told_by_plan_and_apply(unnamed: Place) -> None:
    said = "C067: desk.ticket: 2 rows without a key (id is NULL) cannot be judged, and stay"
    assert said in unnamed.run("plan", "--source", "desk").stderr
    applied = unnamed.apply(unnamed.plan())
    assert applied.exit_code == 0
    assert said in applied.stderr
    assert unnamed.sql("desk", "SELECT id FROM ticket") == [(None,), (None,)]
    again = unnamed.run("plan", "--source", "desk")
    assert "Nothing is due" in again.stdout
    assert said in again.stderr


def test_where_every_row_has_a_key_nothing_is_told(unnamed: Place) -> None:
    unnamed.sql("desk", "DELETE FROM ticket WHERE id IS NULL")
    assert "C067" not in unnamed.run("plan", "--source", "desk").output
