"""The published JSON Schema says what the reader says."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

import ombud.policy
from ombud.policy.load import load_text
from ombud.policy.schema import schema, text
from ombud.terms import Level
from tests.policy.texts import group

ROOT = Path(__file__).parents[2]
PUBLISHED = Path(ombud.policy.__file__).parent / "policy.schema.json"
VALIDATOR = Draft202012Validator(schema())
GOOD = sorted(
    [*(ROOT / "examples").glob("*/policy/*.yaml"), *(ROOT / "tests/golden/good").glob("policy-*/policy/*.yaml")]
)
ODD: tuple[Any, ...] = (
    "P1X",
    "none",
    "",
    7,
    True,
    None,
    [],
    {},
    ["contact"],
    {"until": "ended"},
    "contact",
    "NO",
    "2026-02-30",
)


def plain(written: str) -> Any:
    """A YAML text as an editor's JSON: days stay text."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = type("Plain", (SafeConstructor,), {})
    reader.Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
    return reader.load(written)


def test_the_published_schema_is_the_grammars() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == text(), (
        "python -m ombud.policy.schema > src/ombud/policy/policy.schema.json"
    )


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(text()))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_good_fits_the_schema(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(plain(path.read_text(encoding="utf-8")))] == []


def everywhere(tree: Any) -> list[tuple[Any, Any]]:
    """Every place of a tree where a value stands: its holder and its key or number."""
    places: list[tuple[Any, Any]] = []
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        places.append((tree, key))
        places.extend(everywhere(value))
    return places


def as_yaml(tree: Any) -> str:
    """JSON is YAML."""
    return json.dumps(tree, ensure_ascii=False)


BASE = plain(
    group("""
delivery: {basis: contract, data: [contact, purchases], keep: {after: ended, for: P12M}, recipients: [carrier]}
club: {basis: {legitimate_interests: {while: customer}}, use: [direct_marketing], data: [health], keep: [ended, P1M]}
""")
)


@pytest.mark.parametrize("seed", range(6))
def test_what_the_reader_takes_the_schema_takes(seed: int) -> None:
    """Wrong values are put into a good policy at random places; whatever is still read must fit."""
    chance = random.Random(seed)
    taken = 0
    for _ in range(60):
        tree = copy.deepcopy(BASE)
        holder, key = chance.choice(everywhere(tree))
        holder[key] = chance.choice(ODD)
        policy, findings = load_text({"group.yaml": as_yaml(tree)})
        errors = [error.message for error in VALIDATOR.iter_errors(tree)]
        if policy is not None:
            taken += 1
            assert errors == []
        if errors:
            assert any(finding.level is Level.ERROR for finding in findings)
    assert taken


def test_an_unknown_key_is_refused_by_both_wherever_it_stands() -> None:
    mappings = [holder[key] for holder, key in everywhere(BASE) if isinstance(holder[key], dict)]
    named = ("companies", "parts", "categories", "moments", "states", "regions", "agreements", "recipients", "purposes")
    records = [m for m in mappings if not any(m is holder[key] for holder, key in everywhere(BASE) if key in named)]
    for record in records:
        if record.get("en"):
            continue  # a language is a name, and any may be used
        record["misspelt"] = 1
        findings = load_text({"group.yaml": as_yaml(BASE)})[1]
        assert any(f.code == "P006" and "misspelt" in f.message for f in findings), record
        assert list(VALIDATOR.iter_errors(BASE))
        del record["misspelt"]
    assert list(VALIDATOR.iter_errors(BASE)) == []
    assert len(records) > 15
