"""A shop of many customers, some of whom need a person of their own, and the statements that it is asked."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place, made, prepared

__all__ = ["prepared"]

MANY = 60
"""Customers of the shop, by the numbers from 100 on; each has an order, and a ticket at the desk."""

PROOF = ("--proof", "e_identification", "--how", "the signed-in form", "--by", "KL")


@pytest.fixture(scope="session")
def many_prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with many customers, as it is once its sources have sidecars."""
    place = made(tmp_path_factory.mktemp("many"))
    place.replace(
        "datamap/shop.yaml",
        "identifiers: {email: email}}",
        "identifiers: {email: email}, protected: {in: secret, unless: [0]}}",
    )
    place.replace("datamap/shop.yaml", "columns: {name: contact.name, email: contact.email}",
                  "columns: {name: contact.name, email: contact.email}\n    not_personal: [secret]")  # fmt: skip
    place.sql("shop", "ALTER TABLE customer ADD secret INTEGER NOT NULL DEFAULT 0")
    with sqlite3.connect(place.directory / "shop.db") as db:
        db.executemany("INSERT INTO customer VALUES (?, ?, ?, '2019-01-01', '2020-01-01', 0)",
                       [(n, f"Nr {n}", email(n)) for n in numbers(MANY)])  # fmt: skip
        db.executemany("INSERT INTO orders VALUES (?, ?, '2025-02-01', 'chair', ?)",
                       [(1000 + n, n, f"Nr {n}") for n in numbers(MANY)])  # fmt: skip
    with sqlite3.connect(place.directory / "desk.db") as db:
        db.executemany("INSERT INTO ticket VALUES (?, ?, '2019-01-01', '2020-01-01', 'Hello')",
                       [(n, email(n)) for n in numbers(MANY)])  # fmt: skip
    delivered = place.run("mark", "--deliver")
    assert delivered.exit_code == 0, delivered.output
    return place.directory


@pytest.fixture
def many(tmp_path: Path, many_prepared: Path) -> Place:
    """A copy of it for one story."""
    shutil.copytree(many_prepared, tmp_path, dirs_exist_ok=True)
    return Place(tmp_path)


@pytest.fixture(autouse=True)
def plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that are not set in type, which takes longer than all else of these stories."""
    monkeypatch.setattr("ombud.app.requests.answering.render", lambda body: b"%PDF of " + repr(body).encode())


def numbers(many: int) -> range:
    return range(100, 100 + many)


def email(number: int) -> str:
    return f"person{number}@x.example"


def listed(place: Place, name: str, rows: Iterable[Iterable[object]], head: str = "email") -> str:
    """A file of people, under its head."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    place.write(name, f"{head}\n{text.getvalue()}")
    return str(place.directory / name)


def people(place: Place, count: int, *more: str) -> str:
    """A file of so many customers, and of some others."""
    return listed(place, "people.csv", [*([email(n)] for n in numbers(count)), *([each] for each in more)])


@contextmanager
def counting() -> Iterator[dict[str, int]]:
    """How many statements the sources are asked meanwhile."""
    counts = {"statements": 0}

    def count(*_: object) -> None:
        counts["statements"] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    try:
        yield counts
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", count)
