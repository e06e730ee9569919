"""Real applications' databases, each restored once for a module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.realworld import restore
from tests.realworld.truth import BLOG, TICKETING


@pytest.fixture(
    scope="module",
    params=[(each, engine) for each in (TICKETING, BLOG) for engine in each.packed],
    ids=lambda param: f"{param[0].name} on {param[1]}",
)
def database(request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application, its source, its URL and the truth about it."""
    of, engine = request.param
    file, source = of.packed[engine]
    packed = shared / "realworld" / file
    truth = json.loads((packed.parent / (file.partition(".")[0] + ".truth.json")).read_text("utf-8"))
    name = f"{request.getfixturevalue('throwaway')}_{of.name}"
    if engine == "sqlite":
        yield of, source, restore.sqlite(packed, tmp_path_factory.mktemp(of.name) / "db.sqlite3"), truth
    elif engine == "postgresql":
        with restore.postgresql(packed, request.getfixturevalue("postgresql_database"), name) as url:
            yield of, source, url, truth
    else:
        with restore.mariadb(packed, request.getfixturevalue("mariadb_url"), name) as url:
            yield of, source, url, truth
