"""The servers and the folder that other stories borrow are really there, and really ours to change."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy


def can_write(url: str) -> bool:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE probe (word VARCHAR(10))")
        connection.exec_driver_sql("INSERT INTO probe VALUES ('åäö')")
        word = connection.exec_driver_sql("SELECT word FROM probe").scalar_one()
        connection.exec_driver_sql("DROP TABLE probe")
    return bool(word == "åäö")


def test_a_postgresql_database_of_our_own_can_be_written_to(postgresql_url: str) -> None:
    assert can_write(postgresql_url)


def test_a_mariadb_database_of_our_own_can_be_written_to(mariadb_url: str) -> None:
    assert can_write(mariadb_url)


def test_the_numbered_facts_are_beside_the_project(shared: Path) -> None:
    assert "| P18 |" in (shared / "seed" / "facts.md").read_text(encoding="utf-8")
