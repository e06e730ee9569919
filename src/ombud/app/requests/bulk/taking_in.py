"""A file of people becomes a batch of requests: all of its lines are read before the first is written down."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from ombud.app.loaded import Refused
from ombud.app.requests.bulk.lines import Line, Wrong, read
from ombud.app.requests.desk import Asked, Desk, Opened, not_allowed, note_of, told
from ombud.app.requests.guarding import flag_others
from ombud.app.requests.identifying import judged, rules_for
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.receiving import Incoming, Shown, check
from ombud.app.requests.same_rows import births_of_each
from ombud.register.model import Batch, Case, Protection, Proven
from ombud.register.model import Incoming as NewCase
from ombud.rights.events import Event, Identified, Received
from ombud.rights.life import NotAllowed, step
from ombud.rights.model import RequestKind
from ombud.terms import Finding, Place

FILED = frozenset(RequestKind) - {RequestKind.RECTIFY, RequestKind.COMPLAIN, RequestKind.CLAIM}
"""Kinds that many people may ask in one file: the others say something of each."""

TOGETHER = 1_000
"""Lines that one transaction of the register takes in."""

SHOWN = 20
"""Wrong lines that are told one by one."""

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is, and of how much; 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is said of every line of a file. `shown` is what proved who they are, to whoever hands the file in."""

    incoming: Incoming
    shown: Shown
    by: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A batch whose file is taken in. `fresh` counts requests that are new, `left_out` wrong lines."""

    batch: Batch
    fresh: int = 0
    left_out: int = 0
    findings: tuple[Finding, ...] = field(default=())


def take_in(
    desk: Desk, source: BinaryIO, name: str, filed: Filed, wrong_to: Path | None = None, tell: Progress | None = None
) -> TakenIn:
    """Take a file in as a batch: each line is a request, and it is proven who asks.

    The same file of the same kind is the same batch: what was taken in before is not again, so that whoever was killed
    goes on. `wrong_to`: wrong lines are written there, under the file's head, and left out; else they are refused
    (C185) and nothing is written. Raises Refused.
    """
    desk.check_knows(filed.by)
    if filed.incoming.kind not in FILED:
        hint = "one at a time: --subject"
        raise Refused(Finding("C188", Place("--file"), f"{filed.incoming.kind} says something of each person", hint))
    if filed.shown.signed:
        message = "an answer to a signed letter goes to the registered address alone, which is looked up for each"
        raise Refused(Finding("C188", Place("--proof"), message, "one at a time: --subject"))
    check(desk.loaded, replace(filed.incoming, asked=Asked(("every line",))))
    with _to_be_read_twice(desk, source) as file:
        id = _id(desk, file, filed)
        with told():
            known = {each.id: each for each in desk.store.batches()}.get(id)
        if known is not None and known.whole:
            return TakenIn(known)
        left_out = _all_fit(desk, file, name, known, wrong_to, tell)
        with told():
            batch = known or desk.store.begin_batch(id, filed.incoming.kind, filed.by, desk.now())
        fresh = 0
        for lines in _together(desk, file, name, batch.lines):
            cases = _write_down(desk, batch, lines, filed)
            fresh += len(cases)
            batch = replace(batch, lines=lines[-1].number)
            if tell:
                tell("taking requests in", fresh, 0)
        with told():
            desk.store.close_batch(id)
        return TakenIn(replace(batch, whole=True), fresh, left_out)


# --- the file ---------------------------------------------------------------------------------------------------


@contextmanager
def _to_be_read_twice(desk: Desk, source: BinaryIO) -> Iterator[BinaryIO]:
    """The file, or of a stream a copy beside the register that has no name, and is gone with the process."""
    if source.seekable():
        yield source
        return
    with tempfile.TemporaryFile(dir=desk.loaded.project.state) as copy:
        shutil.copyfileobj(source, copy)
        yield copy


def _id(desk: Desk, file: BinaryIO, filed: Filed) -> str:
    """The batch's id: by the file's content, and what is said of all of it."""
    file.seek(0)
    content = hashlib.sha256()
    while some := file.read(1 << 20):
        content.update(some)
    said = filed.incoming
    digest, _ = desk.loaded.keys()
    about = (content.hexdigest(), said.kind, said.company, said.purposes, said.ground, said.language)
    return digest("text", " ".join(map(str, about)))[:12]


def _read(desk: Desk, file: BinaryIO, name: str) -> Iterator[Line | Wrong | str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield from read(desk.loaded, text, Place(name))
    finally:
        text.detach()


def _all_fit(
    desk: Desk, file: BinaryIO, name: str, known: Batch | None, wrong_to: Path | None, tell: Progress | None
) -> int:
    """Read all of it; how many lines are wrong and were written to `wrong_to`. Raises Refused (C185)."""
    findings: list[Finding] = []
    wrong = fit = 0
    with _wrong_file(wrong_to, over=known is not None) as kept:
        for n, each in enumerate(_read(desk, file, name)):
            match each:
                case str():
                    kept.write(each)
                case Line():
                    fit += 1
                case Wrong():
                    wrong += 1
                    kept.write(each.text)
                    findings += [each.finding] if len(findings) < SHOWN else []
            if tell and n % TOGETHER == 0:
                tell("reading the file", n, 0)
        if wrong and wrong_to is None:
            if wrong > SHOWN:
                message = f"{wrong - SHOWN:,} more lines are wrong"
                findings.append(Finding("C185", Place(name), message, "have them all written: --skip-wrong FILE"))
            raise Refused(*findings)
        if not fit:
            raise Refused(*findings, Finding("C184", Place(name), "no line of it is a request", "see the lines above"))
    return wrong


@contextmanager
def _wrong_file(path: Path | None, *, over: bool) -> Iterator[io.TextIOBase]:
    """Where wrong lines are written, for its owner's eyes alone; nowhere, if nobody asked."""
    if path is None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            yield nowhere
        return
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if over else os.O_EXCL)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        message = f"{path.name} is there already"
        raise Refused(Finding("C186", Place(str(path)), message, "name another file: --skip-wrong")) from None
    with open(descriptor, "w", encoding="utf-8", newline="") as kept:
        yield kept


