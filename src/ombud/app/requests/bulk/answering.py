"""A batch is answered: everybody's files, written into a folder to go out, or kept sealed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.requests.answering import KEPT, Going, delivered, files_of
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import FORMS, Order, Tell
from ombud.app.requests.bulk.pages import LOOKED_AT, TOGETHER, is_ordinary
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.identifying import may_be_shown
from ombud.app.requests.looking import ANSWERS, SWEEPS, Looked, look, look_each
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import set_marks_of_each
from ombud.app.requests.recipients import digests_of, heard, recipients_of_each, waits_for_recipients
from ombud.app.requests.recipients import tell as tell_recipients
from ombud.app.requests.waits import OMBUD
from ombud.app.requests.whole import away, lacks, look_again, to_look_at, unseen
from ombud.app.requests.working import added
from ombud.documents import Addressee
from ombud.register.model import Batch, NewAnswer
from ombud.rights.commands import When
from ombud.rights.events import Closed
from ombud.rights.guards import in_the_way, owes_letter
from ombud.rights.model import Request, State
from ombud.rights.rules import CHANGES
from ombud.terms import Finding

Ready = tuple[Opened, Looked | None]
"""Whoever is answered, and what is held of them, where the answer says it."""

DONE = (State.CARRIED_OUT,)
ANSWERED = (State.CARRIED_OUT, State.DELIVERED)
"""States in which a letter may be owed: the answer, or one that says what the answer left open."""


@dataclass(frozen=True, slots=True)
class Written:
    """How many persons' answers were written, how many of their letters have no address, and what was in the way."""

    answers: int = 0
    unaddressed: int = 0
    findings: tuple[Finding, ...] = ()


def answer(desk: Desk, batch: Batch, order: Order, guard: Guard, tell: Tell) -> Written:
    """Answer whoever is carried out, and whomever a second letter is owed; which sources lack marks is told."""
    findings: tuple[Finding, ...] = ()
    if batch.kind in CHANGES:
        for group in guard.pages(DONE, TOGETHER):
            findings += set_marks_of_each(desk, group, When.CARRIED_OUT)
            _tell_recipients(desk, group)
    answers = bare = 0
    for page in guard.pages(ANSWERED, LOOKED_AT, _stays_here if order.out is not None else is_ordinary):
        owed = [each for each in _heard(desk, page) if is_owed(each)]
        ready, lacking = _ready(desk, owed if order.out is not None else _fresh(desk, owed))
        findings = added(findings, lacking)
        if order.out is None:
            _keep(desk, ready, order)
        else:
            _deliver(desk, ready, order, order.out)
            bare += sum(not each.asked.address for each, _ in ready) if _as_letters(batch, order) else 0
        answers += len(ready)
        tell("writing answers", answers, 0)
    return Written(answers, bare, findings)


def is_owed(opened: Opened) -> bool:
    """Whether an answer, or the letter that follows it, is to be written."""
    return opened.request.state is State.CARRIED_OUT or owes_letter(opened.request)


def _as_letters(batch: Batch, order: Order) -> bool:
    return batch.kind not in ANSWERS or "pdf" in order.forms


def _heard(desk: Desk, page: Sequence[Opened]) -> Sequence[Opened]:
    """With what came of recipients since; a letter that waits and says otherwise is put together anew."""
    asked = [each for each in page if waits_for_recipients(each)]
    if not asked:
        return page
    with told():
        notices = desk.store.notices_of_each([each.id for each in asked])
    heard_ = [Happening(each, tuple(heard(each, notices.get(each.id, ())))) for each in asked]
    with told(), desk.store.transaction():
        after = {each.id: each for each in happen_each(desk, heard_, OMBUD)}
        desk.store.discard_answers_of([each.opened.id for each in heard_ if each.events], desk.today())
    return [after.get(each.id, each) for each in page]


def _stays_here(request: Request) -> bool:
    """What is handed to another controller too is delivered by itself, with what became of that."""
    return is_ordinary(request) and not request.transfers


def _fresh(desk: Desk, page: Sequence[Opened]) -> Sequence[Opened]:
    """Those for whom no answer is kept already."""
    with told():
        there = desk.store.answered([each.id for each in page])
    return [each for each in page if each.id not in there]


def _ready(desk: Desk, page: Sequence[Opened]) -> tuple[Sequence[Ready], tuple[Finding, ...]]:
    """Those whose answer says all that there is. The others wait: for a source that cannot be read now, or, taken back
    to be looked at, for whoever looks at what came since they were decided.
    """
    answered = [each for each in page if each.request.state is State.CARRIED_OUT]
    seen = dict(zip((each.id for each in answered), _looked(desk, answered), strict=True))
    found = [(each, seen.get(each.id)) for each in page]
    waiting = {each.id: missing for each, looked in found if (missing := lacks(each, looked))}
    back = [
        (each, sources)
        for each, looked in found
        if looked is not None and each.id not in waiting and _is_new(looked)
        if (sources := unseen(each, look(desk, each)))
    ]
    if back:
        look_again(desk, back)
    ids = [each.id for each, _ in back]
    findings: list[Finding] = [to_look_at(ids)] if ids else []
    if waiting:
        findings.append(away([*waiting], sorted({source for missing in waiting.values() for source in missing})))
    return [pair for pair in found if pair[0].id not in {*waiting, *ids}], tuple(findings)


def _is_new(looked: Looked) -> bool:
    """Whether anything is in doubt, by itself or in a text."""
    return bool(looked.extract.perhaps or looked.review.open)


def _keep(desk: Desk, ready: Sequence[Ready], order: Order) -> None:
    """Kept sealed until somebody delivers them."""
    files = _files(desk, ready, order)
    with told():
        desk.store.keep_answers(files, desk.now(), desk.today() + KEPT)


def _deliver(desk: Desk, ready: Sequence[Ready], order: Order, folder: Path) -> None:
    """Written into the folder, and noted as delivered once all of them are there; no copy is kept."""
    files = _files(desk, ready, order)
    _write(folder, files)
    page = [each for each, _ in ready]
    with told(), desk.store.transaction():
        desk.store.delivered_all([each.id for each in page], desk.now(), desk.today())
        desk.store.note_answers(files, desk.now(), desk.today())
        sent = [Happening(each, delivered(each, order.sent)) for each in page]
        after = happen_each(desk, sent, order.by)
    over = [each for each in after if not in_the_way(each.request)]
    with suppress(Refused):  # a notice of one is on its way still: `ombud request work` closes each as it may be
        happen_each(desk, [Happening(each, (Closed(),)) for each in over], OMBUD)


def _tell_recipients(desk: Desk, group: Sequence[Opened]) -> None:
    """Put a notice to each recipient of whom something is written down into the outbox (Art. 19)."""
    digests = {each.id: digests_of(desk, each) for each in group}
    with told():
        known = desk.store.disclosed_of({digest for own in digests.values() for digest in own})
    for each in group:
        if each.request.tellings or not known.isdisjoint(digests[each.id]):
            tell_recipients(desk, each, OMBUD)


def _files(desk: Desk, ready: Sequence[Ready], order: Order) -> list[NewAnswer]:
    """Everybody's files, in the forms that are asked for; a decision is always a letter."""
    media = frozenset(FORMS[form] for form in order.forms)
    found: list[NewAnswer] = []
    for opened, looked in ready:
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
