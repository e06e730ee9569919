"""A long answer: rows of known height, and what is too long to print stands in the data file."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
import typst

from ombud.documents import Addressee, answer
from ombud.documents.answer import compose_answer
from ombud.documents.body import Body, NewPage, Paragraph, Table
from ombud.documents.lines import SIZE, WIDTHS, cost, on_one_line, width
from ombud.documents.rendered import render
from tests.documents.pdf import letters_of
from tests.documents.people import DAY, many, policy

MEASURED = """
#set text(font: "Libertinus Serif", size: 9pt, number-type: "lining", hyphenate: false)
#context [#metadata(json(bytes(sys.inputs.texts)).map(each => measure(text(each)).width.mm())) <widths>]
"""
TEXTS = ["Wilhelmina von Öhrn-Åkesson", "MMMMWWWW@@@@", "fi ffl 100 000,00 kr", "12.5 × 3 mm", "½ œuvre — ”ja”"]


def test_no_character_is_wider_than_it_is_taken_for() -> None:
    texts = [*(character * 20 for character in WIDTHS), *(text for text in TEXTS if width(text) < float("inf"))]
    said = typst.query(
        MEASURED.encode(), "<widths>", field="value", one=True, sys_inputs={"texts": json.dumps(texts)},
        ignore_system_fonts=True,
    )  # fmt: skip
    wider = [text for text, real in zip(texts, json.loads(said), strict=True) if real > width(text) + 0.01]
    assert wider == []
    assert pytest.approx(3.175) == SIZE


def test_what_has_several_lines_or_an_unknown_character_is_measured() -> None:
    rows = [("kort", "också"), ("två\nrader", ""), ("漢", ""), ("mjukt\u00adbindestreck", ""), ("lång " * 20, "")]
    assert on_one_line(rows, (1, 1)) == [True, False, False, False, False]


def test_short_and_long_rows_stand_under_each_other_without_touching() -> None:
    rows = tuple((f"Q{number}", "Q " * (60 if number % 3 else 2)) for number in range(30))
    table = Table(("a", "b"), rows, (1, 1))
    body = Body("sv", "T", "T", ("N",), Addressee(()), DAY, (), "", (Paragraph("x"), table))
    lines = sorted({round(box.top, 1) for each, box in letters_of(render(body)) if each == "Q" and box.top > 120})
    assert min(after - before for before, after in pairwise(lines)) > 3


def test_an_annex_too_long_to_print_is_left_to_the_data_file_and_the_letter_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def annexes(body: Body) -> int:
        return sum(isinstance(block, NewPage) for block in body.blocks)

    whole = compose_answer(many(60), policy(), Addressee(()), "en", "R-1", DAY)
    assert annexes(whole) == 1
    tables = [block for block in whole.blocks if isinstance(block, Table)]
    monkeypatch.setattr(answer, "PRINTED", cost(tables[-1].rows, tables[-1].widths) - 1)
    left = compose_answer(many(60), policy(), Addressee(()), "en", "R-1", DAY)
    assert annexes(left) == 0
    said = [block.text for block in left.blocks if isinstance(block, Paragraph)]
    assert any("60 records are too many to print" in text and "on paper" in text for text in said)


def test_a_row_that_wraps_takes_more_than_one_that_does_not() -> None:
    table = Table(("a", "b"), (("kort", "kort"),), (1, 1))
    longer = replace(table, rows=(("kort", "lång " * 70),))
    assert cost(table.rows, table.widths) == 2
    assert cost(longer.rows, longer.widths) == 4 + 354 // 35
