"""Suppression: whom the register says may not be written to for a purpose. No database is asked, and no value kept.

An opt-out outlives what it was about as a keyed hash (`app.opting_out`), so whoever imports or sends asks here first.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from ombud.app.loaded import Loaded, Refused
from ombud.app.opening import open_project
from ombud.policy.model import BasisKind, Purpose, Use
from ombud.policy.tree import guess
from ombud.terms import AT_A_TIE, TRACK_OF, Act, Finding, IdRef, Mark, Place, Track

SAYS_NO = {Track.CONSENT: Act.WITHDRAWN, Track.OBJECTION: Act.OBJECTED, Track.RESTRICTION: Act.RESTRICTED}
"""Which act of a track, where it is the latest, says that data may not be used."""

KEPT = "opted out in "
"""How the ground of a mark begins that was kept of a column; after it, the source and table where it stood."""

ANEW = "consented anew in "
"""The same of what takes it back, because such a column says a later consent."""

LONGEST_LINE = 1_000_000
"""Characters of a line of what is checked."""


class Answer(StrEnum):
    """What is said of one identifier; `none` is where there is none."""

    MAY = "may"
    MAY_NOT = "may-not"
    NONE = "none"


@dataclass(frozen=True)
class Suppression:
    """The keyed hashes that are suppressed for a purpose on a day, and how a value becomes one."""

    hashes: frozenset[str]
    digest: Callable[[str, object], str]
    kind: str = "email"

    def of(self, value: object) -> Answer:
        """Whether this identifier may be used."""
        found = self.digest(self.kind, value)
        return Answer.NONE if not found else Answer.MAY_NOT if found in self.hashes else Answer.MAY


def suppression(
    loaded: Loaded, purpose: str, *, kind: str = "email", company: str | None = None, on: date | None = None
) -> Suppression:
    """Who is suppressed by the marks of the register. Company None: by whatever any company was told.

    Raises Refused: C071 for a purpose or company that is not there, and where register or key cannot be used.
    """
    bound = _bound(loaded, purpose, company)
    digest, register = loaded.keys()
    found = suppressed_by(register.marks(), bound, kind, company, on or loaded.today())
    return Suppression(found, digest, kind)


def suppressed(
    purpose: str,
    identifiers: Iterable[str],
    *,
    kind: str = "email",
    company: str | None = None,
    project: Path | Loaded,
) -> set[str]:
    """Of these identifiers, those that may not be used for the purpose, as they were given. Raises Refused."""
    loaded = project if isinstance(project, Loaded) else open_project(project)
    there = suppression(loaded, purpose, kind=kind, company=company)
    return {each for each in identifiers if there.of(each) is Answer.MAY_NOT}


def suppressed_by(
    marks: Iterable[Mark], purposes: Iterable[Purpose], kind: str, company: str | None, today: date
) -> frozenset[str]:
    """The hashes for which some track's latest act, in some company that is asked about, says no."""
    bound = tuple(purposes)
    tracks = [track for track in SAYS_NO if track is not Track.OBJECTION or any(map(hears_objections, bound))]
    ids = {each.id for each in bound}
    latest: dict[tuple[str, Track, str | None], list[tuple[date, int, Act]]] = {}
    for mark in marks:
        if mark.day > today or mark.purpose not in (None, *ids) or company not in (None, mark.company or company):
            continue
        said = [mark.act]
        if mark.act is Act.OVERRIDDEN and mark.ground.startswith(ANEW):
            said.append(Act.CONSENTED)  # in a column, which decides of its row: here it only takes back
        for act in said:
            if TRACK_OF[act] in tracks:
                for ref in mark.refs:
                    if isinstance(ref, IdRef) and ref.kind == kind:
                        latest.setdefault((ref.digest, TRACK_OF[act], mark.company), []).append(
                            (mark.day, mark.seq, act)
                        )
    return frozenset(
        digest
        for (digest, track, own), said in latest.items()
        if _says_no(track, [*said, *(latest.get((digest, track, None), ()) if own is not None else ())])
    )


def hears_objections(purpose: Purpose) -> bool:
    """Whether an objection ends the purpose's use (Art. 21(1) and (2))."""
    kinds = {basis.kind for basis in purpose.bases}
    weighed = {BasisKind.LEGITIMATE_INTERESTS, BasisKind.PUBLIC_TASK}
    return Use.DIRECT_MARKETING in purpose.uses or not kinds.isdisjoint(weighed)


def _says_no(track: Track, said: list[tuple[date, int, Act]]) -> bool:
    day = max(each[0] for each in said)
    of_day = [each for each in said if each[0] == day]
    numbered = [each for each in of_day if each[1]]
    act = max(numbered, key=lambda each: each[1])[2] if numbered else AT_A_TIE[track]
    return act is SAYS_NO[track]


def _bound(loaded: Loaded, purpose: str, company: str | None) -> tuple[Purpose, ...]:
    own = loaded.policy.purposes
    if company is not None and company not in loaded.policy.companies:
        hint = guess(company, dict(loaded.policy.companies))
        raise Refused(Finding("C071", Place("--company"), "there is no such company", hint))
    known = {id: None for each in own.values() for id in each}
    if purpose not in known:
        raise Refused(Finding("C071", Place("--purpose"), "there is no such purpose", guess(purpose, known)))
    return tuple(each[purpose] for name, each in own.items() if purpose in each and company in (None, name))


# --- what is checked line by line -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """A line (or a row of a table) as it is written, which one it is, and what is said of it; a head has no answer."""

    number: int
    text: str
    answer: Answer | None


def checked(there: Suppression, lines: Iterable[str], column: str | None, place: Place) -> Iterator[Checked]:
    """Each line's identifier, or each CSV row's (RFC 4180) in a column. Streams. Raises Refused (C170)."""
    if column is None:
        for number, line in enumerate(lines, start=1):
            text = line.rstrip("\r\n")
            _bounded(text, number, place)
            yield Checked(number, text, there.of(text))
        return
    seen: list[str] = []
    at: int | None = None
    for number, row in enumerate(_rows(_kept(lines, seen), place), start=1):
        text = "".join(seen).rstrip("\r\n")
        seen.clear()
        if at is None:
            names = [name.strip().casefold() for name in row]
            if names.count(column.casefold()) != 1:
                many = "more than one column" if column.casefold() in names else "no column"
                message = f"the first line names {many} that is called so"
                raise Refused(Finding("C170", Place("--column"), message, "the first line of a CSV names its columns"))
            at = names.index(column.casefold())
            yield Checked(number, text, None)
        elif row:
            yield Checked(number, text, there.of(row[at]) if at < len(row) else Answer.NONE)


def _kept(lines: Iterable[str], seen: list[str]) -> Iterator[str]:
    for line in lines:
        seen.append(line)
        yield line


def _rows(lines: Iterable[str], place: Place) -> Iterator[list[str]]:
    reader = csv.reader(lines, strict=True)
    try:
        yield from reader
    except csv.Error:
        message = f"line {reader.line_num} is no CSV: a quote is not closed, or more stands after it"
        raise Refused(Finding("C170", place, message, "see RFC 4180; without --column, each line is one")) from None


def _bounded(text: str, number: int, place: Place) -> None:
    if len(text) > LONGEST_LINE:
        message = f"line {number} is longer than {LONGEST_LINE:,} characters"
        raise Refused(Finding("C170", place, message, "write one identifier a line, or name a column of a CSV"))
