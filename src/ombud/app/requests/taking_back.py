"""A row that is not the person's is taken back before anything is decided, and with it what was marked by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ombud.app.known import Called, Known
from ombud.app.loaded import Loaded, Refused
from ombud.app.marking import take_back as unmark
from ombud.app.naming import row_of
from ombud.app.requests.called import called, note_of_whom
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.guarding import allow
from ombud.app.requests.looking import map_for
from ombud.app.whom import whom
from ombud.rights.events import RowTakenBack
from ombud.rights.protected import Deed
from ombud.terms import Act, Finding, Level, Place, Ref

PLACE = Place("--not-row")


def take_back(desk: Desk, opened: Opened, rows: Sequence[str], by: str) -> tuple[Opened, tuple[Finding, ...]]:
    """These rows are not the person's: nothing goes by them any more, and what was marked by them at once is undone.

    `rows` were named when the request came in, or taken in by a reviewer. Raises Refused: C130 once it is decided; C196
    for a row that is neither, and where nobody would be named any more. A finding says what cannot be undone (C197).
    """
    allow(desk, opened, Deed.SHOW_CASE, by)
    wrong = _named(desk.loaded, opened, rows)
    desk.check(opened, RowTakenBack())
    by_then = called(opened)
    left = replace(
        by_then,
        texts=tuple(text for text in by_then.texts if text not in wrong),
        taken=tuple(text for text in by_then.taken if text not in wrong),
    )
    if not left.texts:
        hint = "drop it, and take it in anew with the day it came in: ombud request … --received DATE"
        raise Refused(Finding("C196", PLACE, "nothing else names the person", hint))
    refs, findings = _theirs_alone(desk, opened, left), tuple[Finding, ...]()
    if refs:
        acts, lacking = unmark(desk.loaded, opened.id, refs)
        findings = (*lacking, *_not_undone(acts))
    note = {"taken_back": list(wrong), **note_of_whom(Known(refs), former=True)}
    return desk.happen(opened, RowTakenBack(), by=by, note=note), findings


def _named(loaded: Loaded, opened: Opened, rows: Sequence[str]) -> tuple[str, ...]:
    """The texts by which these rows stand in the request. Raises Refused (C196)."""
    by = called(opened)
    known = {row_of(loaded, text): text for text in (*by.texts, *by.taken) if "=" not in text}
    found = [known.get(row_of(loaded, text)) for text in rows]
    if None in found:
        message = "the request does not name the person by this row, nor has a reviewer taken it in"
        raise Refused(Finding("C196", PLACE, message, "see the rows: ombud request show --by SIGN"))
    return tuple(dict.fromkeys(text for text in found if text is not None))


def _theirs_alone(desk: Desk, opened: Opened, left: Called) -> frozenset[Ref]:
    """By which the request has marked somebody who is known by none of what is left to name the person."""
    marked = frozenset(ref for mark in desk.loaded.marks() if mark.request == opened.id for ref in mark.refs)
    if not marked:
        return marked
    protected = opened.request.protected
    (person,) = whom(map_for(desk, protected=protected), [left], former=not protected)
    return marked - person.refs


def _not_undone(acts: Sequence[Act]) -> tuple[Finding, ...]:
    """C197: consents that were withdrawn; whoever gave them is asked, or they are noted again by hand."""
    if Act.WITHDRAWN not in acts:
        return ()
    message = "the consent of whoever has the row was withdrawn at once, and nobody gives it again for them"
    hint = "see what stood before, and note that again: ombud mark --list; ombud mark consented --subject ROW"
    return (Finding("C197", PLACE, message, hint, Level.WARNING),)
