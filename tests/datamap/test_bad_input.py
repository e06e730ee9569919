"""Whatever stands in a map's file, the answer is findings: never a traceback, never half a map."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.datamap.load import load, load_text
from ombud.terms import Level
from tests.datamap.maps import written
from tests.datamap.policies import POLICY

GOLDEN = Path(__file__).parents[1] / "golden"
WRITTEN = [path.read_text(encoding="utf-8") for path in sorted(GOLDEN.glob("*/map-*/datamap/*.yaml"))]
WORDS = sorted({word for text in WRITTEN for word in text.replace(":", " ").replace(",", " ").split()})
STRANGE = [
    "",
    "~",
    "null",
    "[]",
    "{}",
    "7",
    "true",
    "- a",
    "{a: b}",
    "[[1]]",
    "<x>",
    "a.b",
    ".",
    "é",
    '""',
    "'",
    "\t",
    "&a",
    "*a",
]


def told(text: str) -> None:
    datamap, findings = load_text({"crm.yaml": text}, POLICY)
    refused = any(finding.level is Level.ERROR for finding in findings)
    assert (datamap is None) == refused
    assert all(str(finding) for finding in findings)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_a_map_with_any_word_changed_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    lines = rng.choice(WRITTEN).splitlines()
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        line = lines[at]
        match rng.randrange(4):
            case 0:
                lines.pop(at)
                lines = lines or ["source: crm"]
            case 1:
                indent = line[: len(line) - len(line.lstrip())]
                lines[at] = f"{indent}{line.strip().split(':')[0]}: {rng.choice(STRANGE)}"
            case 2:
                words = line.split(" ")
                words[rng.randrange(len(words))] = rng.choice(WORDS + STRANGE)
                lines[at] = " ".join(words)
            case _:
                lines.insert(at, rng.choice(lines))
    told("\n".join(lines))


DOCUMENTS = st.recursive(
    st.sampled_from(STRANGE + WORDS), lambda inner: st.dictionaries(st.sampled_from(WORDS), inner) | st.lists(inner)
)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS)
def test_any_document_of_the_languages_own_words_is_refused_or_read(document: object) -> None:
    told(str(document).replace("'", ""))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "x",
        "- x",
        "source: crm\nsource: crm",
        "\tsource: crm",
        "source: [",
        "a: &a [*a]",
        "!!python/object:os.system {}",
        "{" * 5000,
        "- " * 5000,
        "source: crm\n---\nsource: crm",
        "x" * 500_000,
        "\x00\x01\x02",
        "source: crm\ntables: {}",
        "source: crm\ntables:",
        "<<: {a: b}",
        "? [a]\n: b",
        "source: \ud800",
        "for_each: [{a: b}]",
        "for_each: []",
    ],
)
def test_what_is_no_map_is_refused(text: str) -> None:
    told(text)


@pytest.mark.parametrize("backwards", [True, False])
def test_a_path_through_hundreds_of_tables_is_refused(backwards: bool) -> None:
    tables = [
        f"  t{n}:\n    links: {{{f't{n - 1}' if n else 'customer'}: x}}\n    born: b\n    columns: {{a: text}}\n"
        for n in range(400)
    ]
    datamap, findings = written("".join(reversed(tables) if backwards else tables), company="{column: firm}")
    assert datamap is None
    assert [finding.code for finding in findings] == ["M036"]


def test_a_binary_file_and_a_missing_folder_are_findings(tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_bytes(b"\xff\xfe\x00\x80")
    (tmp_path / "notes.txt").write_text("not a map")
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / "notes.txt"):
        datamap, findings = load(folder, POLICY)
        assert datamap is None
        assert {finding.code for finding in findings} == {"M001"}
