"""A disk that is full, a user without rights, a connection that is cut: told in words, nothing half done, resumable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from ombud.adapters.trouble import FULL, LOST, NO_SUCH, READ_ONLY, Trouble, trouble
from tests.crash.scene import SOURCE, Moments, Scene, copied, first_with, scene

NUMBER = first_with(rows=6, tables=2)
"""A case in which rows of several tables go, and nothing else happens."""


LONG = "p" * 9_000


def troubled(told: Scene, url: str, moments: Moments | None = None, plan: str = "p") -> Trouble:
    """What stops an apply."""
    with pytest.raises(sa.exc.DBAPIError) as stopped:
        told.apply(url, plan=plan, batch_size=2, moments=moments)
    return trouble(stopped.value)


def half(told: Scene, url: str) -> int:
    """A moment about the middle of an apply."""
    counted = Moments()
    told.apply(url, batch_size=2, moments=counted)
    return counted.passed // 2


def receipts_match(told: Scene, url: str) -> bool:
    """Whether what is gone is what the receipts say, row by row."""
    before = sum(len(told.case.world.tables[SOURCE][name]) for name in told.due)
    with told.opened(url) as connection, connection.begin():
        names = told.sweep(connection).names
        counts = [sa.select(sa.func.count()).select_from(names.row(name)) for name in told.due]
        now = sum(connection.execute(count).scalar_one() for count in counts)
        done = sa.select(sa.func.coalesce(sa.func.sum(names.receipt.c.rows), 0))
        return bool(before - now == connection.execute(done).scalar_one())


# --- SQLite -------------------------------------------------------------------------------------------------------


def test_a_file_that_may_only_be_read_is_told_and_untouched(sqlite_url: str, tmp_path: Path) -> None:
    told = scene(NUMBER, sqlite_url)
    url = copied(told.url, tmp_path / "read_only.db")
    before = told.content(url)

    class ReadsOnly(Moments):
        def listen(self, engine: sa.Engine) -> None:
            sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))

    assert troubled(told, url, ReadsOnly()) == READ_ONLY
    assert told.content(url) == before


@pytest.mark.parametrize("room", [0, 9])
def test_a_disk_that_fills_up_undoes_the_batch_and_the_work_goes_on_once_there_is_room(
    room: int, sqlite_url: str, tmp_path: Path
) -> None:
    """A plan with a name of 9,000 letters, so that each receipt needs more pages than are free."""
    told = scene(NUMBER, sqlite_url)
    url = copied(told.url, tmp_path / "full.db")
    with told.opened(url) as connection, connection.begin():
        for name in told.case.datamap.sources[SOURCE].tables:
            due = told.sweep(connection).names.due(name)
            connection.execute(due.update().values(plan=LONG))
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    class Full(Moments):
        def listen(self, engine: sa.Engine) -> None:
            sa.event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages + room}"))

    assert troubled(told, url, Full(), LONG) == FULL
    assert receipts_match(told, url)
    assert bool(told.receipts(url)) == bool(room)
    told.apply(url, plan=LONG, batch_size=2)
    assert told.differs(url) == ""


def test_a_table_dropped_after_the_plan_is_told_and_the_rest_is_whole(sqlite_url: str, tmp_path: Path) -> None:
    told = scene(NUMBER, sqlite_url)
    url = copied(told.url, tmp_path / "dropped.db")
    with told.opened(url) as connection, connection.begin():
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f'ALTER TABLE "{next(iter(told.due))}" RENAME TO "elsewhere"')
    before = told.content(url)
    assert troubled(told, url) == NO_SUCH
    assert told.content(url) == before


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


@pytest.fixture
def reader_url(postgresql_url: str) -> Iterator[str]:
    """The same database for a user who may read everything and write nothing."""
    with psycopg.connect(_plain(postgresql_url), autocommit=True) as db:
        db.execute("DROP ROLE IF EXISTS ombud_crash_reader")
        db.execute("CREATE ROLE ombud_crash_reader LOGIN")
        db.execute("GRANT pg_read_all_data TO ombud_crash_reader")
    yield sa.make_url(postgresql_url).set(username="ombud_crash_reader").render_as_string(hide_password=False)
    with psycopg.connect(_plain(postgresql_url), autocommit=True) as db:
        db.execute("DROP ROLE ombud_crash_reader")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def test_a_user_who_may_not_write_is_told_and_changes_nothing(postgresql_url: str, reader_url: str) -> None:
    told = scene(NUMBER, postgresql_url)
    lacks = troubled(told, reader_url)
    assert (lacks.code, lacks.message) == ("C031", "the user may not write ombud.meta (UPDATE)")
    assert not told.receipts(postgresql_url)
    assert receipts_match(told, postgresql_url)


@pytest.mark.parametrize("share", [0.6])
def test_a_connection_cut_in_the_middle_of_a_batch_undoes_it_and_the_work_goes_on(
    share: float, postgresql_url: str
) -> None:
    told = scene(NUMBER, postgresql_url)
    at = int(2 * share * half(told, postgresql_url))
    told = scene(NUMBER, postgresql_url)

    class Cuts(Moments):
        def listen(self, engine: sa.Engine) -> None:
            super().listen(engine)

            def cut(connection: sa.Connection, *_: object) -> None:
                if self.passed == at:
                    raw = connection.connection.driver_connection
                    assert raw is not None
                    with psycopg.connect(_plain(postgresql_url), autocommit=True) as db:
                        db.execute("SELECT pg_terminate_backend(%s, 5000)", (raw.info.backend_pid,))

            sa.event.listen(engine, "before_cursor_execute", cut)

    assert troubled(told, postgresql_url, Cuts()) == LOST
    assert receipts_match(told, postgresql_url)
    told.apply(postgresql_url, batch_size=2)
    assert told.differs(postgresql_url) == ""
