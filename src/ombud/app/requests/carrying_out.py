"""A request is carried out, source by source: whoever is killed in between finds what was done, and goes on.

Before the first deed it is written down whom it is about: the row by which they were named may be gone by it, and the
identifier be another. What was done is found again where it was done: a sweep finds nothing due that it has deleted,
a correction its receipt.
"""

from __future__ import annotations

from collections.abc import Sequence

from ombud.app.known import Called
from ombud.app.loaded import Refused
from ombud.app.register_kept import lacks_marks
from ombud.app.requests.called import called, note_of_whom
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.flagging import check_flags
from ombud.app.requests.identifying import check_proven
from ombud.app.requests.looking import SWEEPS, about_of_each, check_untied, map_for
from ombud.app.requests.rectifying import correct
from ombud.app.requests.same_rows import check_same
from ombud.app.requests.undated import undated
from ombud.app.requests.waits import OMBUD
from ombud.app.sources import opened as source_opened
from ombud.app.sweeping_persons import OfPersons
from ombud.app.sweeping_persons import carry_out as sweep
from ombud.app.whom import whom
from ombud.engine.persons import Asked as Persons
from ombud.rights.events import Begun
from ombud.rights.model import RequestKind
from ombud.terms import Finding


def check(desk: Desk, opened: Opened) -> None:
    """Raises Refused where anything stands in the way now: a row that is another's (C146), less proven than is needed
    (C178), what is tied to a protected identity (C190), a flag that has come to light (C147).
    """
    check_same(desk, opened)
    check_proven(desk, opened)
    check_untied(desk, opened)
    check_flags(desk, opened, about_of_each(desk, [opened])[0])


def begin(desk: Desk, opened: Opened) -> Opened:
    """Write down whom it is about, once for what was decided last. Raises Refused where a row that named them is not
    there.
    """
    protected = opened.request.protected
    (person,) = whom(map_for(desk, protected=protected), [called(opened)], former=not protected)
    return desk.happen(opened, Begun(), by=OMBUD, note=note_of_whom(person, former=not protected))


def in_source(desk: Desk, opened: Opened, source: str, done: dict[str, OfPersons]) -> tuple[Finding, ...]:
    """Do in one source what was decided. Raises Refused where not all of it is done."""
    loaded, kind = desk.loaded, opened.request.kind
    with source_opened(loaded, source) as there:
        if kind in SWEEPS:
            swept: OfPersons = sweep(loaded, there, persons_of([opened]), opened.id)
            done[source] = swept
            if not swept.complete:
                raise Refused(*(swept.findings or (incomplete(desk, source),)))
        elif lacks_marks(loaded, source, there.connection):
            place = loaded.project.sources[source].place
            message = f"{source} has not acknowledged the marks of the request"
            raise Refused(Finding("C070", place, message, "mend it, and run: ombud request work"))
    if kind in SWEEPS:
        if waits := undated(desk, opened, source, swept):
            raise Refused(*waits)
        return swept.findings
    if kind is RequestKind.RECTIFY:
        correct(desk, opened, source)
    return ()


def persons_of(every: Sequence[Opened]) -> Persons:
    """Whom requests are about, as it was written down when they were begun, for a sweep of all of them."""
    names: list[Called] = [called(each) for each in every]
    values = (text.partition("=") for each in names for text in each.texts if "=" in text)
    return Persons(
        frozenset(ref for each in names for ref in each.refs), frozenset((kind, value) for kind, _, value in values)
    )


def incomplete(desk: Desk, source: str) -> Finding:
    """C138: what was decided is not done there."""
    place = desk.loaded.project.sources[source].place
    hint = "see what holds it: ombud explain; then: ombud request work"
    return Finding("C138", place, f"{source}: something of the person is due still", hint)
