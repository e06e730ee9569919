"""What is somebody else's in a text is found as it is written; the requester's own never is; no text takes long."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.datamap.identity import normalise
from ombud.documents.extract import Span
from ombud.rights.masking import MASK, masked, merged, pieces
from ombud.rights.others import Confidence, Known, Other, Proposal, Whose
from ombud.rights.patterns import MOST, found_in
from ombud.rights.phrases import is_genitive
from ombud.rights.proposing import Reader

EMIL = Other("Emil Granvret", "the name of somebody at the requester's address", Whose.HOUSEHOLD, alone=True)
ELSA = Known(
    own=frozenset(
        {("email", "familjen@granvret.example"), ("phone", "+46701740605"), ("personnummer", "195801099850")}
    ),
    names=("Elsa Granvret",),
    addresses=("Provgatan 5",),
    others=(EMIL, Other("Åsa Brobäck", "a name in the same thread"), Other("Provgatan 5", "…", kind="address")),
)


def words(text: str, known: Known = ELSA, *, free: bool = True) -> list[str]:
    return [text[p.span.start : p.span.end] for p in Reader(known).read(text, free=free)]


def only(text: str, known: Known = ELSA) -> Proposal:
    (found,) = Reader(known).read(text)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("skriv till <Bo.Ek@Example.org>.", "email", "bo.ek@example.org"),
        ("mailto:åsa@broback.example", "email", "åsa@broback.example"),
        ("bo\u200b@lindnas\uff0eexample!", "email", "bo@lindnas.example"),
        ("ring 070-174 06 50!", "phone", "+46701740650"),
        ("den 3/5 2026 070-174 06 50 12", "phone", "+46701740650"),
        ("Tel+46701740650", "phone", "+46701740650"),
        ("(070) 174 06 50", "phone", "+46701740650"),
        ("pnr 19560621-9864", "personnummer", "195606219864"),
        ("från 192.0.2.77 kl. 12", "ip", "192.0.2.77"),
        ("from 2001:db8::7", "ip", "2001:db8::7"),
    ],
)
def test_an_identifier_is_found_as_people_write_it(text: str, kind: str, form: str) -> None:
    if kind == "personnummer":
        text = text.replace("19560621-9864", _number("560621"))
        form = normalise(kind, text.split()[-1])
    (found,) = found_in(text)
    assert (found.kind, found.form) == (kind, form)


def _number(born: str) -> str:
    from stdnum import luhn

    return f"{born}-986{luhn.calc_check_digit(born + '986')}"


@pytest.mark.parametrize(
    "text",
    ["order 1234567890123", "2026-06-01 10:00", "version 10.0.26100", "@kalle", "a@b", "19990230-1234", "12:30:15"],
)
def test_what_only_looks_like_an_identifier_is_none(text: str) -> None:
    assert not found_in(text)


def test_digits_beside_an_identifier_hide_none() -> None:
    found = found_in("070-174 06 50 192.0.2.1 070-174 06 33")
    assert [each.form for each in found] == ["+46701740650", "192.0.2.1", "+46701740633"]


# --- names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Det är Emils nyckel", ["Emils"]),
        ("hos emil granvret i går", ["emil granvret"]),
        ("Granvret, Emil bor här", ["Granvret, Emil"]),
        ("emil i lönneberga", []),
        ("Emilia och Emilsson", []),
        ("A\u030asa Broba\u0308ck ringde", ["A\u030asa Broba\u0308ck"]),
        ("ÅSA BROBÄCKS sak", ["ÅSA BROBÄCKS"]),
        ("min man Bosse Ek kommer", ["Bosse Ek"]),
        ("my husband, Bosse, called", ["Bosse"]),
        ("Olle Granvret hämtar", ["Olle Granvret"]),
        ("fråga Kjell Hansen, 070-233 33 04", ["Kjell Hansen", "070-233 33 04"]),
        ("Nu är det ordnat.\nMvh Lisa Ek", ["Lisa Ek"]),
    ],
)
def test_a_name_is_found_at_word_ends_whatever_its_case_and_with_its_genitive(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_only_marks_apart_is_found_with_less_confidence() -> None:
    assert only("jag såg Åsa Brobäck där").confidence is Confidence.LIKELY
    assert only("jag såg Asa Broback där").confidence is Confidence.POSSIBLE


def test_a_name_that_begins_a_sentence_may_be_a_word() -> None:
    per = Known(names=("Ingrid Sandberg",), others=(Other("Per Sandberg", "…", Whose.HOUSEHOLD, alone=True),))
    assert only("Per månad kostar det mer.", per).confidence is Confidence.POSSIBLE
    assert words("det kostar mer per månad", per) == []
    assert only("det sade Per häromdagen", per).confidence is Confidence.LIKELY


def test_who_signed_is_told_apart_for_the_policy_decides_of_staff() -> None:
    assert only("Nu är det ordnat.\nHälsningar, Lisa").whose is Whose.STAFF


def test_the_requesters_own_is_never_proposed() -> None:
    text = "Elsa Granvret, Granvret Elsa, Elsas, Provgatan 5, FAMILJEN@granvret.example, 070-174 06 05, mvh Elsa"
    assert words(text) == []


def test_a_name_beside_ones_own_identifier_leaves_the_identifier_alone() -> None:
    assert words("Emil familjen@granvret.example") == ["Emil"]
    assert words("Emil Granvret - familjen@granvret.example") == ["Emil Granvret"]


def test_a_cell_that_holds_one_thing_counts_only_where_it_is_known_to_be_anothers() -> None:
    known = Known(own=ELSA.own, names=ELSA.names, theirs={("email", "bo@lindnas.example"): Whose.ANOTHER})
    assert words("bo@lindnas.example", known, free=False) == ["bo@lindnas.example"]
    assert words("okand@x.example", known, free=False) == []


# --- laws -------------------------------------------------------------------------------------------------------

PARTS = st.sampled_from(
    ["Emil", "Granvret", "Elsa", "emil@jobb.example", "familjen@granvret.example", "070-174 06 50", "070-174 06 05",
     "min", "man", "Bosse", "Ek", "mvh", ".", ",", "\n", "\0", "\u0301", "\u200b", "@", "192.0.2.1",
     "Åsa", "Brobäck", "-", "s"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PARTS, max_size=25).map(" ".join), st.lists(PARTS, max_size=25).map("".join)
)


@settings(max_examples=60)
@given(TEXTS)
def test_spans_lie_inside_the_text_and_hold_something(text: str) -> None:
    for each in Reader(ELSA).read(text):
        assert 0 <= each.span.start < each.span.end <= len(text)


@settings(max_examples=60)
@given(TEXTS)
def test_ones_own_identifiers_are_never_in_a_span(text: str) -> None:
    own = [f for f in found_in(text) if (f.kind, f.form) in ELSA.own]
    for each in Reader(ELSA).read(text):
        assert not any(f.start < each.span.end and each.span.start < f.end for f in own)


@settings(max_examples=60)
@given(TEXTS)
def test_no_reason_repeats_what_it_is_the_reason_for(text: str) -> None:
    for each in Reader(ELSA).read(text):
        said = text[each.span.start : each.span.end]
        assert len(said) < 4 or said.casefold() not in each.span.why.casefold()


SPANS = st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)).map(lambda each: Span(*each, "…")), max_size=8)


@settings(max_examples=60)
@given(st.text(max_size=50), SPANS)
def test_overlapping_spans_mask_what_any_of_them_covers_and_nothing_else(text: str, spans: list[Span]) -> None:
    covered = {n for span in spans for n in range(span.start, span.end)}
    kept = "".join(piece for piece, span in pieces(text, spans) if span is None)
    assert kept == "".join(c for n, c in enumerate(text) if n not in covered)
    assert "".join(piece for piece, _ in pieces(text, spans)) == text


def test_a_span_inside_another_ends_nothing() -> None:
    assert masked("0123456789", [Span(1, 8, "long"), Span(2, 4, "short")]) == f"0{MASK}89"


@settings(max_examples=60)
@given(st.text(max_size=50), SPANS)
def test_masking_twice_is_masking_once(text: str, spans: list[Span]) -> None:
    once = merged(spans, len(text))
    assert merged(once, len(text)) == once
    assert masked(text, once) == masked(text, spans)


def test_numbers_beside_a_number_are_found_too() -> None:
    number = "070-174 06 50"
    found = found_in(f"{number} {number} . {number}")
    assert all(any(each.start <= at and at + 13 <= each.end for each in found) for at in (0, 14, 30))


@settings(max_examples=60)
@given(st.lists(PARTS.filter(lambda part: part not in "\u0301\u200b-s"), max_size=20).map(" ".join))
def test_in_what_is_masked_no_identifier_is_left_to_propose(text: str) -> None:
    left = masked(text, (each.span for each in Reader(ELSA).read(text)))
    assert not [each for each in Reader(ELSA).read(left) if each.kind != "name"]
    assert MASK not in text


# --- hostile texts ----------------------------------------------------------------------------------------------

HOSTILE: dict[str, Callable[[int], str]] = {
    "no at sign": lambda n: "a" * n,
    "at signs": lambda n: "@" * n,
    "addresses without an end": lambda n: "a@" * (n // 2),
    "digits": lambda n: "1" * n,
    "digits apart": lambda n: "1 " * (n // 2),
    "brackets": lambda n: "(" * n,
    "colons": lambda n: "a:" * (n // 2),
    "dots": lambda n: "1." * (n // 2),
    "marks": lambda n: "e" + "\u0301" * n,
    "nothing seen": lambda n: "\u200b" * n,
    "nothing at all": lambda n: "\0" * n,
    "capitals": lambda n: "Ab " * (n // 3),
    "a name": lambda n: "Emil " * (n // 5),
    "signatures": lambda n: "mvh Ab " * (n // 7),
    "kin": lambda n: "man Ab " * (n // 7),
    "addresses": lambda n: "a@b.example " * (n // 12),
    "own": lambda n: "Elsa familjen@granvret.example " * (n // 31),
    "numbers": lambda n: "070-174 06 50, " * (n // 15),
}


def work(text: str) -> int:
    """How many lines of Python are run to read a text: what depends on its length, whatever the machine."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    reader = Reader(ELSA)
    reader.read("warm")
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        reader.read(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("sort", HOSTILE)
def test_the_work_grows_no_faster_than_the_text(sort: str) -> None:
    small, large = work(HOSTILE[sort](1_000)), work(HOSTILE[sort](4_000))
    assert large <= 5 * small + 2_000


@pytest.mark.parametrize("sort", ["no at sign", "marks", "brackets", "digits"])
def test_a_text_of_a_megabyte_is_read(sort: str) -> None:
    Reader(ELSA).read(HOSTILE[sort](1_000_000))


def test_past_the_most_the_rest_is_for_a_person_to_read() -> None:
    text = "a@b.example " * (MOST + 50)
    last = Reader(ELSA).read(text)[-1]
    assert last.span.end == len(text)
    assert "more than can be told apart" in last.span.why


def test_the_genitive_is_one_s_and_no_more() -> None:
    assert is_genitive("emils", "emil")
    assert not is_genitive("emilss", "emil")
    assert not is_genitive("lar", "lars")
