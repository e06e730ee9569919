"""Stories a lawyer can read, `tests/golden/good/story-*`: the oracle, SQLite and PostgreSQL must each tell them as written.

`story.md` says it in words, `before.yaml` has the rows, the marks and the days, `after.yaml` what each day's sweep
changes. Whatever `after.yaml` does not name stays exactly as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from tests.golden import story as told
from tests.golden.tellers import Database, Oracle, Teller, emptied

FOLDER = Path(__file__).parent / "good"
STORIES = sorted(folder.name for folder in FOLDER.glob("story-*"))


@cache
def story(name: str) -> told.Story:
    return told.tell(FOLDER / name)


@pytest.fixture(scope="module")
def sqlite() -> Iterator[sa.Connection]:
    engine = connect("sqlite:///:memory:")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql(postgresql_url: str) -> Iterator[sa.Connection]:
    engine = connect(postgresql_url)
    with engine.connect() as connection:
        yield connection
        emptied(connection)
        with connection.begin():
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
    engine.dispose()


def listen(name: str, teller: Teller) -> None:
    """Day by day: what the application does, the sweep, and what has become of every row; then again, for nothing."""
    tale = story(name)
    for day, deeds in tale.days.items():
        for deed in deeds:
            teller.do(deed)
        wanted = told.expected(tale, teller.rows(), day)
        for _ in ("once", "twice is once"):
            teller.sweep(day)
            after = teller.rows()
            assert {t: sorted_(rows) for t, rows in after.items()} == {t: sorted_(rows) for t, rows in wanted.items()}, day


def sorted_(rows: list[told.Row]) -> list[told.Row]:
    return sorted(rows, key=lambda row: str(list(row.values())))


@pytest.mark.parametrize("name", STORIES)
def test_the_oracle_tells_the_story(name: str, sqlite: sa.Connection) -> None:
    listen(name, Oracle(sqlite, story(name)))


@pytest.mark.parametrize("name", STORIES)
def test_sqlite_tells_the_story(name: str, sqlite: sa.Connection) -> None:
    teller = Database(sqlite, story(name))
    assert teller.told == story(name).told
    listen(name, teller)


@pytest.mark.parametrize("name", STORIES)
def test_postgresql_tells_the_story(name: str, postgresql: sa.Connection) -> None:
    teller = Database(postgresql, story(name))
    assert teller.told == story(name).told
    listen(name, teller)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_says_what_is_given_when_and_then_and_names_its_rule(name: str) -> None:
    title, *parts = re.split(r"\n\n(?=\*\*)", story(name).text.strip())
    assert title.endswith(".")
    assert [part.split(" ")[0] for part in parts] == ["**Given**", "**When**", "**Then**", "**Rule**"]
    assert "spec/claims.md §" in parts[-1]
    assert story(name).days.keys() == story(name).left.keys()
