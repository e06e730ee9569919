"""The one form of a file: what it says, its comments and their levels stay."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ombud.policy.formatted import Left, formatted
from ombud.policy.tree import read

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)

SAMPLES = {
    f"{page.relative_to(ROOT)}:{number}": block
    for folder in ("docs", "spec", "examples")
    for page in sorted((ROOT / folder).rglob("*.md"))
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
    if not block.startswith(" ")  # a part of a file, as it stands in it
    and not read("", block)[1]  # two ways to say one thing, each with its key
}
FILES = {
    str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
    for folder in ("examples", "tests/golden/good")
    for file in sorted((ROOT / folder).rglob("*.yaml"))
    if max(map(len, file.read_text(encoding="utf-8").splitlines())) <= 140  # or it is broken
}


@pytest.mark.parametrize("text", [*SAMPLES.values(), *FILES.values()], ids=[*SAMPLES, *FILES])
def test_what_we_show_has_its_form(text: str) -> None:
    assert formatted(text) == text


def test_there_are_samples_and_files() -> None:
    assert len(SAMPLES) > 15
    assert len(FILES) > 20


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_key_that_is_commented_out_stays_at_its_level(step: int) -> None:
    text = """\
tables:
  first:
    columns:
      namn: contact.name
      # telefon: contact.phone
    # not_personal: [x]
  # second: {}

  third:
    owner: third
    times:
      # born: date
    not_personal:
      - a
      # - b
    # born: made
  # fourth: {}
# not_personal: [fifth]
"""
    spread = re.sub(r"^ +", lambda found: " " * (len(found[0]) * step // 2), text, flags=re.MULTILINE)
    assert formatted(spread) == text


def test_a_comment_between_two_levels_goes_to_the_nearer() -> None:
    text = "a:\n    b:\n        c: 1\n       # near c\n     # near b\n  # as near to a as to b\n# of a\nd: 1\n"
    assert formatted(text) == "a:\n  b:\n    c: 1\n    # near c\n  # near b\n# as near to a as to b\n# of a\nd: 1\n"


@pytest.mark.parametrize(
    "value",
    [
        "{name: , phone: }", "{name: null, phone: ~}", "[{source: a}, {source: b}]", "[source: a, source: b]",
        "-0", "0x1F", "null", "~", "{}", "[]", "[[], {}]", '"a: # b"', "'it''s'", "{a, b}", '{"a": [1, "x"]}',
    ],
)  # fmt: skip
def test_a_value_stays_as_it_is_written(value: str) -> None:
    for text in (f"a: {value}\n", f"a:\n  - {value}\n"):
        assert formatted(text) == text


def test_spaces_in_brackets_and_before_colons_have_one_form() -> None:
    text = 'a :   { b:1x ,"c":2, d:\n  [ e,f , ] , }\n'
    assert formatted(text) == 'a: {b:1x, "c": 2, d: [e, f]}\n'


def test_what_is_too_long_for_a_line_is_broken_between_items() -> None:
    names = [f"a_long_name_{n}" for n in range(30)]
    found = formatted(f"tables:\n  t: {{not_personal: [{', '.join(names)}]}}\n")
    assert all(len(line) <= 140 for line in found.splitlines())
    assert found.startswith("tables:\n  t: {not_personal: [a_long_name_0, a_long_name_1,")
    assert found.splitlines()[2].startswith("      a_long_name_")
    assert formatted(found) == found


def test_a_text_of_several_lines_keeps_them() -> None:
    text = (
        "a:\n    - |  # why\n      # no comment\n        more  \n\n      last\n    # a comment\n"
        "    - >-\n        folded\n    - plain\n      and more\n"
    )
    assert formatted(text) == (
        "a:\n  - |    # why\n    # no comment\n      more  \n\n    last\n  # a comment\n"
        "  - >-\n    folded\n  - plain\n    and more\n"
    )


def test_brackets_with_a_comment_inside_stay_and_the_rest_has_its_form() -> None:
    text = "a:\n    b:   {c: d,   # why\n          e:   f}\n    g:   h\n"
    assert formatted(text) == "a:\n  b: {c: d,   # why\n        e:   f}\n  g: h\n"


def test_brackets_with_an_empty_line_in_a_text_stay() -> None:
    assert formatted("a:\n    b:   [c,   'd\n\n      e']\n") == "a:\n  b: [c,   'd\n\n    e']\n"


def test_what_is_too_long_is_left() -> None:
    with pytest.raises(Left, match="longer than 3 characters"):
        formatted("a: 1\n", 3)


def test_json_stays_json() -> None:
    text = '{\n    "a": [1, 2],\n    "b": null\n}\n'
    assert formatted(text) == text


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("a: 1\n? b\n: 2\n", 2, "`?`"),
        ("a:  # why\n  1\n", 2, "a comment stands between"),
        ("x: 1\na: |+\n  b\n\n", 2, "keeps its empty lines"),
        ("a: 1\n...\n", 2, "the document's end"),
    ],
)
def test_what_has_no_form_is_left_with_its_line_and_cause(text: str, line: int, cause: str) -> None:
    with pytest.raises(Left, match=re.escape(cause)) as left:
        formatted(text)
    assert left.value.line == line
