"""What should go by a decision and stays, for nobody knows when it was made (spec/claims.md §3: unknown birth).

A claim ends on what was there that day. Of a row without a day the engine cannot tell, so a person decides, and the
request is not carried out before they have.
"""

from __future__ import annotations

from collections import Counter

from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import look
from ombud.app.requests.marks import measures_of
from ombud.app.sweeping_persons import OfPersons
from ombud.documents.extract import Why
from ombud.policy.model import OnErasure
from ombud.terms import Act, Finding

KEEPS = frozenset({Why.HELD, Why.RESTRICTED, Why.OBJECTED, Why.ANYBODY})
"""What keeps a datum whatever has ended: the letter says so, or it is nobody's for certain."""


def undated(desk: Desk, opened: Opened, source: str, swept: OfPersons) -> tuple[Finding, ...]:
    """By table: in how many rows something certainly about the person is held for a purpose that ended. C145."""
    ended = {
        (each.company, each.purpose)
        for each in measures_of(desk, opened).decisions
        if each.outcome is OnErasure.ENDS and any(mark.act is Act.ENDED for mark in each.if_ends)
    }
    living = {(claim.company, claim.purpose) for stay in swept.stay.values() for claim in stay.claims}
    if not ended & living:
        return ()
    found = Counter(
        record.table
        for record in look(desk, opened).extract.records
        if record.source == source
        and any((record.company, h.purpose) in ended and h.why not in KEEPS for d in record.data for h in d.holds)
    )
    place = desk.loaded.project.sources[source].place
    hint = "look at them, and remove what is to go: ombud request rectify --set ROW.CELL; then: ombud request work"
    return tuple(
        Finding("C145", place, f"{source}.{table}: when {_rows(rows)} made is not known, so nothing ends there", hint)
        for table, rows in found.items()
    )


def _rows(rows: int) -> str:
    return "1 row was" if rows == 1 else f"{rows} rows were"
