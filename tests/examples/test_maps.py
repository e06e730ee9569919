"""The example's policy and maps say all that has to be said of its databases."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from examples.cag.databases import SOURCES, build
from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.live import compare
from ombud.datamap.load import load as load_maps
from ombud.datamap.model import DataMap
from ombud.datamap.schema import Schema
from ombud.datamap.settle import settle
from ombud.policy.load import load as load_policy
from ombud.terms import Level

EXAMPLE = Path(__file__).parents[2] / "examples" / "cag"


@pytest.fixture(scope="module")
def datamap() -> DataMap:
    policy, said = load_policy(EXAMPLE / "policy")
    assert policy is not None, [str(f) for f in said if f.level is Level.ERROR]
    found, findings = load_maps(EXAMPLE / "datamap", policy)
    assert found is not None, [str(f) for f in findings]
    assert not findings
    return found


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Schema]:
    folder = tmp_path_factory.mktemp("cag")
    build(folder, date(2026, 11, 23))
    schemas = {}
    for source in SOURCES:
        engine = connect(f"sqlite:///{folder / source}.db", read_only=True)
        with closing(engine.connect()) as connection:
            schemas[source] = reflect(connection)
    return schemas


def test_every_database_has_its_map(datamap: DataMap) -> None:
    assert set(datamap.sources) == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_every_table_of_the_database_is_mapped_and_no_other(
    datamap: DataMap, live: dict[str, Schema], source: str
) -> None:
    assert set(datamap.sources[source].tables) == set(live[source].tables)


@pytest.mark.parametrize("source", SOURCES)
def test_every_cell_can_be_erased_as_the_database_stands(
    datamap: DataMap, live: dict[str, Schema], source: str
) -> None:
    settled, findings = settle(datamap.sources[source], live[source])
    assert not findings
    assert all(c.blank for t in settled.tables.values() for k in t.kinds for c in k.cells.values())


@pytest.mark.parametrize("source", SOURCES)
def test_the_map_and_the_live_database_agree(datamap: DataMap, live: dict[str, Schema], source: str) -> None:
    assert [str(f) for f in compare(datamap.sources[source], live[source]) if f.level is Level.ERROR] == []
