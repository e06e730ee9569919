"""A document of fideslang, part by part: each is the text, list or mapping it must be, or says where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Where = tuple[str | int, ...]
"""The keys and numbers that lead to a place in a document."""


class NotFideslang(Exception):
    """The file does not say what it is read for, or has another form: why, where, and the way out if it has one."""

    def __init__(self, message: str, where: Where = (), hint: str = "") -> None:
        super().__init__(message)
        self.where, self.hint = where, hint


def mappings(said: Mapping[str, Any], where: Where, name: str) -> Iterator[tuple[Mapping[str, Any], Where]]:
    """The mappings in the list of that name, each with its place; none where nothing is said. Raises NotFideslang."""
    found, at = said.get(name), (*where, name)
    if not isinstance(found, list | None):
        raise NotFideslang(f"{name} is no list", at, f"write a list: `{name}:`, and under it `- …` for each")
    for n, each in enumerate(found or ()):
        if not isinstance(each, Mapping):
            raise NotFideslang(f"{name} has an item that is no mapping", (*at, n), "write `- ` and its keys")
        yield each, (*at, n)


def texts(said: Mapping[str, Any], where: Where, name: str, example: str, what: str = "texts") -> tuple[str, ...]:
    """The texts in the list of that name, without blank ones; one may stand without a list. Raises NotFideslang."""
    found, at = said.get(name), (*where, name)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    if any(isinstance(each, Mapping | list) for each in listed):
        raise NotFideslang(f"{name} is no list of {what}", at, f"write `{name}: [{example}]`")
    return tuple(str(each) for each in listed if each is not None and str(each).strip())


def text(said: Mapping[str, Any], where: Where, name: str) -> str:
    """The text of that name; "" where nothing is said. Raises NotFideslang."""
    found = said.get(name)
    if isinstance(found, Mapping | list):
        what = "a list" if isinstance(found, list) else "a mapping"
        raise NotFideslang(f"{name} is {what}, and not one value", (*where, name), f"write `{name}: …` on one line")
    return "" if found is None else str(found)