def _together(desk: Desk, file: BinaryIO, name: str, after: int) -> Iterator[list[Line]]:
    """The fit lines after this one, so many at a time."""
    lines: list[Line] = []
    for each in _read(desk, file, name):
        if isinstance(each, Line) and each.number > after:
            lines.append(each)
            if len(lines) == TOGETHER:
                yield lines
                lines = []
    if lines:
        yield lines


# --- the requests -----------------------------------------------------------------------------------------------


def _write_down(desk: Desk, batch: Batch, lines: list[Line], filed: Filed) -> tuple[Case, ...]:
    """Received and identified, in one transaction."""
    births = births_of_each(desk.loaded, [line.subjects for line in lines])
    said = [_incoming(line, filed.incoming, born) for line, born in zip(lines, births, strict=True)]
    with told(), desk.store.transaction():
        protected = _protected(desk, lines)
        said = [replace(each, protected=line.number in protected) for each, line in zip(said, lines, strict=True)]
        new = [_new(desk, each, line, filed.by) for each, line in zip(said, lines, strict=True)]
        cases = desk.store.add_to_batch(batch, new, [line.number for line in lines])
        _protect(desk, [case for case in cases if case.request.protected], filed.by)
        # Who they are whose identity is protected is for those who are named to say, one by one.
        known = [_opened(case, each) for case, each in zip(cases, said, strict=True) if not case.request.protected]
        desk.store.add_proofs([each.id for each in known], _proven(desk, filed.shown))
        for group in _alike(known):
            _identify(desk, group, filed)
    return cases


def _protected(desk: Desk, lines: Sequence[Line]) -> frozenset[int]:
    """The lines that name somebody protected, or share an identifier with one that does."""
    digests = {line.number: {each.digest for each in line.identities} for line in lines}
    known = desk.store.protections_of(list(digests.values()))
    fresh = {number for number, said in zip(digests, known, strict=True) if said is not None}
    found = set[int]()
    while fresh:
        found |= fresh
        reached = {digest for number in fresh for digest in digests[number]}
        fresh = {number for number, own in digests.items() if number not in found and not own.isdisjoint(reached)}
    return frozenset(found)


def _protect(desk: Desk, cases: Sequence[Case], by: str) -> None:
    """Remember of each who is named, of those whom it may be, and let it reach the other open requests about them."""
    waiting = {case.person: case for case in cases}
    digests = desk.store.digests_of(waiting)
    fresh: dict[str, Protection] = {}
    while waiting := {person: case for person, case in waiting.items() if person not in fresh}:
        known = desk.store.protections_of([digests[person] for person in waiting])
        fresh = {person: said for person, said in zip(waiting, known, strict=True) if said is not None}
        if not fresh:
            break
        desk.store.protect_each(fresh)
    flag_others(desk, cases, by)


def _incoming(line: Line, said: Incoming, births: tuple[str, ...]) -> Incoming:
    asked = replace(said.asked, subjects=line.subjects, address=line.address or said.asked.address, births=births)
    return replace(
        said,
        asked=asked,
        received=line.received or said.received,
        company=line.company or said.company,
        language=line.language or said.language,
    )


def _new(desk: Desk, incoming: Incoming, line: Line, by: str) -> NewCase:
    event = Received(
        "",
        incoming.kind,
        incoming.received or desk.today(),
        incoming.company,
        incoming.purposes,
        incoming.language,
        incoming.ground,
        incoming.protected,
    )
    try:
        request = step(None, event, desk.today(), desk.rules)
    except NotAllowed as error:
        raise Refused(not_allowed(error)) from None
    return NewCase(request, line.identities, desk.entry(event, by, note_of(incoming.asked)))


def _opened(case: Case, incoming: Incoming) -> Opened:
    return Opened(case, case.request, incoming.asked, ())


def _proven(desk: Desk, shown: Shown) -> Proven:
    return Proven(shown.rung, shown.how, desk.now(), shown.by, shown.second, shown.reference)


def _alike(every: Iterable[Opened]) -> Iterable[list[Opened]]:
    """The requests by what the ladder looks at: by kinds of identifiers, and rows of which tables."""
    found: dict[tuple[str, ...], list[Opened]] = defaultdict(list)
    for each in every:
        named = (t.partition("=")[0] if "=" in t else t.rpartition("/")[0] for t in each.asked.subjects)
        found[tuple(sorted(named))].append(each)
    return found.values()


def _identify(desk: Desk, group: list[Opened], filed: Filed) -> None:
    """What the proof makes of these; where it falls short, each is asked for more."""
    found = judged(desk, group[0], reached=filed.shown.rung, protected=False)
    event: Event = found.question
    if found.proven is not None:
        event = Identified(found.proven.rung, tuple(desk.loaded.datamap.sources))
    desk = replace(desk, rules=rules_for(desk, group[0], found))
    happen_each(desk, [Happening(each, (event,)) for each in group], filed.by)
