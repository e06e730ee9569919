"""The guesses in a draft's text, and what a person makes of each: it holds, it is something else, it is not personal.

Works on the lines that `written` wrote, so that whatever else stands in the file, comments too, stays as it is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from ombud.datamap.unconfirmed import GUESS

_GUESSED = re.compile(rf"(?P<said>.*?)\s*{GUESS} (?P<sure>[01]\.\d\d) (?P<why>.*)")
_ENTRY = re.compile(r'(?P<key>"(?:[^"\\]|\\.)*"|[^\s:]+):(?: .*)?')
_TABLE_OF = re.compile(r'table: (?P<table>"(?:[^"\\]|\\.)*"|[^\s,}]+)')
UNSAID = 0.1
"""How sure it is that a table which somebody took for one about persons is about nobody."""
WHOSE = "say whom its rows are about"
_UNSEEN = 1.5
"""A personal column that is missed is worse than one too many."""


@dataclass(eq=False)
class Line:
    """A line of the file; `keys` lead to it."""

    text: str
    keys: tuple[str, ...] = ()

    @property
    def indent(self) -> int:
        """How many blanks it begins with."""
        return len(self.text) - len(self.text.lstrip())

    @property
    def bare(self) -> str:
        """The line without its guess."""
        return self.text.split(GUESS)[0].rstrip()


class Sort(StrEnum):
    """What a guess is about, which decides what can be answered."""

    COLUMN = "column"
    LIST = "list"
    OWNER = "owner"
    SUBJECT = "subject"
    LEFT_OUT = "left out"
    REMARK = "remark"
    OTHER = "other"


@dataclass(frozen=True)
class Open:
    """A guess that waits: its line, what is guessed, how sure that is and why."""

    line: Line
    said: str
    sure: float
    why: str

    @property
    def table(self) -> str:
        """The table it is about; "" for the file."""
        return self.line.keys[1] if self.line.keys[:1] == ("tables",) and len(self.line.keys) > 1 else ""

    @property
    def column(self) -> str:
        """The column it is about, if it is about one, or about a path in it."""
        return self.line.keys[3] if self.line.keys[2:3] == ("columns",) and len(self.line.keys) > 3 else ""

    @property
    def path(self) -> tuple[str, ...]:
        """The keys inside the column's document that it is about."""
        return tuple(self.line.keys[5].split(".")) if self.line.keys[4:5] == ("json",) and self.line.keys[5:] else ()

    @property
    def sort(self) -> Sort:
        """What it is about."""
        keys = self.line.keys
        if not self.said:
            return Sort.REMARK
        if self.column:
            return Sort.COLUMN
        if keys[2:] == ("not_personal",):
            return Sort.LIST
        if keys[2:] == ("owner",):
            return Sort.OWNER
        if keys[:1] == ("subjects",) and len(keys) == 2:
            return Sort.SUBJECT
        return Sort.LEFT_OUT if keys == ("not_personal",) and self.said.startswith("- ") else Sort.OTHER

    @property
    def left_out(self) -> str:
        """The table of the list of those that are not mapped."""
        return _plain(self.said.removeprefix("- "))

    @property
    def risk(self) -> float:
        """How much may be wrong by it."""
        return (1 - self.sure) * (_UNSEEN if "not_personal" in self.line.keys else 1.0)


