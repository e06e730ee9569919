"""The answer to a request: its files, kept sealed until somebody delivers them, and wiped then."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.looking import ANSWERS, Looked
from ombud.app.requests.outcome import outcome
from ombud.documents import Addressee, LettersNotInstalled, compose, csv_zip, json_chunks, letter, render
from ombud.rights.events import Delivered, DeliveredInPart, NoticeGiven
from ombud.rights.model import RequestKind, Restriction
from ombud.terms import Finding, Place

KEPT = timedelta(days=90)
"""How long an answer that nobody has delivered is kept."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of an answer."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


def keep_answer(desk: Desk, opened: Opened, looked: Looked | None) -> None:
    """Put the answer together and keep it sealed; one that waits for delivery is left as it is."""
    with told():
        if any(each.wiped_on is None for each in desk.store.answers(opened.id)):
            return
    files = tuple(_files(desk, opened, looked))
    with told(), desk.store.transaction():
        for each in files:
            until = desk.today() + KEPT
            desk.store.keep_answer(opened.id, each.name, each.media_type, each.content, desk.now(), until)


def deliver(
    desk: Desk, opened: Opened, folder: Path, how: str, by: str, *, in_part: bool = False
) -> tuple[Opened, tuple[Path, ...]]:
    """Hand the answer over as files in a folder; the register's copy is wiped once that is written down.

    `how` says in which way it reached the person. Raises Refused where there is no answer yet, or a file is in the way.
    """
    with told():
        waiting = [each for each in desk.store.answers(opened.id) if each.wiped_on is None]
        if not waiting:
            hint = "see what it waits for: ombud request show"
            raise Refused(Finding("C139", Place("request"), "there is no answer to deliver", hint))
        contents = [desk.store.answer_content(opened.id, each.number) for each in waiting]
    paths = tuple(put(folder, each.name, content) for each, content in zip(waiting, contents, strict=True))
    events: list[Delivered | DeliveredInPart | NoticeGiven] = [DeliveredInPart(how) if in_part else Delivered(how)]
    if opened.request.restriction is Restriction.STANDS and opened.request.kind is not RequestKind.RESTRICT:
        events.append(NoticeGiven(how))  # the answer says that the restriction ends (Art. 18(3))
    with told(), desk.store.transaction():
        after = desk.happen(opened, *events, by=by)
        desk.store.delivered(opened.id, desk.now(), desk.today())
    return desk.read(after.id), paths


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


def _files(desk: Desk, opened: Opened, looked: Looked | None) -> Iterator[File]:
    policy, request = desk.loaded.policy, opened.request
    to, language = addressee(opened), request.language
    name = f"{request.kind}-{opened.id}"
    enclosed: list[str] = []
    try:
        if looked is not None and request.kind in ANSWERS:
            extract = looked.masked
            enclosed += [f"{name}.json", f"{name}.zip"]
            yield File(enclosed[0], "application/json", b"".join(json_chunks(extract, policy, language)))
            yield File(enclosed[1], "application/zip", csv_zip(extract, policy, language))
            if request.kind in (RequestKind.ACCESS, RequestKind.PORT):
                pdf = letter(extract, policy, to, language, opened.id, desk.today(), company=request.company)
                yield File(f"{name}.pdf", "application/pdf", pdf)
                return
        said = outcome(desk, opened, looked, enclosed)
        if said is not None:
            body = compose(said, policy, to, language, desk.today(), company=request.company)
            yield File(f"{name}.pdf", "application/pdf", render(body))
    except LettersNotInstalled as error:
        raise Refused(error.finding) from None


def addressee(opened: Opened) -> Addressee:
    """Where it goes; of a protected identity nothing stands on a sheet, for a leaked address can kill."""
    return Addressee(() if opened.request.protected else opened.asked.address)
