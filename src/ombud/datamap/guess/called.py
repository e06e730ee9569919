"""What somebody has called the columns of a map, kept where its database is drafted anew: no draft guesses that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ombud.datamap.guess.quoting import name as written_name
from ombud.datamap.guess.quoting import quoted
from ombud.policy.tree import Entries, Node, Scalar, read

Titles = Mapping[str, Mapping[str, str]]
"""By column, its title by language."""


@dataclass(frozen=True, slots=True)
class Called:
    """The titles of a file, and of each table by the name that the file has for it."""

    of_file: Titles = field(default_factory=dict)
    of_table: Mapping[str, Titles] = field(default_factory=dict)

    def lines(self, titles: Titles, indent: str) -> Iterator[str]:
        """Titles as a map has them."""
        if titles:
            yield f"{indent}titles:"
        for column, title in titles.items():
            said = ", ".join(f"{written_name(language)}: {quoted(text)}" for language, text in title.items())
            yield f"{indent}  {written_name(column)}: {{{said}}}"


def called(text: str, longest: int) -> Called:
    """The titles in the text of a map; none of a text that is no map."""
    node, _ = read("", text, longest)
    tables = node.get("tables") if isinstance(node, Entries) else None
    own = {each.key: _titles(each.node) for each in tables.entries} if isinstance(tables, Entries) else {}
    return Called(_titles(node), {table: titles for table, titles in own.items() if titles})


def _titles(node: Node | None) -> Titles:
    said = node.get("titles") if isinstance(node, Entries) else None
    found = {each.key: _title(each.node) for each in said.entries} if isinstance(said, Entries) else {}
    return {column: title for column, title in found.items() if title}


def _title(node: Node) -> Mapping[str, str]:
    languages = node.entries if isinstance(node, Entries) else ()
    return {each.key: each.node.text for each in languages if isinstance(each.node, Scalar)}
