"""The answer to a request: its files, kept sealed until somebody delivers them, and wiped then."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.requests.addressing import addressing, unaddressed
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.flagging import check_flags
from ombud.app.requests.guarding import allow, protection_of
from ombud.app.requests.identifying import NUMBER, check_proven, may_be_shown, only_registered
from ombud.app.requests.looking import ANSWERS, SWEEPS, Looked, look
from ombud.app.requests.outcome import following, outcome
from ombud.app.requests.recipients import CAUSES, hear
from ombud.app.requests.registered import Registered, numbers_in, registered
from ombud.app.requests.transferred import transfer_letters
from ombud.app.requests.waits import OMBUD
from ombud.app.requests.whole import away, lacks
from ombud.documents import Addressee, LettersNotInstalled, compose, csv_zip, json_chunks, letter, render
from ombud.documents.letters import Forwarding
from ombud.policy.model import Policy
from ombud.rights.events import Delivered, Event, Followed, NoticeGiven
from ombud.rights.forwarding import forwarded
from ombud.rights.guards import owes_letter
from ombud.rights.model import RequestKind, Restriction, State
from ombud.rights.protected import Deed
from ombud.terms import Finding, Level, Place

KEPT = timedelta(days=90)
"""How long an answer that nobody has delivered is kept."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of an answer."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def keep_answer(desk: Desk, opened: Opened, looked: Looked | None) -> None:
    """Put the answer together and keep it sealed; one that waits for delivery is left as it is.

    One that goes to the registered address alone is not put together before that is known, and none that would leave
    out what a source holds that cannot be read now.
    """
    if lacks(opened, looked) or not may_be_kept(desk, opened):
        return
    files = tuple(files_of(desk, opened, looked, going(desk, opened, looked)))
    with told(), desk.store.transaction():
        if desk.store.request(opened.id).entries != opened.case.entries:
            return  # something has happened since it was read, by which another answer may be due
        for each in files:
            until = desk.today() + KEPT
            desk.store.keep_answer(opened.id, each.name, each.media_type, each.content, desk.now(), until)


def may_be_kept(desk: Desk, opened: Opened) -> bool:
    """Whether an answer is to be put together: none waits for delivery, and it is known where it goes."""
    if waits_for_address(desk, opened):
        return False
    with told():
        return not any(each.wiped_on is None for each in desk.store.answers(opened.id))


def waits_for_address(desk: Desk, opened: Opened) -> bool:
    """Whether the answer goes to the registered address alone (R1), and that was not looked up yet."""
    if protection_of(desk, opened).stands or not only_registered(desk, opened):
        return False
    known = registered(desk, opened)
    return known is None or not known.lines


def deliver(
    desk: Desk, opened: Opened, folder: Path, how: str, by: str, *, addressed: bool = True
) -> tuple[Opened, tuple[Path, ...]]:
    """Hand the answer over as files in a folder; the register's copy is wiped once that is written down.

    `how` says in which way it reached the person. `addressed` False: a letter without an address will do, for it goes
    in no envelope. Raises Refused where there is no answer yet, a letter has no address, or a file is in the way.
    """
    allow(desk, opened, Deed.DELIVER, by)
    check_proven(desk, opened)
    looked = look(desk, opened)
    check_flags(desk, opened, looked.extract.about)
    if opened.asked.to and opened.asked.to not in opened.request.transfers:
        message = f"the person asked for the data to be handed to {opened.asked.to}"
        hint = "ombud request transfer, or why it cannot be: --not TEXT"
        raise Refused(Finding("C221", Place("request"), message, hint))
    opened = _as_it_is_now(desk, opened)
    with told():
        waiting = [each for each in desk.store.answers(opened.id) if each.wiped_on is None]
        if not waiting:
            if missing := lacks(opened, looked):
                raise Refused(away([opened.id], missing, Level.ERROR))
            hint = "see what it waits for: ombud request show"
            if waits_for_address(desk, opened):
                hint = "it goes to the registered address alone: ombud request address"
            raise Refused(Finding("C139", Place("request"), "there is no answer to deliver", hint))
        contents = [desk.store.answer_content(opened.id, each.number) for each in waiting]
    desk.check(opened, *delivered(opened, how))
    if addressed and any(each.media_type == PDF for each in waiting) and addressing(desk, opened).lacks:
        raise Refused(unaddressed())
    files = [(each.name, content) for each, content in zip(waiting, contents, strict=True)]
    paths = tuple(put(folder, *file) for file in (*files, *transfer_letters(desk, opened)))
    with told(), desk.store.transaction():
        after = desk.happen(opened, *delivered(opened, how), by=by)
        desk.store.delivered(opened.id, desk.now(), desk.today())
    return desk.read(after.id), paths


