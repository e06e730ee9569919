"""Both languages say everything, with the same blanks to fill."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import ombud.documents
from ombud.documents.extract import Hold, Why
from ombud.documents.stated import Stated
from ombud.documents.words import LANGUAGES, TEXTS, counted, day_in_words, listed
from tests.documents.people import policy

SOURCES = Path(ombud.documents.__file__).parent
KEYS = sorted(TEXTS["sv"])


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_language_has_the_same_texts() -> None:
    assert set(TEXTS["sv"]) == set(TEXTS["en"])


@pytest.mark.parametrize("key", KEYS)
def test_a_text_has_the_same_blanks_in_every_language_and_is_not_the_same_text(key: str) -> None:
    assert blanks(TEXTS["sv"][key]) == blanks(TEXTS["en"][key])
    assert all(text.strip() for text in (TEXTS["sv"][key], TEXTS["en"][key]))


def test_no_table_says_a_key_twice() -> None:
    for path in (SOURCES / "words").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                assert len(keys) == len(set(keys)), path.name


def test_every_text_is_used_somewhere() -> None:
    """By its key, or by the beginning of it where the rest is a word of the model."""
    paths = [path for path in SOURCES.rglob("*.py") if path.parent.name != "words" or path.name == "__init__.py"]
    code = "\n".join(path.read_text(encoding="utf-8").replace("from __future__", "from future") for path in paths)
    nodes = list(ast.walk(ast.parse(code)))
    quoted = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    begins = tuple(
        node.values[0].value
        for node in nodes
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
        if isinstance(node.values[0].value, str) and re.fullmatch(r"[a-z_.0-9]+", node.values[0].value)
    )
    lost = [key for key in KEYS if key.removesuffix(".many") not in quoted and not key.startswith(begins)]
    assert lost == []


def test_a_day_is_written_in_words() -> None:
    assert day_in_words(date(2027, 3, 3), "sv") == "3 mars 2027"
    assert day_in_words(date(2027, 3, 3), "en") == "3 March 2027"


def test_one_is_one_and_two_are_many() -> None:
    assert counted("en", "rows", 1) == "1 record"
    assert counted("en", "rows", 2) == "2 records"
    assert listed("sv", ["a", "b", "c"]) == "a, b och c"


def test_a_storage_period_reads_from_left_to_right() -> None:
    stated = Stated(policy(), "en")
    purpose = stated.purpose("konsult", "bookkeeping")
    assert purpose is not None
    assert (
        stated.rule(purpose.keep)
        == "to the end of the financial year of: The voucher was booked, then 7 years, to the end of the calendar year"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_purpose_of_the_example_can_be_told(language: str) -> None:
    stated = Stated(policy(), language)
    for own in policy().purposes.values():
        for purpose in own.values():
            assert stated.rule(purpose.keep)
            assert all(stated.basis(str(basis.kind)) for basis in purpose.bases)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", Why)
def test_whatever_keeps_a_datum_is_told(why: Why, language: str) -> None:
    stated = Stated(policy(), language)
    told = stated.kept("konsult", Hold("customer_delivery", "contract", None, why, (), "relationship_ended"))
    assert told
    assert "_" not in told


def test_what_outlives_its_last_day_says_why() -> None:
    stated = Stated(policy(), "en")
    told = stated.kept("konsult", Hold("security", "contract", date(2027, 3, 28), Why.HELD))
    assert told == "Until and including 28 March 2027. It is kept until a hold against deletion is released"
