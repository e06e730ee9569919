"""Files go after their rows: every one that nothing names any more, none outside its folder, and again after a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.files import Directory
from ombud.adapters.reflect import reflect
from ombud.claims.files import removed
from ombud.claims.read import Reading
from ombud.claims.verdict import verdicts
from ombud.claims.world import World
from ombud.datamap import model
from ombud.datamap.model import Blank, Cell, DataMap, SourceMap
from ombud.engine.files import ATTEMPTS, Fate, FileCount, Store, clear_outbox
from ombud.engine.sweep import Sweep
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, cell, day_in, digest, kind, table
from tests.engine.warehouse import clear

TODAY = date(2026, 6, 1)
LONG_AGO = "2018-02-02"

PHOTO = Cell("photo", "photo", "contact", file="photos", blank=Blank(None))
_KIND = CUSTOMER.kinds[0]
WITH_PHOTO = replace(CUSTOMER, kinds=(replace(_KIND, cells={**_KIND.cells, "photo": PHOTO}),))
# A letter kept for the books loses its picture; of the other kind of letter the column is no file.
LETTER = table(
    "letter",
    kind(
        "deliver books",
        {"ended": day_in("ended"), "booked": day_in("booked")},
        cell("picture", file="photos"),
        name="picture",
        when=(model.Test("sort", ("picture",)),),
    ),
    kind("deliver", {"ended": day_in("ended")}, cell("picture"), name="plain", when=(model.Test("sort", ("plain",)),)),
)
MAP = SourceMap("crm", {"customer": WITH_PHOTO, "letter": LETTER}, {"customer": CUSTOMERS})

COLUMNS = {
    "customer": "id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT, photo TEXT",
    "letter": "id INTEGER PRIMARY KEY, born DATE, ended DATE, booked DATE, sort TEXT, picture TEXT",
}


class Shop:
    """Customers and letters on one engine, and a folder of their files."""

    def __init__(self, url: str, folder: Path) -> None:
        self.engine, self.folder, self.before = connect(url), folder, World({"crm": {}})
        with self.engine.begin() as connection:
            clear(connection)
            for name, columns in COLUMNS.items():
                connection.exec_driver_sql(f"CREATE TABLE {name} ({columns})")
            self.schema = reflect(connection)
        with self.engine.connect() as connection:
            self.sweep(connection).prepare()

    def close(self) -> None:
        with self.engine.begin() as connection:
            clear(connection)
        self.engine.dispose()

    def fill(self, **rows: list[dict[str, Any]]) -> None:
        """Rows, and a file for each name that they and `extra` give."""
        self.before = World({"crm": {name: tuple(rows.get(name, ())) for name in COLUMNS}})
        for name, each in rows.items():
            self.insert(name, *each)
        for each in (*rows.get("customer", ()), *rows.get("letter", ())):
            self.make(each.get("photo") or each.get("picture"))
        self.make("of nobody.jpg")

    def insert(self, name: str, *rows: Mapping[str, Any]) -> None:
        with self.engine.begin() as connection:
            for row in rows:
                into = sa.table(name, *(sa.column(c) for c in row))
                connection.execute(into.insert().values(dict(row)))

    def make(self, path: str | None) -> None:
        if path:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text("a face")

    def files(self) -> set[str]:
        return {str(each.relative_to(self.folder)) for each in self.folder.rglob("*") if each.is_file()}

    def sweep(self, connection: sa.Connection) -> Sweep:
        return Sweep(connection, POLICY, MAP, self.schema, TODAY, digest, "p")

    def swept(self) -> None:
        """Rows and cells go; files only wait."""
        with self.engine.connect() as connection:
            sweep = self.sweep(connection)
            sweep.freeze()
            sweep.apply()

    def clear(self, store: Store | None = None, pause: Callable[[float], None] = lambda _: None) -> FileCount:
        """What becomes of the files that wait."""
        with self.engine.connect() as connection:
            found = clear_outbox(self.sweep(connection), {"photos": store or Directory(self.folder)}, pause)
        return found.get("photos", FileCount())

    def waiting(self) -> set[tuple[str, str]]:
        with self.engine.begin() as connection:
            outbox = self.sweep(connection).names.outbox
            return {(row.root, row.path) for row in connection.execute(sa.select(outbox))}

    def by_oracle(self) -> set[str]:
        """The paths that the oracle says go."""
        look = Reading(POLICY, DataMap({"crm": MAP}), self.before, (), TODAY, digest)
        found = removed(look, verdicts(look))
        return {path for _, _, path in found}


def customer(key: int, photo: str | None, ended: str | None = LONG_AGO) -> dict[str, Any]:
    return {"id": key, "born": "2018-01-01", "ended": ended, "name": "Åsa", "email": None, "photo": photo}


def letter(key: int, picture: str, sort: str = "picture", **more: Any) -> dict[str, Any]:
    values = {"id": key, "born": "2018-01-01", "ended": LONG_AGO, "booked": None, "sort": sort, "picture": picture}
    return values | more


@pytest.fixture(params=["shop_file", "postgresql_url", "mariadb_address", "duckdb_url"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    url = request.getfixturevalue(request.param)
    folder = tmp_path / "photos"
    folder.mkdir()
    made = Shop(url, folder)
    yield made
    made.close()


def everybody(shop: Shop) -> None:
    """Of rows that go and stay, of cells that go, and of two who share one file."""
    shop.fill(
        customer=[
            customer(1, "goes.jpg"),
            customer(2, "stays.jpg", ended=None),
            customer(3, ""),
            customer(4, "below/here/å.jpg"),
            customer(5, "shared.jpg"),
            customer(6, "shared.jpg", ended=None),
            customer(7, "twice.jpg"),
            customer(8, "twice.jpg"),
            customer(9, "plain word.jpg"),
        ],
        letter=[
            letter(1, "in a letter.jpg"),
            letter(2, "in a letter that stays.jpg", ended=None),
            letter(3, "no file.jpg", sort="plain"),
            letter(4, "plain word.jpg", sort="plain", ended=None),
            letter(5, "of no known kind.jpg", sort="neither"),
        ],
    )


# --- which files go ---------------------------------------------------------------------------------------------


def test_the_engine_removes_the_files_that_the_oracle_says_go(shop: Shop) -> None:
    everybody(shop)
    before = shop.files()
    shop.swept()
    assert shop.files() == before, "a file went before the transaction of its row was over"
    found = shop.clear()
    assert before - shop.files() == shop.by_oracle() & before
    assert shop.by_oracle() == {"goes.jpg", "below/here/å.jpg", "twice.jpg", "plain word.jpg", "in a letter.jpg"}
    assert found == FileCount(removed=5)
    assert shop.waiting() == set()


def test_a_name_that_a_new_row_has_taken_meanwhile_stays_with_its_file(shop: Shop) -> None:
    shop.fill(customer=[customer(1, "1.jpg")])
    shop.swept()
    shop.insert("customer", customer(1, "1.jpg", ended=None))
    assert shop.clear() == FileCount()
    assert "1.jpg" in shop.files()
    assert shop.waiting() == set()


class Watching:
    """A store that lets somebody write while a file goes."""

    def __init__(self, of: Directory, write: Callable[[], None]) -> None:
        self.of, self.write = of, write
        self.errors: list[BaseException] = []

    def identity(self) -> str:
        return self.of.identity()

    def remove(self, path: str, begun_in: str) -> Fate:
        try:
            self.write()
        except sa.exc.OperationalError as error:
            self.errors.append(error)
        return self.of.remove(path, begun_in)


@pytest.mark.parametrize("engine", ["postgresql_url", "mariadb_address"])
def test_nobody_names_a_file_while_it_goes(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    shop = Shop(request.getfixturevalue(engine), tmp_path / "photos")
    shop.fill(customer=[customer(1, "1.jpg")])
    shop.swept()
    impatient = "SET lock_timeout = '500ms'" if engine == "postgresql_url" else "SET lock_wait_timeout = 1"

    def write() -> None:
        with shop.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(impatient)
            row = customer(2, "1.jpg", ended=None)
            into = sa.table("customer", *(sa.column(c) for c in row))
            connection.execute(into.insert().values(row))

    watching = Watching(Directory(shop.folder), write)
    assert shop.clear(watching) == FileCount(removed=1)
    assert len(watching.errors) == 1
    write()
    shop.close()


# --- again ------------------------------------------------------------------------------------------------------


class Dying:
    """A store whose machine stops once it has removed a file."""

    def __init__(self, of: Directory) -> None:
        self.of = of

    def identity(self) -> str:
        return self.of.identity()

    def remove(self, path: str, begun_in: str) -> Fate:
        self.of.remove(path, begun_in)
        raise KeyboardInterrupt


def test_a_kill_after_the_file_and_before_its_receipt_is_made_good_the_next_time(shop: Shop) -> None:
    everybody(shop)
    before = shop.files()
    shop.swept()
    with pytest.raises(KeyboardInterrupt):
        shop.clear(Dying(Directory(shop.folder)))
    assert len(shop.files()) == len(before) - 1
    assert len(shop.waiting()) == 6
    assert shop.clear() == FileCount(removed=4, missing=1)
    assert before - shop.files() == shop.by_oracle() & before
    assert shop.waiting() == set()


def last(shop: Shop) -> None:
    """The one file of the store waits, and the machine stops once it is gone."""
    shop.fill(customer=[customer(1, "goes.jpg")])
    (shop.folder / "of nobody.jpg").unlink()
    shop.swept()
    with pytest.raises(KeyboardInterrupt):
        shop.clear(Dying(Directory(shop.folder)))
    assert shop.files() == set()
    assert shop.waiting() == {("photos", "goes.jpg")}


def test_a_kill_after_the_last_file_of_a_store_is_made_good_the_next_time(shop: Shop) -> None:
    last(shop)
    assert shop.clear() == FileCount(missing=1)
    assert shop.waiting() == set()


def test_an_empty_folder_in_the_place_of_the_one_that_was_begun_in_says_nothing(shop: Shop) -> None:
    last(shop)
    mounted = shop.folder.rename(shop.folder.with_name("mounted"))
    shop.folder.mkdir()
    assert shop.clear() == FileCount(failed=1)
    assert shop.waiting() == {("photos", "goes.jpg")}
    shop.folder.rmdir()
    mounted.rename(shop.folder)
    assert shop.clear() == FileCount(missing=1)


def test_a_folder_found_empty_later_is_not_one_that_was_begun_in(shop: Shop) -> None:
    last(shop)
    shop.clear()
    shop.insert("customer", customer(2, "goes.jpg"))
    shop.swept()
    assert shop.clear() == FileCount(failed=1)


def test_what_is_missing_from_a_store_that_is_emptied_is_missing(shop: Shop) -> None:
    shop.fill(customer=[customer(1, "a.jpg"), customer(2, "b.jpg")])
    (shop.folder / "of nobody.jpg").unlink()
    (shop.folder / "b.jpg").unlink()
    shop.swept()
    assert shop.clear() == FileCount(removed=1, missing=1)


class Failing:
    """A store that fails so many times."""

    def __init__(self, times: int, of: Directory) -> None:
        self.times, self.of = times, of

    def identity(self) -> str:
        return self.of.identity()

    def remove(self, path: str, begun_in: str) -> Fate:
        self.times -= 1
        return Fate.FAILED if self.times >= 0 else self.of.remove(path, begun_in)


def test_what_fails_is_tried_again_after_a_pause_and_then_waits(shop: Shop) -> None:
    shop.fill(customer=[customer(1, "goes.jpg")])
    shop.swept()
    pauses: list[float] = []
    assert shop.clear(Failing(99, Directory(shop.folder)), pauses.append) == FileCount(failed=1)
    assert len(pauses) == ATTEMPTS - 1
    assert shop.waiting() == {("photos", "goes.jpg")}
    assert shop.clear(Failing(1, Directory(shop.folder))) == FileCount(removed=1)
    assert shop.waiting() == set()


def test_files_of_a_store_that_is_nowhere_wait(shop: Shop) -> None:
    shop.fill(customer=[customer(1, "goes.jpg")])
    shop.swept()
    with shop.engine.connect() as connection:
        found = clear_outbox(shop.sweep(connection), {}, lambda _: None)
    assert found == {"photos": FileCount(failed=1)}
    assert shop.waiting() == {("photos", "goes.jpg")}


def test_more_files_than_one_transaction_takes_all_go(shop: Shop) -> None:
    shop.fill(customer=[customer(n, f"{n}.jpg") for n in range(1, 251)])
    shop.swept()
    assert shop.clear() == FileCount(removed=250)
    assert shop.files() == {"of nobody.jpg"}