class Review:
    """A draft's text while somebody goes through it."""

    def __init__(self, text: str) -> None:
        self._lines = [Line(each) for each in text.splitlines()]
        path: list[tuple[int, str]] = []
        for line in self._lines:
            bare = line.bare.strip()
            if bare and not bare.startswith("#"):
                path = [each for each in path if each[0] < line.indent]
                if entry := _ENTRY.fullmatch(bare):
                    path.append((line.indent, _plain(entry["key"])))
            line.keys = tuple(key for indent, key in path if indent <= line.indent)

    @property
    def text(self) -> str:
        """The file as it is now."""
        return "".join(f"{line.text}\n" for line in self._lines)

    def waiting(self) -> list[Open]:
        """The guesses that nobody has confirmed, by falling risk."""
        found = [
            Open(line, match["said"].strip(), float(match["sure"]), match["why"])
            for line in self._lines
            if (match := _GUESSED.fullmatch(line.text))
        ]
        return sorted(found, key=lambda each: -each.risk)

    def listed(self, guess: Open) -> list[str]:
        """The names in the list that a line begins, as the file writes them; none where it begins none, or is gone."""
        if guess.line not in self._lines:
            return []
        found, at = list[str](), self._lines.index(guess.line) + 1
        while guess.line.bare.endswith(":") and at < len(self._lines) and self._lines[at].indent > guess.line.indent:
            item = self._lines[at].bare.strip()
            found += [item.removeprefix("- ")] if item.startswith("- ") else []
            at += 1
        return found

    def personal(self, guess: Open, column: str, category: str) -> None:
        """A column of the list that a line begins is personal after all: it goes among its table's columns."""
        at, own = self._lines.index(guess.line), " " * guess.line.indent
        item = next(n for n in range(at + 1, len(self._lines)) if self._lines[n].bare == f"{own}  - {column}")
        del self._lines[item]
        if not self.listed(guess):
            self._lines.remove(guess.line)
        keys = (*guess.line.keys[:2], "columns")
        first = next(n for n in range(at - 1, -1, -1) if self._lines[n].indent < len(own) and self._lines[n].bare)
        heads = [n for n in range(first, at) if self._lines[n].bare == f"{own}columns:"]
        new = [] if heads else [Line(f"{own}columns:", keys)]
        place = heads[0] + 1 if heads else at
        self._lines[place:place] = [*new, Line(f"{own}  {column}: {category}", (*keys, _plain(column)))]

    def confirm(self, guess: Open) -> None:
        """It holds: its comment goes, or the line, where it is only a remark."""
        guess.line.text = guess.line.bare
        if not guess.line.text:
            self._lines.remove(guess.line)

    def holds(self, guess: Open, category: str) -> None:
        """The column, or the path, holds this category."""
        guess.line.text = f"{guess.line.bare.rpartition(': ')[0]}: {category}"

    def not_personal(self, guess: Open) -> None:
        """The column is not personal: it goes into its table's list. A path in a document only goes, with the document
        where it was the last."""
        at = self._lines.index(guess.line)
        self._lines.remove(guess.line)
        line = guess.line
        if len(line.keys) != 4:
            if self._lines[at - 1].bare.strip() != "json:" or not self._ends(at, line.indent):
                return
            line = self._lines[at - 2]
            del self._lines[at - 2 : at]
            at -= 2
        own = " " * (line.indent - 2)
        entry = _ENTRY.fullmatch(line.bare.strip())
        name = entry["key"] if entry else line.bare.strip()
        first = next(n for n in range(at - 1, -1, -1) if self._lines[n].indent < len(own) and self._lines[n].bare)
        last = next((n for n in range(at, len(self._lines)) if self._ends(n, len(own))), len(self._lines))
        heads = [n for n in range(first, last) if self._lines[n].bare == f"{own}not_personal:"]
        new = [] if heads else [Line(f"{own}not_personal:", (*line.keys[:2], "not_personal"))]
        place = heads[0] + 1 if heads else last
        self._lines[place:place] = [*new, Line(f"{own}  - {name}", (*line.keys[:2], "not_personal"))]
        for n in range(first, last):  # `columns:` that has lost its last column
            if self._lines[n].bare == f"{own}columns:" and self._lines[n + 1].indent <= len(own):
                del self._lines[n]
                return

    def links(self, table: str) -> list[str]:
        """The names of the links that the file says of a table, as it writes them."""
        keys = ("tables", table, "links")
        found = [line for line in self._lines if line.keys[:3] == keys and len(line.keys) == 4]
        return [entry["key"] for line in found if (entry := _ENTRY.fullmatch(line.bare.strip()))]

    def owned(self, guess: Open, owner: str) -> None:
        """The table's owner is said otherwise, in the map's own words."""
        guess.line.text = f"{' ' * guess.line.indent}owner: {owner}"

    def nobody(self, guess: Open) -> None:
        """The subject's rows are no persons: whom they are about still waits to be said."""
        table = _TABLE_OF.search(guess.said)
        self._lines.remove(guess.line)
        name = _plain(table["table"]) if table else ""
        for line in self._lines:
            if line.keys == ("tables", name, "owner"):
                line.text = f"{' ' * line.indent}owner: nobody  {GUESS} {UNSAID:.2f} {WHOSE}"
        if not any(len(line.keys) == 2 and line.keys[0] == "subjects" for line in self._lines):
            self._lines = [line for line in self._lines if line.keys != ("subjects",)]

    def mapped(self, guess: Open) -> None:
        """A table that is left out is about persons after all: it is mapped, and whose its rows are is asked."""
        name = guess.said.removeprefix("- ")
        at = self._lines.index(guess.line)
        self._lines.remove(guess.line)
        if not any(line.keys == ("not_personal",) and line.indent for line in self._lines):
            head = next(n for n, line in enumerate(self._lines) if line.bare == "not_personal:")
            del self._lines[head]
            at = head
        heads = [n for n, line in enumerate(self._lines) if line.bare == "tables:"]
        last = max((n for n, line in enumerate(self._lines) if line.keys[:1] == ("tables",)), default=at - 1) + 1
        keys = ("tables", _plain(name))
        new = [] if heads else [Line("tables:", ("tables",))]
        waits = Line(f"    owner: nobody  {GUESS} {UNSAID:.2f} {WHOSE}", (*keys, "owner"))
        self._lines[last:last] = [*new, Line(""), Line(f"  {name}:", keys), waits]

    def _ends(self, n: int, indent: int) -> bool:
        return n >= len(self._lines) or not self._lines[n].text.strip() or self._lines[n].indent < indent


def _plain(key: str) -> str:
    """A name as it is, from how the file writes it."""
    try:
        return str(json.loads(key)) if key.startswith('"') else key
    except ValueError:
        return key


def masked(values: Sequence[object]) -> list[str]:
    """What values look like and not what they say: the first letter of each long word, marks, and how long they are."""
    return [_masked(str(value)) for value in values]


_LONG = 3
"""Letters of a word whose first one is shown; fewer may be the whole of what it says."""


def _masked(text: str) -> str:
    """Marks that belong to a letter, and what joins letters, are of its word; what has no word is masked whole."""
    shown, words = text[:60], list[str]()
    for letters, group in groupby(shown, _is_of_a_word):
        run = "".join(group)
        words.append(_word(run) if letters else run)
    if not any(map(_is_of_a_word, shown)):
        words = ["•" if not c.isspace() else c for c in shown]
    return "".join(words) + ("…" if len(text) > 60 else "")


def _is_of_a_word(c: str) -> bool:
    return c.isalnum() or unicodedata.category(c) in ("Mn", "Mc", "Me", "Cf")


def _word(run: str) -> str:
    masked = ["9" if c.isdigit() else "•" for c in run]
    letters = [n for n, c in enumerate(run) if c.isalpha()]
    if len(letters) >= _LONG and letters[0] == 0:
        masked[0] = unicodedata.normalize("NFD", run[0])[0]
    return "".join(masked)
