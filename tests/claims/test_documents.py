"""How following a path in a document ends, where no sweep shows it alone."""

from __future__ import annotations

import pytest

from ombud.claims.documents import At, at


@pytest.mark.parametrize("said", [None, "", "null", "{}", '{"a": null}', {}, {"a": None}])
def test_a_document_without_the_path_holds_nothing(said: object) -> None:
    assert at(said, ("a",)) == (At.NOTHING, None)


@pytest.mark.parametrize("said", [" ", "{", "[]", '"a"', "7", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 100_000, [], 0])
def test_what_is_no_document_or_leads_through_none_cannot_be_read(said: object) -> None:
    assert at(said, ("a",)) == (At.UNREADABLE, None)
