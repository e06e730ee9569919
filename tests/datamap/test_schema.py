"""The published JSON Schema says what the reader says: editors complete what is true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from ombud.datamap.parse import words
from ombud.datamap.published import schema, text

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "src" / "ombud" / "datamap" / "datamap.schema.json"
GOOD = [*sorted((ROOT / "tests" / "golden" / "good").glob("map-*/datamap/*.yaml"))]
GOOD += sorted((ROOT / "examples" / "cag" / "datamap").glob("*.yaml"))
GOOD += sorted((ROOT / "tests" / "realworld").glob("*/datamap/*.yaml"))
UNFIT = {"wrong-words", "missing-parts", "latest-without-order", "no-rest", "erase-what"}
"""Stories whose mistake is one of form, which an editor can show."""


VALIDATOR = jsonschema.Draft202012Validator(schema())


def valid(document: Any) -> bool:
    return bool(VALIDATOR.is_valid(document))


def written(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def test_the_published_file_is_the_schema() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == text(), "python -m ombud.datamap.published > datamap.schema.json"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parents[1].name}/{path.name}")
def test_what_the_reader_takes_the_schema_takes(path: Path) -> None:
    errors = sorted(VALIDATOR.iter_errors(written(path)), key=str)
    assert not errors, errors[0]


@pytest.mark.parametrize("name", sorted(UNFIT))
def test_a_mistake_of_form_is_refused_by_both(name: str) -> None:
    assert not valid(written(ROOT / "tests" / "golden" / "bad" / f"map-{name}" / "datamap" / "crm.yaml"))


def test_an_unknown_key_is_refused_wherever_it_stands() -> None:
    path = ROOT / "tests" / "golden" / "good" / "map-everything" / "datamap" / "crm.yaml"

    def spoiled(node: Any, at: tuple[Any, ...]) -> None:
        for step in at:
            node = node[step]
        node["nonsense_of_no_language"] = {"nonsense": [{}]}

    def mappings(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        deeper = [each for key, inner in items for each in mappings(inner, (*at, key))]
        return [at, *deeper] if isinstance(node, dict) else deeper

    for at in mappings(written(path)):
        document = written(path)
        spoiled(document, at)
        assert not valid(document), at


def test_every_key_of_the_language_stands_in_the_story_that_has_everything() -> None:
    said = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "golden" / "good").glob("map-*/datamap/*.yaml")
    )
    tables = [words.SOURCE, words.TABLE, words.KIND, words.KEY_VALUES, words.COLUMN, *words.MOMENTS.values()]
    tables += [words.LINK_BY_TYPE, words.LINK_BY_IDENTIFIER, words.IDENTIFIER, words.PROTECTED, words.MARK]
    assert {key for table in tables for key in table if f"{key}:" not in said} == set()
