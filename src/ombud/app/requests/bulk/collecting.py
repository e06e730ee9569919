"""A batch is collected: what protects at once is marked, everybody is looked for, and who needs a person is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import Tell
from ombud.app.requests.bulk.pages import LOOKED_AT, TOGETHER, pages
from ombud.app.requests.collecting import what_is_found
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.flagging import Flagged, flags_about, keep_found
from ombud.app.requests.guarding import flag_each
from ombud.app.requests.looking import Looked, look_each, unread
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import measures_of, set_marks_of_each
from ombud.app.requests.waits import OMBUD
from ombud.app.requests.working import added
from ombud.register.model import Batch
from ombud.rights.commands import When
from ombud.rights.events import Collected, Event, Failed, Find, Found, Restricted
from ombud.rights.model import Part, Request, Restriction, State
from ombud.rights.rules import AT_ONCE
from ombud.terms import Finding

ALL = (State.COLLECTING,)


def collect(desk: Desk, batch: Batch, guard: Guard, tell: Tell) -> tuple[Finding, ...]:
    """Collect whoever is not yet; what was in the way."""
    findings: tuple[Finding, ...] = ()
    if batch.kind in AT_ONCE:
        for group in pages(desk, batch, ALL, TOGETHER, _is_unrestricted):
            tell("setting marks", 0, 0)
            unmarked = guard.same(group)
            lacking = set_marks_of_each(desk, unmarked, When.AT_ONCE)
            findings = added(findings, lacking)
            if not lacking:
                happen_each(desk, [Happening(each, (Restricted(),)) for each in unmarked if _lifts(desk, each)], OMBUD)
    done = 0
    for named in pages(desk, batch, ALL, LOOKED_AT, lambda request: True):
        page = guard.same(named)
        looked = look_each(desk, page)
        for each in looked:
            findings = added(findings, each.findings)
        _write_down(desk, page, looked)
        done += len(page)
        tell("looking for the persons", done, 0)
    return findings


def _write_down(desk: Desk, page: Sequence[Opened], looked: Sequence[Looked]) -> None:
    """What became of each source, whose identity turns out to be protected, and what was found."""
    parts = [Happening(each, tuple(_parts(each, found))) for each, found in zip(page, looked, strict=True)]
    flags = flags_about(desk, [each.extract.about for each in looked])
    with told(), desk.store.transaction():
        read = [
            (opened, each, standing)
            for opened, each, standing in zip(happen_each(desk, parts, OMBUD), looked, flags, strict=True)
            if any(part is not Part.UNREAD for part in opened.request.parts.values())
        ]
        new = [(each, flag.known) for each, _, flag in read if flag.known and not each.request.protected]
        flagged = {each.id: each for each in flag_each(desk, new, OMBUD)}
        keep_found(desk, [(opened, each.extract.about) for opened, each, _ in read])
        found = [
            Happening(flagged.get(opened.id, opened), (Found(_find(opened, each, standing)),))
            for opened, each, standing in read
        ]
        happen_each(desk, found, OMBUD)


def _find(opened: Opened, looked: Looked, flags: Flagged) -> Find:
    return Find.TO_REVIEW if opened.request.protected or flags.doubt else what_is_found(looked)


def _is_unrestricted(request: Request) -> bool:
    return request.restriction is Restriction.NONE


def _lifts(desk: Desk, opened: Opened) -> bool:
    """Whether something that was marked at once is to be lifted later."""
    return bool(measures_of(desk, opened).marks(When.LIFTED, desk.loaded.policy))


def _parts(opened: Opened, looked: Looked) -> Iterator[Event]:
    missing = unread(looked)
    for source, part in opened.request.parts.items():
        if source in missing and part is Part.PENDING:
            yield Failed(source, "C030")
        elif source not in missing and part in (Part.PENDING, Part.UNREAD):
            yield Collected(source)
