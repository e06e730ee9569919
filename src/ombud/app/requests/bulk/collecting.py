"""A batch is collected: what protects at once is marked, everybody is looked for, and who needs a person is found."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.app.protecting import flags_of_each
from ombud.app.requests.bulk.order import Tell
from ombud.app.requests.bulk.pages import LOOKED_AT, TOGETHER, pages
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.looking import Looked, look_each, unread
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import measures_of, set_marks_of_each
from ombud.app.requests.working import OMBUD, added, what_is_found
from ombud.register.model import Batch, Protection
from ombud.rights.commands import When
from ombud.rights.events import Collected, Event, Failed, Find, FlaggedProtected, Found, Restricted
from ombud.rights.model import Part, Request, Restriction, State
from ombud.rights.protected import Flag, Ground
from ombud.rights.rules import AT_ONCE
from ombud.terms import Finding

ALL = (State.COLLECTING,)


def collect(desk: Desk, batch: Batch, tell: Tell) -> tuple[Finding, ...]:
    """Collect whoever is not yet; what was in the way."""
    findings: tuple[Finding, ...] = ()
    if batch.kind in AT_ONCE:
        for unmarked in pages(desk, batch, ALL, TOGETHER, _is_unrestricted):
            tell("setting marks", 0, 0)
            lacking = set_marks_of_each(desk, unmarked, When.AT_ONCE)
            findings = added(findings, lacking)
            if not lacking:
                happen_each(desk, [Happening(each, (Restricted(),)) for each in unmarked if _lifts(desk, each)], OMBUD)
    done = 0
    for page in pages(desk, batch, ALL, LOOKED_AT, lambda request: True):
        looked = look_each(desk, page)
        flags = flags_of_each(desk.loaded, [each.extract.persons for each in looked])
        found = list(zip(page, looked, flags, strict=True))
        for _, each, _ in found:
            findings = added(findings, each.findings)
        with told(), desk.store.transaction():
            for opened, _, standing in found:
                if known := _known(standing):
                    desk.store.protect(opened.case.person, Protection(f"flag in {', '.join(known)}"))
            happen_each(desk, [Happening(each[0], tuple(_events(*each))) for each in found], OMBUD)
        done += len(page)
        tell("looking for the persons", done, 0)
    return findings


def _is_unrestricted(request: Request) -> bool:
    return request.restriction is Restriction.NONE


def _lifts(desk: Desk, opened: Opened) -> bool:
    """Whether something that was marked at once is to be lifted later."""
    return bool(measures_of(desk, opened).marks(When.LIFTED, desk.loaded.policy))


def _known(flags: tuple[Flag, ...]) -> list[str]:
    """Where flags stand; one that could not be read is doubt, and for somebody to look at."""
    return [flag.where for flag in flags if flag.ground is not Ground.DOUBT]


def _events(opened: Opened, looked: Looked, flags: tuple[Flag, ...]) -> Iterator[Event]:
    missing, parts = unread(looked), opened.request.parts
    for source, part in parts.items():
        if source in missing and part is Part.PENDING:
            yield Failed(source, "C030")
        elif source not in missing and part in (Part.PENDING, Part.UNREAD):
            yield Collected(source)
    if missing >= parts.keys():
        return
    if _known(flags) and not opened.request.protected:
        yield FlaggedProtected()
    doubt = opened.request.protected or bool(flags)
    yield Found(Find.TO_REVIEW if doubt else what_is_found(looked))
