"""A text is searched for what it holds signs of, and what is found in it is the same as if all was searched for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.rights import patterns
from ombud.rights.patterns import Found, found_in

PIECES = st.sampled_from(
    ["bo@x.example", "0701740605", "+46 70-174 06 05", "850709-9805", "19850709-9805", "192.0.2.7", "2001:db8::7",
     "::1", "a:b:c:d", "@", "1.2.3", "12", " ", "tel", "\uff20x.example", "1234567890", ".", "-"]
)  # fmt: skip


def searched_all(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Found, ...]:
    with monkeypatch.context() as patched:
        everything = tuple((search, lambda text: True) for search, _ in patterns._SEARCHES)
        patched.setattr(patterns, "_SEARCHES", everything)
        return found_in(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_nothing_is_missed_that_all_searches_find(text: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        assert found_in(text) == searched_all(text, patched)
