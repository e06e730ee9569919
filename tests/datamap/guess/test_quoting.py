"""What somebody else wrote is read back from our files as it was, on one line."""

from __future__ import annotations

import pytest

from ombud.datamap.guess.quoting import name, quoted, sentence
from ombud.policy.tree import Scalar, read


@pytest.mark.parametrize(
    "said", ["plain", "null", "a # b", 'a "b"', "a\u2028b", "a\U000e0001b", "a\u202eb", "a\nb", "å"]
)
def test_a_name_is_read_as_it_was_written(said: str) -> None:
    for written in (name(said), quoted(said)):
        node, findings = read("a.yaml", written)
        assert isinstance(node, Scalar)
        assert (node.text, len(written.splitlines()), findings) == (said, 1, ())


def test_a_sentence_is_one_line_and_not_too_long() -> None:
    assert sentence(" a\nb\u2028c\u202ed ") == "a b c�d"
    assert sentence("x" * 1000) == "x" * 159 + "…"
