"""The file of a batch: a CSV (RFC 4180), each line somebody; read as a stream, and repeated in no message."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import identifier_kinds, row_of
from ombud.policy.shape import day as calendar_day
from ombud.policy.tree import guess
from ombud.register.model import Identity
from ombud.terms import Finding, Place

ROW, RECEIVED, COMPANY, LANGUAGE, ADDRESS = "row", "received", "company", "language", "address"

LANGUAGES = ("sv", "en")

LONGEST = 100_000
"""Characters of one line, which a file of people does not come near."""

TOGETHER = 1_000
"""Lines that are looked at together for who stands there twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody, as a line of the file names them; `number` counts lines as an editor does, the head is the first."""

    number: int
    subjects: tuple[str, ...] = field(repr=False)
    identities: tuple[Identity, ...] = field(repr=False)
    received: date | None = None
    company: str | None = None
    language: str = ""
    address: tuple[str, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that is nobody's request, why, and as it is written."""

    finding: Finding
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """What the columns hold, by place."""

    kinds: Mapping[int, str]
    named: Mapping[str, int]
    address: tuple[int, ...]
    width: int


def read(loaded: Loaded, lines: Iterable[str], place: Place) -> Iterator[Line | Wrong | str]:
    """The head as it is written, then every line, fit or wrong. Raises Refused (C184) where the file is no CSV.

    Who stands in an earlier line under the same identifiers is wrong: nobody is asked for twice by one file.
    """
    rows = _rows(lines, place)
    number, text, cells = next(rows, (1, "", []))
    head = _head(loaded, cells, place)
    yield text
    digest, _ = loaded.keys()
    reader = _Reader(loaded, head, place.file, digest)
    found: list[Line | Wrong] = []
    with closing(sqlite3.connect("")) as seen:  # a file of its own, without a name, of keyed hashes alone
        seen.execute("CREATE TABLE seen (who TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID")
        for number, text, cells in rows:
            if cells:
                found.append(reader.line(number, text, cells))
            if len(found) >= TOGETHER:
                yield from _once(seen, found, reader)
                found = []
        yield from _once(seen, found, reader)


# --- as it is written -------------------------------------------------------------------------------------------


def _rows(lines: Iterable[str], place: Place) -> Iterator[tuple[int, str, list[str]]]:
    """Each row with the line it begins on, and its text; empty lines have no cells."""
    kept: list[str] = []
    begins = 1
    try:
        first = next(iter_lines := _bounded(lines, place), None)
        if first is None:
            return
        first = first.removeprefix("\ufeff")
        by = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(_kept(first, iter_lines, kept), delimiter=by, strict=True)
        for cells in reader:
            text = "".join(kept)
            kept.clear()
            yield begins, text, cells
            begins = reader.line_num + 1
    except csv.Error:
        message = f"line {begins} is no CSV: a quote is not closed, or more stands after it"
        raise Refused(Finding("C184", place, message, "see RFC 4180")) from None
    except UnicodeDecodeError:
        message = f"it is not UTF-8, after line {begins}"
        raise Refused(Finding("C184", place, message, "write it as UTF-8: spreadsheets offer “CSV UTF-8”")) from None


def _kept(first: str, lines: Iterator[str], kept: list[str]) -> Iterator[str]:
    kept.append(first)
    yield first
    for line in lines:
        kept.append(line)
        yield line


def _bounded(lines: Iterable[str], place: Place) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST:
            message = f"line {number} is longer than {LONGEST:,} characters"
            raise Refused(Finding("C184", place, message, "a line is one person"))
        yield line


def _head(loaded: Loaded, cells: list[str], place: Place) -> Head:
    names = [cell.strip().casefold() for cell in cells]
    known = identifier_kinds(loaded)
    of = {kind.casefold(): kind for kind in known}
    others = (ROW, RECEIVED, COMPANY, LANGUAGE)
    address = tuple(n for n, name in enumerate(names) if name.rstrip("0123456789_ ") == ADDRESS)
    findings = []
    for n, name in enumerate(names):
        if n in address or (names.index(name) == n and (name in of or name in others)):
            continue
        what = "two columns are called the same" if names.index(name) != n else "nothing is known of this column"
        hint = guess(name, dict.fromkeys((*sorted(known), *others, ADDRESS)))
        findings.append(Finding("C184", place, f"column {n + 1} of the first line: {what}", hint))
    kinds = {n: of[name] for n, name in enumerate(names) if name in of}
    if not findings and not kinds and ROW not in names:
        hint = f"the first line names the columns: {', '.join(sorted(known))}, or {ROW}"
        findings.append(Finding("C184", place, "no column of the first line identifies anybody", hint))
    if findings:
        raise Refused(*findings)
    return Head(kinds, {name: names.index(name) for name in others if name in names}, address, len(names))


