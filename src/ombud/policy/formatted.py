"""A file of the project in one form: how far keys stand in, what is on one line, where spaces are. Comments stay."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ombud.policy.tree import Entries, Form, Items, Node, Scalar, read

WIDTH = 140
"""Characters of a line, after which what is on one line is broken."""


class Changed(Exception):
    """Formatted, the text would say something else, or be formatted otherwise the next time: it is left as it is."""


def formatted(text: str, longest: int) -> str:
    """The text in its form. It says the same: its tree is equal, and its comments are there. Raises Changed.

    What is not YAML of the language is for `check` to tell: it is to be read without a finding before.
    """
    try:
        found = _formed(text)
        again = _formed(found)
    except YAMLError:  # a `#` inside a text of several lines
        raise Changed from None
    if again != found or _said(text, longest) != _said(found, longest) or _comments(text) != _comments(found):
        raise Changed
    return found


def _formed(text: str) -> str:
    yaml, stream = YAML(), StringIO()
    yaml.width, yaml.preserve_quotes, yaml.allow_unicode = WIDTH, True, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(yaml.load(text.removeprefix("\ufeff")), stream)
    lines = _with_what_follows([line.rstrip() for line in stream.getvalue().split("\n")])
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _with_what_follows(lines: list[str]) -> list[str]:
    """Each line that is a comment stands in as far as what follows it."""
    indent, found = "", list[str]()
    for line in reversed(lines):
        text = line.lstrip()
        if text and not text.startswith("#"):
            indent = line[: len(line) - len(text)]
        found.append(indent + text if text.startswith("#") else line)
    return found[::-1]


def _said(text: str, longest: int) -> Any:
    node, _ = read("", text, longest)
    return None if node is None else _plain(node)


def _plain(node: Node) -> Any:
    match node:
        case Scalar(_, text, form):
            return form, "" if form is Form.EMPTY else text
        case Items(_, nodes):
            return [_plain(each) for each in nodes]
        case Entries(_, entries):
            return [(entry.key, _plain(entry.node)) for entry in entries]


def _comments(text: str) -> list[str]:
    """What may be a comment, in order: a `#` after a space or at a line's start, to the line's end."""
    return [found.strip() for found in re.findall(r"(?:^|\s)(#[^\n]*)", text)]
