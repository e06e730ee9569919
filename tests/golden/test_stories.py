"""Stories a lawyer can read, `tests/golden/good/story-*`, told alike by the oracle, SQLite and PostgreSQL.

`story.md` says it in words, `before.yaml` has the rows, the marks and the days, `after.yaml` what each day's sweep
changes. Whatever `after.yaml` does not name stays exactly as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from tests.conftest import empty_database
from tests.golden import story as told
from tests.golden.tellers import Database, Oracle, Teller, can_fold, folds

FOLDER = Path(__file__).parent / "good"
STORIES = sorted(folder.name for folder in FOLDER.glob("story-*"))

GAPS: dict[str, str] = {}
"""Stories that the engine does not tell as written on PostgreSQL. A closed gap fails until it is taken out of here."""


def postgresql_stories() -> list[Any]:
    gap = {name: [pytest.mark.xfail(reason=reason, raises=AssertionError)] for name, reason in GAPS.items()}
    return [pytest.param(name, marks=gap.get(name, [])) for name in STORIES]


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
def postgresql(postgresql_database: str) -> Iterator[sa.Connection]:
    engine = connect(empty_database(postgresql_database))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def listen(name: str, teller: Teller) -> None:
    """Day by day: what the application does, the sweep, and what has become of every row; then again, for nothing."""
    tale = story(name)
    for day, deeds in tale.days.items():
        for deed in deeds:
            teller.do(deed)
        before = teller.rows()
        wanted = told.expected(tale, before, day)
        assert teller.sweep(day) == (wanted != before), f"{day}: whether anything is due"
        assert in_order(teller.rows()) == in_order(wanted), day
        if wanted != before:
            assert not teller.sweep(day), f"{day}: something due is left"
            assert in_order(teller.rows()) == in_order(wanted), f"{day}, the second time"


def in_order(tables: told.Rows) -> told.Rows:
    return {name: sorted(rows, key=lambda row: str(list(row.values()))) for name, rows in tables.items()}


@pytest.mark.parametrize("name", STORIES)
def test_the_oracle_tells_the_story(name: str, sqlite: sa.Connection) -> None:
    listen(name, Oracle(sqlite, story(name)))


@pytest.mark.parametrize("name", STORIES)
def test_sqlite_tells_the_story(name: str, sqlite: sa.Connection) -> None:
    teller = Database(sqlite, story(name))
    assert teller.told == story(name).told
    listen(name, teller)


@pytest.mark.parametrize("name", postgresql_stories())
def test_postgresql_tells_the_story(name: str, postgresql: sa.Connection) -> None:
    if folds(story(name)) and not can_fold(postgresql):
        pytest.skip("this PostgreSQL is built without ICU, so no column of it takes different text for equal")
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


def test_fifty_thousand_old_opt_ins_are_read_on_the_first_day_set_by_set(sqlite: sa.Connection) -> None:
    """A statement a row, or a pile of them a batch of one row, would be fifty thousand more than these."""
    few = story("story-old-opt-ins")
    said_yes, *others = few.rows["reader"][49:]
    many = [said_yes | {"id": n, "email": f"reader{n}@example.org"} for n in range(100, 50_100)]
    teller = Database(sqlite, replace(few, rows={"reader": [*many, *others]}))
    asked: list[str] = []
    sa.event.listen(sqlite, "before_cursor_execute", lambda *said: asked.append(said[2]))
    teller.sweep(next(iter(few.days)))
    assert len(asked) < 500
    assert {row["id"] for row in teller.rows()["reader"]} == {53, *range(100, 50_100)}