def _as_it_is_now(desk: Desk, opened: Opened) -> Opened:
    """The request with what came of recipients since, and the letter that says it: what it says is true as it goes."""
    request = opened.request
    if request.kind not in CAUSES or request.state not in (State.CARRIED_OUT, State.DELIVERED):
        return opened
    after = hear(desk, opened, OMBUD)
    if after.case.entries != opened.case.entries and (request.state is State.CARRIED_OUT or owes_letter(after.request)):
        keep_answer(desk, after, look(desk, after) if request.kind in SWEEPS else None)
    return after


def delivered(opened: Opened, how: str) -> tuple[Event, ...]:
    """What happens when the answer reaches the person: it says that a restriction ends, too (Art. 18(3)).

    Once they have it, what reaches them is the letter that follows it.
    """
    if opened.request.state is State.DELIVERED:
        return (Followed(how),)
    notice = opened.request.restriction is Restriction.STANDS and opened.request.kind is not RequestKind.RESTRICT
    return (Delivered(how), NoticeGiven(how)) if notice else (Delivered(how),)


def _for_its_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file, never over one that says something else, and for its owner's eyes alone. Raises Refused (C075)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    try:
        with open(path, "xb", opener=_for_its_owner) as file:
            file.write(content)
    except FileExistsError:
        if path.read_bytes() != content:
            message = f"{path.name} is there already, and says something else"
            raise Refused(Finding("C075", Place(str(path)), message, "name another folder: --out")) from None
    return path


# --- what it holds ----------------------------------------------------------------------------------------------


JSON, ZIP, PDF = "application/json", "application/zip", "application/pdf"
ALL = frozenset({JSON, ZIP, PDF})
"""The media types of an answer's files."""


@dataclass(frozen=True, slots=True)
class Going:
    """Where an answer goes, whether the data itself may go along, and what the population register said."""

    to: Addressee = field(repr=False)
    shown: bool = True
    known: Registered | None = None
    protected: bool = False


def going(desk: Desk, opened: Opened, looked: Looked | None) -> Going:
    """Where the answer to one request goes."""
    known = registered(desk, opened)
    shown = opened.request.kind in ANSWERS and may_be_shown(desk, opened)
    to = addressing(desk, opened, looked, known).to
    return Going(to, shown, known, protection_of(desk, opened).stands)


def files_of(
    desk: Desk, opened: Opened, looked: Looked | None, going: Going, media: Collection[str] = ALL
) -> Iterator[File]:
    """The files of an answer; of one that holds the person's data, those of these media types. Raises Refused where
    letters cannot be set.
    """
    policy, request, language = desk.loaded.policy, opened.request, opened.request.language
    company, today, follows = request.company, desk.today(), request.state is State.DELIVERED
    name = f"{request.kind}-{opened.id}{'-outcome' if follows else ''}"
    enclosed: list[str] = []
    try:
        if looked is not None and going.shown and not follows:
            for each in _data(looked, name, policy, language, media):
                enclosed.append(each.name)
                yield each
        said = following(desk, opened) if follows else outcome(desk, opened, looked, enclosed)
        if said is not None:
            yield File(f"{name}.pdf", PDF, render(compose(said, policy, going.to, language, today, company=company)))
        elif looked is not None and request.kind in (RequestKind.ACCESS, RequestKind.PORT) and PDF in media:
            pdf = letter(looked.masked, policy, going.to, language, opened.id, today, company=company)
            yield File(f"{name}.pdf", PDF, pdf)
        if going.protected and (number := _number(desk, opened, going.known, looked)):
            title = going.to.lines[0] if going.to.lines else ""
            yield _forwarding(desk, opened, title, number, f"forwarding-{name.partition('-')[2]}.pdf")
    except LettersNotInstalled as error:
        raise Refused(error.finding) from None


def _data(looked: Looked, name: str, policy: Policy, language: str, media: Collection[str]) -> Iterator[File]:
    """What is held, as files for programs."""
    if JSON in media:
        yield File(f"{name}.json", JSON, b"".join(json_chunks(looked.masked, policy, language)))
    if ZIP in media:
        yield File(f"{name}.zip", ZIP, csv_zip(looked.masked, policy, language))


def _forwarding(desk: Desk, opened: Opened, name: str, number: str, called: str) -> File:
    """The letter around the sealed one, to the tax agency, which finds the person by the number. It reads Swedish."""
    envelopes = forwarded(name, number)
    said = Forwarding(opened.id, envelopes.inner)
    to, company = Addressee(envelopes.outer), opened.request.company
    body = compose(said, desk.loaded.policy, to, "sv", desk.today(), company=company)
    return File(called, PDF, render(body))


def _number(desk: Desk, opened: Opened, known: Registered | None, looked: Looked | None) -> str:
    """The number by which the tax agency finds the person; empty where none is on file."""
    said = [text.partition("=")[2] for text in opened.asked.subjects if text.startswith(f"{NUMBER}=")]
    found = {*numbers_in(desk, looked.extract)} if looked else set()
    return known.number if known else said[0] if said else found.pop() if len(found) == 1 else ""
