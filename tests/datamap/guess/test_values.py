"""What values look like, whatever their column is called."""

from __future__ import annotations

import pytest

from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.values import document, look


@pytest.mark.parametrize(
    ("concept", "fits", "fails"),
    [
        (Concept.IDENTITY_NUMBER, "19900101-2385", "19900101-2384"),
        (Concept.PAYMENT, "SE4550000000058398257466", "SE4550000000058398257467"),
        (Concept.EMAIL, "Ada <ada@example.org>", "ada at example.org"),
        (Concept.IP, "2001:db8::1", "2001:db8"),
        (Concept.PHONE, "070-174 06 05", "20240101"),
        (Concept.ADDRESS, "Storgatan 1", "PostNord"),
        (Concept.NAME, "Ada Alnäs", "ada alnäs"),
        (Concept.CREDENTIAL, "$2b$12$invented0000000000000000000", "$2"),
    ],
)
def test_a_look_is_certain_where_it_can_be(concept: Concept, fits: str, fails: str) -> None:
    assert look([fits]).shares.get(concept) == 1
    assert concept not in look([fails]).shares


def test_texts_that_mention_several_addresses_are_about_persons() -> None:
    texts = [f"call {who}@example.org please" for who in ("ada", "bea", "cia")]
    assert look(texts).mentions == 1
    assert look(texts[:1] * 50).mentions == 0, "one address for all is the organisation's own"


def test_documents_are_known_and_nothing_else_breaks() -> None:
    assert document('{"a": 1}') == {"a": 1}
    assert document(b'["a"]') == ["a"]
    assert document("{broken") is None
    assert document("[" * 100_000) is None
    assert look([b"\xff\x00\xfe", "\x1b[31m", "", 3.5, None]).count == 5
