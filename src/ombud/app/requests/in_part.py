"""An answer before all of it can be given: what the sources that answer hold, and which ones are missing still.

It is put together when it goes and kept nowhere; the request stays open, and is answered as a whole later
(spec/requests.md §2, law 1; Art. 12(3)).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.requests.addressing import addressing, unaddressed
from ombud.app.requests.answering import PDF, File, files_of, going, put, waits_for_address
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.flagging import check_flags
from ombud.app.requests.guarding import allow
from ombud.app.requests.identifying import check_proven
from ombud.app.requests.looking import look
from ombud.app.requests.recipients import with_recipients
from ombud.app.requests.whole import to_look_at, unseen
from ombud.register.model import NewAnswer
from ombud.rights.events import DeliveredInPart
from ombud.rights.model import RequestKind
from ombud.rights.protected import Deed
from ombud.terms import Finding, Level, Place

TOLD = frozenset({RequestKind.ACCESS, RequestKind.PORT})
"""Kinds of which a part is worth something: the data itself, as far as it can be read."""


def deliver_in_part(
    desk: Desk, opened: Opened, folder: Path, how: str, by: str, *, addressed: bool = True
) -> tuple[Opened, tuple[Path, ...]]:
    """Hand over what can be told by now, as files in a folder whose names say that it is a part.

    `how` and `addressed`: as of a whole answer. Raises Refused where nothing is missing, nothing can be told yet, or
    somebody has to look at it first.
    """
    allow(desk, opened, Deed.DELIVER, by)
    check_proven(desk, opened)
    if opened.request.kind not in TOLD:
        hint = "tell the person what it waits for: ombud request show"
        raise Refused(Finding("C139", Place("request"), f"of {opened.request.kind} no part is answered alone", hint))
    looked = look(desk, opened)
    check_flags(desk, opened, looked.extract.about)
    desk.check(opened, DeliveredInPart(how))
    if waits_for_address(desk, opened):
        hint = "it goes to the registered address alone: ombud request address"
        raise Refused(Finding("C139", Place("request"), "there is no answer to deliver", hint))
    if unseen(opened, looked):
        raise Refused(replace(to_look_at([opened.id]), level=Level.ERROR))
    looked = with_recipients(desk, opened, looked)
    files = [_as_part(each) for each in files_of(desk, opened, looked, going(desk, opened, looked))]
    if addressed and any(each.media_type == PDF for each in files) and addressing(desk, opened).lacks:
        raise Refused(unaddressed())
    paths = tuple(put(folder, each.name, each.content) for each in files)
    with told(), desk.store.transaction():
        after = desk.happen(opened, DeliveredInPart(how), by=by)
        noted = [NewAnswer(opened.id, each.name, each.media_type, each.content) for each in files]
        desk.store.note_answers(noted, desk.now(), desk.today())
    return after, paths


def _as_part(file: File) -> File:
    name, _, end = file.name.rpartition(".")
    return replace(file, name=f"{name}-part.{end}")
