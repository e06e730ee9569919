"""The address in the population register: looked up for one delivery, by a number that is certainly the person's.

R1: an extract asked for by a signed letter goes to the registered address and nowhere else. So the number is never
taken from who asks: it is one that the request is about, or one that stands on a row that is certainly theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from ombud.app.loaded import Refused
from ombud.app.population import look_up, troubled
from ombud.app.requests.deciding import protect
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.guarding import allow
from ombud.app.requests.identifying import NUMBER
from ombud.app.requests.looking import look
from ombud.app.requests.waits import OMBUD
from ombud.datamap.identity import is_personnummer, normalise
from ombud.documents.extract import Extract
from ombud.rights.model import State
from ombud.rights.population import Entry, NotFound
from ombud.rights.protected import Deed, Ground, flags_of
from ombud.terms import Finding, Place

REQUEST = Place("request")


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register said of whom a request is about: name, the lines of the address, the number. None prints."""

    name: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    number: str = field(repr=False)


def registered(desk: Desk, opened: Opened) -> Registered | None:
    """What was looked up for this request, while it is kept."""
    with told():
        said = desk.store.registered(opened.id)
    if not said:
        return None
    name, lines, number = json.loads(said)
    return Registered(name, tuple(lines), number)


def fetch(desk: Desk, opened: Opened, by: str) -> Opened:
    """Look the registered address up and keep it, sealed, until the answer is delivered; an answer is put anew.

    Where a flag stands, the identity is protected from now on, and there is no address to keep (spec/identity.md §4).
    Raises Refused: C178 by whom it may not be; C179 where there is no register, it gives no answer, or it has nobody
    of the number on file, or no address of them.
    """
    allow(desk, opened, Deed.LOOK_UP_REGISTER, by)
    if opened.request.state in (State.RECEIVED, State.IDENTITY):
        raise _none("it is not known yet who asks", "ombud request identify")
    found = look_up(desk.loaded, number_of(desk, opened), by)
    if any(flag.ground is Ground.REGISTER for flag in flags_of(found.entry)):
        opened = _protected(desk, opened, by)
    match found.entry:
        case None:
            raise Refused(troubled(found.trouble))
        case NotFound():
            raise _none("the register has nobody of that number", "see the number on file; for by_hand: type it in")
        case Entry() as entry:
            _keep(desk, opened, entry)
            if entry.address is None and not entry.protected:
                hint = "ask the person where it is to go, and prove who asks in another way"
                raise _none(f"no registered address: {entry.status.value}", hint)
            return desk.read(opened.id)


def number_of(desk: Desk, opened: Opened) -> str:
    """The one personnummer that is certainly the person's. Raises Refused (C179)."""
    said = {normalise(NUMBER, value) for kind, _, value in _named(opened) if kind == NUMBER}
    numbers = said or set(numbers_in(desk, look(desk, opened).extract))
    found = {each for each in numbers if is_personnummer(each)}
    if len(found) != 1:
        known = "no personnummer" if not found else "more than one personnummer"
        raise _none(f"{known} is on file as theirs", "deliver it in a way that needs no registered address")
    return found.pop()


def numbers_in(desk: Desk, extract: Extract) -> Iterator[str]:
    """The numbers that stand, where a map says that a person's number does, on rows that are certainly theirs."""
    yield from (number for number, _ in numbers_at(desk, extract))


def numbers_at(desk: Desk, extract: Extract) -> Iterator[tuple[str, str]]:
    """The same, each with the cell where it stands: SOURCE/TABLE/KEY.COLUMN."""
    columns = {
        (name, place.child or subject.table, place.column)
        for name, mapped in desk.loaded.datamap.sources.items()
        for subject in mapped.subjects.values()
        for place in subject.identifiers
        if place.kind == NUMBER and not place.former
    }
    for record in extract.records:
        for datum in record.data:
            if (record.source, record.table, datum.name) in columns and datum.value is not None:
                where = f"{record.source}/{record.table}/{record.key}.{datum.name}"
                yield normalise(NUMBER, datum.value), where


def where_numbers_stand(desk: Desk, opened: Opened, extract: Extract | None = None) -> tuple[tuple[str, ...], bool]:
    """Where a personnummer of the person is on file, without it, and whether it is one, by which they can be looked up.

    `extract` is what is held of them, if that is read already. Nothing is read where the request names a number.
    """
    said = {normalise(NUMBER, value) for kind, _, value in _named(opened) if kind == NUMBER}
    found = [(each, "the request") for each in said]
    if not said:
        found = [*numbers_at(desk, extract if extract is not None else look(desk, opened).extract)]
    places = tuple(dict.fromkeys(where for number, where in found if is_personnummer(number)))
    return places, len({number for number, _ in found if is_personnummer(number)}) == 1


def _named(opened: Opened) -> Iterator[tuple[str, str, str]]:
    return (text.partition("=") for text in opened.asked.subjects if "=" in text)


def _protected(desk: Desk, opened: Opened, by: str) -> Opened:
    """From now on: who looked it up knows it, and is named; those who were named are still."""
    with told():
        known = desk.store.person(opened.case.person).protection
    if known is not None:
        return opened
    return protect(desk, opened, "flag in the population register", (by,), by=OMBUD)


def _keep(desk: Desk, opened: Opened, entry: Entry) -> None:
    address = entry.address
    lines: tuple[str, ...] = ()
    if address is not None:
        place = f"{address.postcode} {address.city}".strip()
        lines = tuple(filter(None, (address.care_of, *address.lines, place, address.country)))
    said = json.dumps([entry.name, lines, entry.number], ensure_ascii=False)
    with told(), desk.store.transaction():
        desk.store.keep_registered(opened.id, said, desk.now())
        desk.store.discard_answers(opened.id, desk.today())


def _none(message: str, hint: str) -> Refused:
    return Refused(Finding("C179", REQUEST, message, hint))
