"""What should go by a decision and stays, for nobody knows when it was made (spec/claims.md §3: unknown birth).

A claim ends on what was there that day. Of a row without a day the engine cannot tell, so a person decides, and the
request is not carried out before they have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import look_each
from ombud.app.requests.marks import Objected, measures_of, objections
from ombud.app.sweeping_persons import OfPersons
from ombud.documents.extract import Extract, Why
from ombud.policy.model import OnErasure
from ombud.terms import Act, Finding

KEEPS = frozenset({Why.HELD, Why.RESTRICTED, Why.OBJECTED, Why.ANYBODY})
"""What keeps a datum whatever has ended: the letter says so, or it is nobody's for certain."""


def undated(desk: Desk, opened: Opened, source: str, swept: OfPersons) -> tuple[Finding, ...]:
    """By table: in how many rows something certainly about the person is held for a purpose that ended. C145."""
    return undated_of_each(desk, [opened], source, swept).get(opened.id, ())


def undated_of_each(
    desk: Desk, every: Sequence[Opened], source: str, swept: OfPersons
) -> Mapping[str, tuple[Finding, ...]]:
    """The same for several who were swept together, by request; who has no such rows is not in it."""
    said = objections(desk.loaded, every)
    ended = {opened.id: _ended(desk, opened, objected) for opened, objected in zip(every, said, strict=True)}
    living = {(claim.company, claim.purpose) for stay in swept.stay.values() for claim in stay.claims}
    asked = [opened for opened in every if ended[opened.id] & living]
    found = {
        opened.id: tuple(_found(desk, looked.extract, source, ended[opened.id]))
        for opened, looked in zip(asked, look_each(desk, asked), strict=True)
    }
    return {id: findings for id, findings in found.items() if findings}


def _ended(desk: Desk, opened: Opened, objected: Objected) -> set[tuple[str, str]]:
    """The companies and purposes that ended by the request."""
    return {
        (each.company, each.purpose)
        for each in measures_of(desk, opened, objected).decisions
        if each.outcome is OnErasure.ENDS and any(mark.act is Act.ENDED for mark in each.if_ends)
    }


def _found(desk: Desk, extract: Extract, source: str, ended: set[tuple[str, str]]) -> Iterator[Finding]:
    found = Counter(
        record.table
        for record in extract.records
        if record.source == source
        and any((record.company, h.purpose) in ended and h.why not in KEEPS for d in record.data for h in d.holds)
    )
    place = desk.loaded.project.sources[source].place
    hint = "look at them, and remove what is to go: ombud request rectify --set ROW.CELL; then: ombud request work"
    for table, rows in found.items():
        message = f"{source}.{table}: when {_rows(rows)} made is not known, so nothing ends there"
        yield Finding("C145", place, message, hint)


def _rows(rows: int) -> str:
    return "1 row was" if rows == 1 else f"{rows} rows were"
