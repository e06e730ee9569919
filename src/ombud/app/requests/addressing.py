"""Where the letters of a request go, and what is missing for that (R1, spec/identity.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ombud.app.around import is_of
from ombud.app.loaded import Refused
from ombud.app.others import is_subject
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.guarding import allow, protection_of
from ombud.app.requests.identifying import only_registered
from ombud.app.requests.looking import Looked
from ombud.app.requests.registered import Registered, registered
from ombud.documents import Addressee
from ombud.rights.events import Addressed
from ombud.rights.protected import Deed
from ombud.terms import Finding, Level, Place


class From(StrEnum):
    """What an address comes from."""

    REGISTER = "register"
    """The population register, where it was looked up for this request."""
    SAID = "said"
    """The person, or whoever entered the request for them."""
    NAME = "name"
    """It is a name alone, for a sealed inner envelope: the identity is protected."""
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Addressing:
    """Where letters go; `registered_alone`: nowhere but to the registered address (R1)."""

    to: Addressee = field(repr=False)
    source: From
    registered_alone: bool = False

    @property
    def lacks(self) -> bool:
        """Whether a letter that goes in an envelope with a window would show nothing there."""
        return self.source is From.NOWHERE


def addressing(desk: Desk, opened: Opened, looked: Looked | None = None, known: Registered | None = None) -> Addressing:
    """Where the answer goes: to the registered address if it was looked up (`known`), else where the person said.

    Of a protected identity no address is known here, whatever was said: the name alone stands on the inner envelope.
    """
    said = opened.asked.address
    known = known or registered(desk, opened)
    if protection_of(desk, opened).stands:
        name = known.name if known else said[0] if said else _name(desk, looked)
        return Addressing(Addressee.protected(name) if name else Addressee(()), From.NAME)
    alone = only_registered(desk, opened)
    if known is not None and known.lines:
        return Addressing(Addressee((known.name, *known.lines)), From.REGISTER, alone)
    if said and not alone:
        return Addressing(Addressee(said), From.SAID)
    return Addressing(Addressee(()), From.NOWHERE, alone)


def say_address(desk: Desk, opened: Opened, lines: Sequence[str], by: str) -> Opened:
    """The person said where letters to them go; an answer that waits is put together anew.

    Raises Refused: C178 by whom it may not be said, C206 for one who is protected, or whose answer goes to the
    registered address alone.
    """
    allow(desk, opened, Deed.SHOW_ADDRESS, by)
    if protection_of(desk, opened).stands or opened.request.protected:
        message = "the identity is protected: no address of theirs is written down"
        raise Refused(_finding(message, "their post goes through the tax agency, or is handed over"))
    if only_registered(desk, opened):
        message = "a signature proved who asks: the answer goes to the registered address alone"
        hint = "look it up: ombud request address ID; or let them prove more: ombud request identify"
        raise Refused(_finding(message, hint))
    kept = [line.strip() for line in lines if line.strip()]
    if len(kept) < 2:
        raise Refused(_finding("an address is a name and where it goes", "repeat --line, the name first"))
    with told(), desk.store.transaction():
        desk.store.discard_answers(opened.id, desk.today())
        return desk.happen(opened, Addressed(), by=by, note={"address": kept})


def unaddressed(level: Level = Level.ERROR) -> Finding:
    """C206: a letter would have nothing in its window."""
    message = "no address of the person is known: the letter's window would be empty"
    hint = (
        'say it: ombud request address ID --line NAME --line STREET --line "POSTCODE TOWN"; look it up: without --line'
    )
    return _finding(message, hint, level)


def _finding(message: str, hint: str, level: Level = Level.ERROR) -> Finding:
    return Finding("C206", Place("request"), message, hint, level)


def _name(desk: Desk, looked: Looked | None) -> str:
    """A name that certainly is theirs, where one stands on a row of a person."""
    for record in looked.extract.records if looked else ():
        if is_subject(desk.loaded.datamap, record):
            for datum in record.data:
                if isinstance(datum.value, str) and is_of(desk.loaded.policy, datum.category, "name"):
                    return datum.value
    return ""
