"""A file of the project in one form: how far keys stand in, what is on one line, where spaces are. Comments stay."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import YAMLError

from ombud.policy.extents import extents
from ombud.policy.laid import Layout, Left
from ombud.policy.tree import LONGEST

__all__ = ["Left", "formatted"]


def formatted(text: str, longest: int = LONGEST) -> str:
    """The text in its form. It says the same: its tree is equal, and its comments are there. Raises Left.

    What is braces or brackets from its first sign on, as JSON is, stays as it is. What is not YAML of the language is
    for `check` to tell: it is to be read without a finding before.
    """
    if len(text) > longest:
        raise Left(f"it is longer than {longest} characters")
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found, said, comments = _laid(plain)
    if found == plain:
        return found
    try:
        again, said_again, comments_again = _laid(found)
    except (YAMLError, Left):
        raise Left("formatted, it could not be read again") from None
    if said_again != said or comments_again != comments:
        raise Left("formatted, it would say something else")
    if again != found:
        raise Left("formatted again, it would be formatted otherwise")
    return found


def _laid(text: str) -> tuple[str, Any, list[str]]:
    """The text laid out, what it says, and its comments."""
    root = extents(text)
    if root is None or root.flow:
        return text, None, []
    layout = Layout(text)
    return layout.whole(root), root.said, layout.comments
