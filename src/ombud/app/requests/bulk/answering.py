"""A batch is answered: everybody's files, written into a folder to go out, or kept sealed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.requests.answering import KEPT, Going, delivered, files_of
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import FORMS, Order, Tell
from ombud.app.requests.bulk.pages import LOOKED_AT, TOGETHER, is_ordinary
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.identifying import may_be_shown
from ombud.app.requests.looking import ANSWERS, SWEEPS, Looked, look_each
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import set_marks_of_each
from ombud.app.requests.recipients import digests_of, recipients_of_each
from ombud.app.requests.recipients import tell as tell_recipients
from ombud.app.requests.waits import OMBUD
from ombud.documents import Addressee
from ombud.register.model import Batch, NewAnswer
from ombud.rights.commands import When
from ombud.rights.events import Closed
from ombud.rights.guards import in_the_way
from ombud.rights.model import Request, State
from ombud.rights.rules import CHANGES
from ombud.terms import Finding

DONE = (State.CARRIED_OUT,)


def answer(desk: Desk, batch: Batch, order: Order, guard: Guard, tell: Tell) -> tuple[int, tuple[Finding, ...]]:
    """Answer whoever is carried out: how many answers there are, and which sources have not acknowledged marks."""
    findings: tuple[Finding, ...] = ()
    if batch.kind in CHANGES:
        for group in guard.pages(DONE, TOGETHER):
            findings += set_marks_of_each(desk, group, When.CARRIED_OUT)
            _tell_recipients(desk, group)
    answers = 0
    for page in guard.pages(DONE, LOOKED_AT, _stays_here if order.out is not None else is_ordinary):
        if order.out is None:
            answers += _keep(desk, page, order)
        else:
            answers += _deliver(desk, page, order, order.out)
        tell("writing answers", answers, 0)
    return answers, findings


def _stays_here(request: Request) -> bool:
    """What is handed to another controller too is delivered by itself, with what became of that."""
    return is_ordinary(request) and not request.transfers


def _keep(desk: Desk, page: Sequence[Opened], order: Order) -> int:
    """Kept sealed until somebody delivers them; those that are kept already are left."""
    with told():
        there = desk.store.answered([each.id for each in page])
    fresh = [each for each in page if each.id not in there]
    files = _files(desk, fresh, order)
    with told():
        desk.store.keep_answers(files, desk.now(), desk.today() + KEPT)
    return len(fresh)


def _deliver(desk: Desk, page: Sequence[Opened], order: Order, folder: Path) -> int:
    """Written into the folder, and noted as delivered once all of them are there; no copy is kept."""
    files = _files(desk, page, order)
    _write(folder, files)
    ids = [each.id for each in page]
    with told(), desk.store.transaction():
        desk.store.delivered_all(ids, desk.now(), desk.today())
        desk.store.note_answers(files, desk.now(), desk.today())
        sent = [Happening(each, delivered(each, order.sent)) for each in page]
        after = happen_each(desk, sent, order.by)
    over = [each for each in after if not in_the_way(each.request)]
    with suppress(Refused):  # a notice of one is on its way still: `ombud request work` closes each as it may be
        happen_each(desk, [Happening(each, (Closed(),)) for each in over], OMBUD)
    return len(page)


def _tell_recipients(desk: Desk, group: Sequence[Opened]) -> None:
    """Put a notice to each recipient of whom something is written down into the outbox (Art. 19)."""
    digests = {each.id: digests_of(desk, each) for each in group}
    with told():
        known = desk.store.disclosed_of({digest for own in digests.values() for digest in own})
    for each in group:
        if each.request.tellings or not known.isdisjoint(digests[each.id]):
            tell_recipients(desk, each, OMBUD)


def _files(desk: Desk, page: Sequence[Opened], order: Order) -> list[NewAnswer]:
    """Everybody's files, in the forms that are asked for; a decision is always a letter."""
    media = frozenset(FORMS[form] for form in order.forms)
    found: list[NewAnswer] = []
    for opened, looked in zip(page, _looked(desk, page), strict=True):
        shown = opened.request.kind in ANSWERS and may_be_shown(desk, opened, protected=False)
        where = Going(Addressee(opened.asked.address), shown)
        files = files_of(desk, opened, looked, where, media)
        found += (NewAnswer(opened.id, file.name, file.media_type, file.content) for file in files)
    return found


def _looked(desk: Desk, page: Sequence[Opened]) -> Sequence[Looked | None]:
    """What is held of each now, where the answer says it; to whom it was handed, too, where it is the answer."""
    if not page or page[0].request.kind not in ANSWERS | SWEEPS:
        return [None] * len(page)
    looked = look_each(desk, page)
    if page[0].request.kind not in ANSWERS:
        return looked
    found = recipients_of_each(desk, [(opened, each.extract) for opened, each in zip(page, looked, strict=True)])
    return [
        replace(each, extract=replace(each.extract, recipients=recipients))
        for each, (recipients, _) in zip(looked, found, strict=True)
    ]


def _write(folder: Path, files: Iterable[NewAnswer]) -> None:
    """For their owner's eyes alone; one that was begun before its writer was killed is written anew."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files:
        part = folder / f".{file.name}.part"
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(file.content)
        part.replace(folder / file.name)
