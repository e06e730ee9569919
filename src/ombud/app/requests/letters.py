"""The letters between receipt and answer: written when asked for, from the request as it stands, and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.requests.answering import put
from ombud.app.requests.desk import Desk, Opened, addressee
from ombud.documents import LettersNotInstalled, Mail, compose, mail, render, unspoken
from ombud.documents.letters import Acknowledgement, Extension, Letter, ProofQuestion, RestrictionLifting
from ombud.rights.deadlines import deadline, deadline_of
from ombud.rights.ladder import Channel, ways
from ombud.rights.model import Pause, Restriction, State
from ombud.terms import Finding, Place

OVER = frozenset({State.DELIVERED, State.CLOSED, State.REFUSED, State.WITHDRAWN})
"""States in which the person has, or will have, another letter."""


class Which(StrEnum):
    """Which letter."""

    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTION = "question"
    EXTENSION = "extension"
    LIFTING = "lifting"


@dataclass(frozen=True, slots=True)
class Said:
    """What the request does not know by itself: a house's own ways to show who one is; when and why a restriction ends.

    `answer_by` is the day by which an answer to the question is asked for.
    """

    ways: Sequence[str] = ()
    answer_by: date | None = None
    on: date | None = None
    reason: str = ""


def letter_of(desk: Desk, opened: Opened, which: Which, said: Said | None = None) -> Letter:
    """The letter as the request stands today. Raises Refused (C158) where there is nothing to tell."""
    said, request = said or Said(), opened.request
    if (why_not := _why_not(opened, which, said, desk.today())) is not None:
        raise Refused(why_not)
    match which:
        case Which.ACKNOWLEDGEMENT:
            due = deadline_of(request, desk.today(), desk.rules.prompt)
            latest = max(due.due, due.due_if_eves)
            return Acknowledgement(opened.id, request.kind, request.received, due.act_by, latest)
        case Which.QUESTION:
            by = tuple(said.ways) or _ways(desk, opened)
            pauses = _stands_still(desk, opened)
            return ProofQuestion(opened.id, request.kind, request.received, by, said.answer_by, pauses)
        case Which.EXTENSION:
            due = deadline_of(request, desk.today(), desk.rules.prompt)
            return Extension(opened.id, request.kind, request.received, due.act_by, request.extended)
        case Which.LIFTING:
            return RestrictionLifting(opened.id, _ends_on(desk, opened, said), said.reason)


def write(desk: Desk, opened: Opened, letter: Letter, which: Which, folder: Path) -> Path:
    """The letter as a PDF in a folder, for its owner's eyes alone, over no file. Nothing is kept of it.

    To a protected identity it says only that there is a message, and no address stands on it.
    """
    request, policy = opened.request, desk.loaded.policy
    to, language, today = addressee(opened), request.language, desk.today()
    if request.protected:
        body = unspoken(policy, to, language, today, company=request.company)
    else:
        body = compose(letter, policy, to, language, today, company=request.company)
    try:
        content = render(body)
    except LettersNotInstalled as error:
        raise Refused(error.finding) from None
    return put(folder, f"{which}-{opened.id}.pdf", content)


def mail_of(desk: Desk, opened: Opened, letter: Letter) -> Mail:
    """The same as an e-mail's subject and text, with nothing of the person; to a protected identity neutral."""
    request = opened.request
    said = mail(letter, desk.loaded.policy, request.language, protected=request.protected, company=request.company)
    assert said is not None, "each of these letters has a short form"
    return said


# --- what the request says ----------------------------------------------------------------------------------------


def _why_not(opened: Opened, which: Which, said: Said, today: date) -> Finding | None:
    """Why there is nothing to tell; None where there is."""
    request = opened.request
    match which:
        case Which.ACKNOWLEDGEMENT if request.state in OVER:
            return _nothing(f"it is {request.state}", "an acknowledgement comes before the answer")
        case Which.QUESTION if request.state not in (State.RECEIVED, State.IDENTITY):
            return _nothing("it is known who asks", "see where it stands: ombud request show")
        case Which.EXTENSION if not request.extended:
            return _nothing("it has not been extended", "ombud request extend --reason …")
        case Which.LIFTING if request.restriction not in (Restriction.STANDS, Restriction.NOTICED):
            return _nothing("no restriction of it stands", "see where it stands: ombud request show")
        case Which.LIFTING if not said.reason.strip():
            return Finding("C158", Place("--reason"), "the person is told why it is lifted", "--reason TEXT")
        case Which.LIFTING if said.on is not None and said.on <= today:
            return Finding("C158", Place("--on"), "they are told before it is lifted (Art. 18(3))", "a day after today")
    return None


def _nothing(why: str, hint: str) -> Finding:
    return Finding("C158", Place("request"), f"there is no such letter to write: {why}", hint)


def _ways(desk: Desk, opened: Opened) -> tuple[str, ...]:
    """What proves enough and stands open to who asks this way. Of no known channel it is what goes by post."""
    said = opened.asked.way.strip().lower()
    channel = Channel(said) if said in set(Channel) else Channel.POST
    request = opened.request
    return ways(desk.rules.needs[request.kind], channel, protected=request.protected)


def _stands_still(desk: Desk, opened: Opened) -> bool:
    """Whether the clock stands still once the question is put: it does where that is prompt."""
    request, today = opened.request, desk.today()
    asked = request.pauses if request.state is State.IDENTITY else (*request.pauses, Pause(today))
    return deadline(request.received, asked, request.extended_on, today, desk.rules.prompt).standing_still


def _ends_on(desk: Desk, opened: Opened, said: Said) -> date:
    """The day after the notice; before there was one, the day that is said, else tomorrow."""
    day = timedelta(days=1)
    noticed = opened.request.noticed
    return noticed + day if noticed is not None else said.on or desk.today() + day
