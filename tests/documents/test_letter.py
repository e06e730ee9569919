"""The answer as a letter: for the window, for the archive, and for whoever reads or hears it."""

from __future__ import annotations

import builtins
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ombud.documents import Addressee, LettersNotInstalled, letter, rendered
from ombud.documents.answer import compose_answer
from ombud.documents.body import Body, Heading, Items, Notice, Paragraph, Table
from ombud.documents.extract import Datum, Extract, Hold, NotCarried, Record, Span
from ombud.documents.glyphs import _SHOWN, BOX, legible
from ombud.documents.rendered import C5, render
from tests.documents.pdf import Box, letters_of, quick_text, reader, root, tags, text
from tests.documents.people import BOOKKEEPING, CUSTOMER, DAY, OFFERS, astrid, cell, extract, many, policy

TO = Addressee(("Astrid Kviststrand", "Provgatan 1", "990 10 Bärnvik"))
CASE = "R-2027-0017"


@cache
def sample(language: str = "sv") -> bytes:
    return letter(astrid(), policy(), TO, language, CASE, DAY)


def composed(answer: Extract, language: str = "sv") -> Body:
    return compose_answer(answer, policy(), TO, language, CASE, DAY)


def words(pdf: bytes) -> str:
    return " ".join(text(pdf).split())


def plain(*texts: str, to: Addressee = TO) -> bytes:
    return render(Body("sv", "Titel", "Ämne", ("Norra AB",), to, DAY, (), "", tuple(map(Paragraph, texts))))


# --- its form ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_is_pdf_a_2a_and_pdf_ua_1(language: str) -> None:
    found = root(sample(language))
    metadata = found["/Metadata"].get_object().get_data().decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert found["/Lang"].startswith(language)
    assert found["/MarkInfo"]["/Marked"]
    assert found["/ViewerPreferences"]["/DisplayDocTitle"]


def test_it_is_tagged_as_what_it_is() -> None:
    found = tags(sample())
    assert found.count("/Table") == 4
    assert found.count("/TH") >= 3
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/TD"} <= set(found)


def test_it_says_what_it_is_in_its_metadata() -> None:
    about = reader(sample("en")).metadata
    assert about is not None
    assert (about.title, about.author) == ("Your personal data at Bärnvik", "Bärnvik Koncern AB")


def test_equal_letters_are_equal_bytes() -> None:
    assert letter(astrid(), policy(), TO, "sv", CASE, DAY) == sample()


def test_it_is_read_in_order() -> None:
    said = words(sample())
    order = [
        "Astrid Kviststrand Provgatan 1 990 10 Bärnvik",
        "Bärnvik Koncern AB",
        "2 januari 2027",
        "Dina personuppgifter hos Bärnvik",
        "Svaret är inte fullständigt",
        "Bärnvik Konsult AB Kund till ett bolag i koncernen Rättslig grund Avtal",
        "Bokföring Rättslig grund Rättslig förpliktelse (artikel 6.1 c i GDPR)",
        "Vilka som har fått dina uppgifter",
        "Molnlagring Norr AB (Leverantör) Kund till",
        "Vad som inte är med",
        "Dina rättigheter",
        "Om du inte är nöjd",
        "Integritetsskyddsmyndigheten (https://www.imy.se/)",
        "Med vänlig hälsning",
    ]
    places = [said.find(each) for each in order]
    assert -1 not in places, order[places.index(-1)]
    assert sorted(places) == places


def test_each_page_says_which_of_how_many_it_is() -> None:
    pages = reader(sample()).pages
    for number, page in enumerate(pages, start=1):
        assert f"Sida {number} av {len(pages)}" in page.extract_text()


# --- the window -------------------------------------------------------------------------------------------------------

WINDOWS = [Box(229 - 20 - 90, top, 229 - 20, top + 35) for top in (44, 50)]
"""Of a C5 envelope, in millimetres from the envelope's upper left corner."""
SLIDES = [(across, down) for across in (0, 9.5, 19) for down in (0, 6.75, 13.5)]


def test_an_address_of_three_lines_stays_in_sight_wherever_the_sheet_has_slid() -> None:
    address = [box for _, box in letters_of(sample()) if box.left > 110 and box.bottom < 80]
    assert len(address) == len("".join(TO.lines).replace(" ", ""))
    for window in WINDOWS:
        for across, down in SLIDES:
            assert all(box.moved(across, down).within(window) for box in address)