# --- who it is --------------------------------------------------------------------------------------------------


class _Unfit(Exception):
    """Why a line is nobody's request, and the way out; without what stands in it."""


@dataclass(frozen=True, slots=True)
class _Reader:
    loaded: Loaded
    head: Head
    file: str
    digest: Digest

    def line(self, number: int, text: str, cells: list[str]) -> Line | Wrong:
        try:
            return self._line(number, text, cells)
        except _Unfit as error:
            return self.wrong(number, text, *error.args)

    def wrong(self, number: int, text: str, message: str, hint: str = "") -> Wrong:
        hint = hint or "mend the line, or leave wrong ones out: --skip-wrong FILE"
        return Wrong(Finding("C185", Place(self.file, number, 1), message, hint), text)

    def _line(self, number: int, text: str, cells: list[str]) -> Line:
        if len(cells) != self.head.width:
            raise _Unfit(f"it has {len(cells)} cells, and the first line {self.head.width}")
        named = [(kind, cells[n].strip()) for n, kind in self.head.kinds.items() if cells[n].strip()]
        identities = [Identity(kind, self.digest(kind, value), value) for kind, value in named]
        for each in identities:
            if not each.digest:
                raise _Unfit(f"this is no {each.kind}")
        subjects = [f"{kind}={value}" for kind, value in named]
        if row := self._cell(cells, ROW):
            self._fits(lambda: row_of(self.loaded, row))
            subjects.append(row)
        if not subjects:
            raise _Unfit("it names nobody")
        if "\0" in text:
            raise _Unfit("a NUL character stands in it")
        address = tuple(line for n in self.head.address if (line := cells[n].strip()))
        return Line(
            number,
            tuple(subjects),
            tuple(identities),
            self._received(cells),
            self._company(cells),
            self._language(cells),
            address,
            text,
        )

    def _cell(self, cells: list[str], name: str) -> str:
        at = self.head.named.get(name)
        return "" if at is None else cells[at].strip()

    def _received(self, cells: list[str]) -> date | None:
        if not (text := self._cell(cells, RECEIVED)):
            return None
        found = calendar_day(text)
        if found is None:
            raise _Unfit(f"{RECEIVED} is not a day", "write YYYY-MM-DD, such as 2026-11-02")
        if found > self.loaded.today():
            raise _Unfit(f"{RECEIVED} is still to come", "say when it came in")
        return found

    def _company(self, cells: list[str]) -> str | None:
        company = self._cell(cells, COMPANY) or None
        if company is not None and company not in self.loaded.policy.companies:
            raise _Unfit("there is no such company", f"one of {', '.join(self.loaded.policy.companies)}")
        return company

    def _language(self, cells: list[str]) -> str:
        language = self._cell(cells, LANGUAGE).casefold()
        if language not in ("", *LANGUAGES):
            raise _Unfit("there is no such language", " or ".join(LANGUAGES))
        return language

    def _fits(self, look: Callable[[], object]) -> None:
        try:
            look()
        except Refused as refusal:
            raise _Unfit(refusal.findings[0].message, refusal.findings[0].hint) from None


def _once(seen: sqlite3.Connection, found: list[Line | Wrong], reader: _Reader) -> Iterator[Line | Wrong]:
    """The same, and of who stood there before that they did."""
    who = {each.number: _who(each) for each in found if isinstance(each, Line)}
    asked = json.dumps(list(who.values()))
    before: dict[str, int] = dict(
        seen.execute("SELECT who, line FROM seen WHERE who IN (SELECT value FROM json_each(?))", (asked,)).fetchall()
    )
    for each in found:
        if isinstance(each, Line):
            earlier = before.setdefault(who[each.number], each.number)
            if earlier != each.number:
                yield reader.wrong(each.number, each.text, f"line {earlier} names the same person")
                continue
        yield each
    seen.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", before.items())


def _who(line: Line) -> str:
    """By what somebody is told from others, of whom they ask; keyed hashes stand for identifiers."""
    rows = (text for text in line.subjects if "=" not in text)
    return " ".join((line.company or "", *sorted((*(f"{i.kind}={i.digest}" for i in line.identities), *rows))))
