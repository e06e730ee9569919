"""What columns are called in letters, by language."""

from __future__ import annotations

from ombud.datamap.parse.draft import Titles
from ombud.datamap.parse.fields import Findings, entries, text
from ombud.policy.tree import Entry, Node


def titles(node: Node | None, findings: Findings) -> Titles:
    """The titles of columns; of one whose title is none, there is a finding and nothing else."""
    found: Titles = {}
    for entry in entries(node, "titles", findings) if node is not None else ():
        said = ((each.key, text(each.node, "a title", findings)) for each in _languages(entry.node, findings))
        title = {language: word for language, word in said if word}
        found = {**found, entry.key: (title, entry.place)} if title else found
    return found


def _languages(node: Node, findings: Findings) -> tuple[Entry, ...]:
    return entries(node, "a title, by language,", findings)