def test_nothing_but_the_address_shows_in_the_window() -> None:
    area = Box(C5.left, C5.top, C5.left + C5.width, C5.top + C5.height)
    others = [box for _, box in letters_of(sample()) if not box.within(area)]
    for window in WINDOWS:
        for across, down in SLIDES:
            assert not [box for box in others if box.moved(across, down).touches(window)]


def test_a_long_address_is_set_smaller_and_stays_in_its_place() -> None:
    to = Addressee(
        (
            "Maria-Magdalena af Hohenlohe-Langenburg Oxenstierna",
            "c/o Föreningen för synnerligen långa namn i Norrland",
            "Provgatan 1, lgh 1102",
            "990 10 Bärnvik",
            "Sverige",
        )
    )
    area = Box(C5.left, C5.top, C5.left + C5.width, C5.top + C5.height)
    address = [box for _, box in letters_of(plain("x", to=to)) if box.left > 110 and box.bottom < 80]
    assert len(address) == len("".join(to.lines).replace(" ", ""))
    assert all(box.within(area) for box in address)


def test_of_a_protected_person_no_address_stands_anywhere() -> None:
    to = Addressee.protected("Farid Norrskog")
    assert to.lines == ("Farid Norrskog",)
    assert "Farid" not in repr(to)


# --- what it says -----------------------------------------------------------------------------------------------------


@pytest.mark.fact("R1")
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_value_of_the_person_is_in_the_letter(language: str) -> None:
    said = words(sample(language))
    for value in ("Astrid Kviststrand", "astrid@kviststrand.example", "+46 70 174 06 05", "Utbildning i nätverk"):
        assert value in said
    assert ("3990,50" if language == "sv" else "3990.50") in said
    assert "09:30:15.250000 (UTC+02:00)" in said
    assert "Lindnäs" not in said


@pytest.mark.fact("R10")
def test_the_recipients_stand_there_by_name() -> None:
    said = words(sample("en"))
    assert "Molnlagring Norr AB (Supplier) Customer of a group company 2 April 2026 EU/EEA" in said


def test_it_is_ordered_by_what_the_group_does_and_never_by_table() -> None:
    headings = [(block.level, block.text) for block in composed(astrid(), "en").blocks if isinstance(block, Heading)]
    assert headings[1:10] == [
        (1, "Bärnvik Konsult AB"),
        (2, "Customer of a group company"),
        (3, "Contact details"),
        (3, "Purchases"),
        (2, "Direct marketing by e-mail and web"),
        (2, "Offers from our partners"),
        (2, "Bookkeeping"),
        (3, "Contact details"),
        (3, "Purchases"),
    ]


def test_what_two_purposes_hold_is_shown_once_and_told_at_both() -> None:
    said = words(sample())
    marketing = said[said.index("Direktmarknadsföring via e-post och webb Rättslig grund") :]
    assert (
        "Namn, Postadress, E-postadress och Telefonnummer (visas under ”Kund till ett bolag i koncernen”)" in marketing
    )
    assert said.count("astrid@kviststrand.example") == 1


def test_two_last_days_of_one_purpose_stand_beside_what_they_hold() -> None:
    soon, late = (Hold("security", "contract", date(2027, month, 1)) for month in (2, 3))
    rows = [
        Record("security", "login", str(day.month), "drift", (cell("ip", "192.0.2.1", "network.ip", hold),))
        for hold in (soon, late)
        if (day := hold.until)
    ]
    body = composed(extract(*rows), "en")
    tables = [block for block in body.blocks if isinstance(block, Table)]
    assert ("192.0.2.1", "1 February 2027") in tables[1].rows
    assert ("192.0.2.1", "1 March 2027") in tables[1].rows
    assert "from 1 February 2027 to 1 March 2027" in tables[0].rows[0][2]


def test_an_answer_that_misses_a_source_says_so_first_and_again_at_the_end() -> None:
    body = composed(astrid(), "en")
    first = body.blocks[0]
    assert isinstance(first, Notice)
    assert first.title == "This answer is not complete"
    assert "We could read 2 of 3 systems. This could not be read yet: hr." in first.texts[0]
    left_out = next(block for block in body.blocks if isinstance(block, Items))
    assert set(first.texts) < set(left_out.texts)


def test_a_whole_answer_says_that_nothing_is_left_out() -> None:
    record = Record("crm", "customer", "1", "konsult", (cell("name", "Astrid", "contact.name", CUSTOMER),))
    blocks = composed(extract(record), "en").blocks
    assert not [block for block in blocks if isinstance(block, Notice)]
    assert Paragraph("Nothing is left out.") in blocks


def test_whoever_is_not_there_is_told_that() -> None:
    assert (
        Paragraph("We have no personal data about you in the systems that we have searched.")
        in composed(extract(), "en").blocks
    )


def test_what_no_purpose_holds_is_shown_too() -> None:
    record = Record("crm", "note", "1", "konsult", (Datum("note", "en anteckning", "text"),))
    body = composed(extract(record), "en")
    assert Heading("Other data", 2) in body.blocks
    assert "en anteckning" in words(render(body))


def test_only_what_rests_on_consent_can_be_withdrawn() -> None:
    def rights(*holds: Hold) -> str:
        record = Record("crm", "customer", "1", "konsult", (cell("email", "x", "contact.email", *holds),))
        return " ".join(
            text for block in composed(extract(record), "en").blocks if isinstance(block, Items) for text in block.texts
        )

    assert "Withdrawal of consent" in rights(OFFERS)
    assert "Withdrawal of consent" not in rights(BOOKKEEPING)


@pytest.mark.fact("R5")
def test_the_answer_for_taking_along_says_so() -> None:
    record = Record("crm", "customer", "1", "konsult", (cell("name", "Astrid", "contact.name", CUSTOMER),))
    body = composed(extract(record, kind="port"), "en")
    assert body.title == "Your data to take with you from Bärnvik"
    assert "Article 20" in body.subject


@pytest.mark.fact("R5")
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_not_taken_along_is_told_with_how_much_and_why(language: str) -> None:
    record = Record("crm", "customer", "1", "konsult", (cell("name", "Astrid", "contact.name", CUSTOMER),))
    whole = extract(record, kind="port")
    left = dict.fromkeys(NotCarried, 3)
    said = set(left_out(replace(whole, not_carried=left), language))
    assert len(said) == len(NotCarried)
    assert all(text.startswith("3 ") for text in said)
    assert left_out(whole, language) == ()


@pytest.mark.fact("R5")
def test_what_is_hidden_in_an_answer_for_taking_along_is_hidden_by_its_own_article() -> None:
    hidden = replace(cell("name", "Astrid", "contact.name", CUSTOMER), masked=(Span(0, 3, "another's name"),))
    record = Record("crm", "customer", "1", "konsult", (hidden,))
    assert "Article 20(4)" in left_out(extract(record, kind="port"), "en")[0]
    assert "Article 15(4)" in left_out(extract(record), "en")[0]


def left_out(answer: Extract, language: str) -> tuple[str, ...]:
    """The items under the heading of what is left out."""
    blocks = composed(answer, language).blocks
    heading = {"sv": "Vad som inte är med", "en": "What is left out"}[language]
    at = next(n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.text == heading)
    after = blocks[at + 1]
    return after.texts if isinstance(after, Items) else ()


# --- much, and odd ----------------------------------------------------------------------------------------------------


def test_many_rows_are_a_table_in_an_annex_still_tagged() -> None:
    pdf = render(composed(many(300), "en"))
    said = words(pdf)
    assert "300 records are in annex 1" in said
    assert all(f"Vara nummer {number} " in said for number in (0, 150, 299))
    assert tags(pdf).count("/TR") > 300


def test_a_row_with_many_cells_is_told_in_one_column() -> None:
    rows = [
        Record(
            "crm",
            "orders",
            str(number),
            "konsult",
            tuple(cell(f"part_{part}", f"värde {number}.{part}", "purchases", CUSTOMER) for part in range(9)),
        )
        for number in range(4)
    ]
    table = [block for block in composed(extract(*rows)).blocks if isinstance(block, Table)][1]
    assert len(table.columns) == 1
    assert "Köp: part 8: värde 3.8" in table.rows[3][0]


HOSTILE = [
    '#import "@preview/x:1.0.0": *',
    "$ x^2 $",
    "\\ \\\\ \\u{41}",
    "<script>alert(1)</script> &amp; <lab> @ref",
    "*bold* _em_ `code` = Heading // comment /* x */",
    '#panic("x") #sys.inputs.body #{1+1} {{x}} {0}',
    "- item + enum / term: x ~ --- ... 'quoted' \"double\"",
]


@pytest.mark.parametrize("odd", HOSTILE)
def test_markup_is_only_text(odd: str) -> None:
    assert " ".join(odd.split()) in words(plain(odd))


@pytest.mark.parametrize(
    "odd", ["漢字", "😀", "\x00", "\x07", "\x1b[1m", "\u202eabc", "\xad", "\u2066", "\ue000", "\ud800", "\ufffe"]
)
def test_what_cannot_be_shown_is_a_box_and_the_letter_says_so(odd: str) -> None:
    said = words(plain(f"före {odd} efter"))
    assert f"före {BOX}" in said
    assert "efter" in said
    assert "Några tecken finns inte i brevets typsnitt" in said


@pytest.mark.parametrize("script", ["Åsa Öberg Ærø", "Żółć Čapek ő", "Ελληνικά", "Кириллица", "naïve ﬁ", "½ € £ §"])
def test_common_scripts_are_shown(script: str) -> None:
    said = words(plain(script))
    assert script.replace("ﬁ", "fi") in said.replace("ﬁ", "fi")
    assert "typsnitt" not in said


@pytest.mark.parametrize("script", ["مرحبا", "שלום"])
def test_scripts_from_right_to_left_are_shown(script: str) -> None:
    assert legible(script) == script
    assert BOX not in words(plain(script))


def test_a_word_without_end_is_broken_and_stays_on_the_paper() -> None:
    pdf = plain("a" * 50_000)
    assert quick_text(pdf).count("a") >= 50_000
    assert max(box.right for _, box in letters_of(pdf, 1)) < 186


def test_the_table_of_characters_is_that_of_the_fonts() -> None:
    edges = [chr(int(end, 16)) for each in _SHOWN.split() for end in each.split("-")]
    prepared, whole = rendered._prepared(
        Body("sv", "x", "x", ("x",), TO, DAY, (), "", (Paragraph(" ".join(edges)),)), C5, legible
    )
    assert whole
    assert rendered._setter().set(prepared, datetime(2027, 1, 1, tzinfo=UTC))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=60), max_size=30))
@example(["\u180b ☎\ufe0f", " \u20e3", "e\u0301\u0301", "👨‍👩‍👧", "\u200d\u200c", "ا\u200bب", "\u0378", "\n\n\n", " "])
def test_no_text_at_all_can_stop_a_letter(texts: list[str]) -> None:
    assert plain(*texts).startswith(b"%PDF-1.7")


def test_a_table_of_other_fonts_does_not_stop_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def believes_all(text: str, lacking: str = "") -> str:
        return "".join(BOX if letter in lacking else letter for letter in text)

    monkeypatch.setattr(rendered, "legible", believes_all)
    assert f"för {BOX * 2} Ω" in words(plain("för 漢字 Ω"))
    assert "för ???? ??? ?" in words(plain("för 漢字国人 日本語 Ω"))


def test_masked_text_shows_that_something_was_there() -> None:
    datum = Datum("text", "Ring Bo i dag", "text", (CUSTOMER,), "provided", (Span(5, 7, "another"),))
    said = words(render(composed(extract(Record("crm", "note", "1", "konsult", (datum,))), "sv")))
    assert "Ring [annan persons uppgift] i dag" in said
    assert "På 1 ställe har vi dolt" in said


def test_without_typst_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "typst":
            raise ImportError
        return real(name, *rest, **named)

    monkeypatch.setattr(rendered, "_SETTERS", [])
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LettersNotInstalled, match=r"pip install 'ombud\[letters\]'") as caught:
        plain("x")
    assert caught.value.finding.code == "C159"


def test_a_sign_in_its_coloured_form_is_shown_in_its_plain_one() -> None:
    said = words(plain("Ring ☎\ufe0f i dag"))
    assert "Ring ☎ i dag" in said
    assert BOX not in said


def test_rows_that_nobody_has_decided_about_make_the_answer_incomplete() -> None:
    first = composed(extract(perhaps=2), "en").blocks[0]
    assert isinstance(first, Notice)
    assert first.texts[0].startswith("2 records may be about you")
