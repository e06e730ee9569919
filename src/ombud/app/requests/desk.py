"""The desk where requests lie: written down as they happen, read back as what happened makes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ombud.adapters.keys import VARIABLE, KeyTrouble, secret
from ombud.adapters.register import AnotherKey
from ombud.adapters.trouble import trouble
from ombud.app.kept_open import KeptOpen
from ombud.app.loaded import Loaded, Refused
from ombud.app.project import STATE
from ombud.app.requests.waits import hint_of
from ombud.documents import Addressee
from ombud.register.model import Case, Entry, Identity
from ombud.register.naming import read_name
from ombud.register.opening import database_error, open_register
from ombud.register.trouble import Conflict, NotThere, OneAndTheSame, RegisterTrouble
from ombud.rights.events import Addressed, Event, Happened, Received
from ombud.rights.life import NotAllowed, replay, step
from ombud.rights.model import Request
from ombud.rights.rules import Rules, rules_of
from ombud.rights.signs import sign_of
from ombud.rights.written import Unreadable
from ombud.rights.written import read as read_event
from ombud.rights.written import written as written_event
from ombud.terms import Finding, Place

if TYPE_CHECKING:
    from ombud.register.retention import Wiped
    from ombud.register.store import Store

ADDRESS = "DATABASE_URL"
"""The environment's name for the register's address; a file beside the project's marks where it is not set."""

REQUEST = Place("request")

NOBODY = frozenset({"person", "ombud"})
"""Who does things here and is none of the staff."""

RULES = "rules"
"""Of what it is written down that somebody knows it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person asked for in their own words and identifiers: personal, and sealed wherever it is kept.

    `subjects` are KIND=VALUE or SOURCE/TABLE/KEY; `settings` of a correction SOURCE/TABLE/KEY.CELL=VALUE; `address` are
    the lines to which the answer goes by post, `way` how they asked; `births` tell of each row that is named which one
    it was at receipt (`same_rows`); `to` is the controller to which they want the data handed (Art. 20(2)).
    """

    subjects: tuple[str, ...] = field(repr=False)
    settings: tuple[str, ...] = field(default=(), repr=False)
    words: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    way: str = ""
    births: tuple[str, ...] = field(default=(), repr=False)
    to: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A request on the desk: as it stands, what was asked, and its history with the sealed notes."""

    case: Case
    request: Request
    asked: Asked
    history: tuple[Entry, ...] = field(repr=False)

    @property
    def id(self) -> str:
        return self.request.id

    def note(self, kind: type[Event]) -> Mapping[str, Any]:
        """What the newest event of a kind has beside it; nothing where there is none."""
        for event in reversed(self.history):
            if event.kind == kind.__name__:
                return dict(json.loads(event.note)) if event.note else {}
        return {}


def addressee(opened: Opened) -> Addressee:
    """Where what lies beside the answer, or comes before it, goes; a protected identity's sheets say nothing."""
    return Addressee(() if opened.request.protected else opened.asked.address)


@dataclass(frozen=True, slots=True)
class Desk:
    """A project, whose sources stay open once they were read, and its register. Every method may raise Refused."""

    loaded: Loaded
    store: Store
    rules: Rules = field(default_factory=Rules)

    def close(self) -> None:
        """Leave the register and the sources; whoever uses it again connects anew."""
        self.store.close()
        if self.loaded.kept:
            self.loaded.kept.close()

    def today(self) -> date:
        return self.loaded.today()

    def now(self) -> datetime:
        return self.loaded.around.now()

    def check_knows(self, *by: str | None) -> None:
        """Raises Refused (C223) where the policy wants staff to know its rules, and one of these has not confirmed it.

        A machine, and the person themselves, are not asked.
        """
        signs = [sign_of(each) for each in by if each and sign_of(each) not in NOBODY]
        if not self.rules.known or not signs:
            return
        with told():
            known = {sign_of(each.by) for each in self.store.approvals(RULES, self.rules.known)}
        if unknown := [each for each in signs if each not in known]:
            message = f"{unknown[0].upper()} has not confirmed to know the rules of version {self.rules.known}"
            hint = "read them, and confirm it: ombud request rules --confirm"
            raise Refused(Finding("C223", Place("--by"), message, hint))

    def cases(self, *, every: bool = False) -> tuple[Case, ...]:
        """The requests that are open, or all of them, by the day they came in."""
        with told():
            return self.store.requests(open_only=not every)

    def wipe(self) -> Wiped:
        """Let go of what was kept for a time that is over; how much that was."""
        with told():
            return self.store.wipe(self.today())

    def take(self, event: Received, identities: Sequence[Identity], asked: Asked, by: str) -> Opened:
        """Write down a request that came in; it is named then."""
        self.check_knows(by)
        with told():
            try:
                request = step(None, event, self.today(), self.rules)
            except NotAllowed as error:
                raise Refused(not_allowed(error)) from None
            case = self.store.add_request(request, identities, self.entry(event, by, note_of(asked)))
        return self.read(case.request.id)

    def read(self, id: str) -> Opened:
        """A request as it stands; its name may be written in any case, with O for 0."""
        id = read_name(id)
        with told():
            case = self.store.request(id)
            history = self.store.history(id)
        request = replay(Happened(each.day, event_of(each, id)) for each in history)
        return Opened(case, request, asked_in(history), history)

    def happen(self, opened: Opened, *events: Event, by: str, note: Mapping[str, Any] | None = None) -> Opened:
        """Let these happen today, all or none; `note` is kept sealed beside the first. `by`: a sign, or "ombud".

        Refused (C130) where a law or the tables forbid it now, (C131) where somebody else wrote in between, (C223)
        where `by` does not know the rules.
        """
        self.check_knows(by)
        request = self.check(opened, *events)
        written: list[Entry] = []
        for event in events:
            written.append(self.entry(event, by, json.dumps(note) if note and not written else ""))
        with told():
            self.store.append(request, written, expected=opened.case.entries)
        return self.read(opened.id)

    def check(self, opened: Opened, *events: Event) -> Request:
        """The request as it would be if these happened today. Refused (C130) where they may not."""
        request = opened.request
        for event in events:
            try:
                request = step(request, event, self.today(), self.rules)
            except NotAllowed as error:
                raise Refused(not_allowed(error)) from None
        return request

    def entry(self, event: Event, by: str, note: str = "") -> Entry:
        """An event as it is written down now."""
        return Entry(type(event).__name__, self.today(), self.now(), by, note, written_event(event))


def open_desk(loaded: Loaded) -> Desk:
    """The desk of a project. Raises Refused where its register cannot be used."""
    loaded.keys()  # whose refusals of a lost or another key are the same here
    around = loaded.around
    with told():
        key = secret(loaded.project.state, around.environ, around.random)
        store = open_register(around.environ.get(ADDRESS), loaded.project.state, key, around.random)
    kept = loaded if loaded.kept else replace(loaded, kept=KeptOpen())
    return Desk(kept, store, rules_of(loaded.policy))


@contextmanager
def told() -> Iterator[None]:
    """What the register raises, as Refused."""
    state = Place(STATE)
    try:
        yield
    except KeyTrouble as error:
        raise Refused(Finding("C025", state, str(error), error.hint)) from None
    except AnotherKey:
        hint = f"restore .ombud/key, or set {VARIABLE} as it was"
        raise Refused(Finding("C026", state, "the register was made with another key", hint)) from None
    except NotThere as error:
        raise Refused(Finding("C132", REQUEST, str(error), "see which there are: ombud request list")) from None
    except OneAndTheSame as error:
        raise Refused(Finding("C134", Place("--second"), str(error), error.hint)) from None
    except Conflict as error:
        raise Refused(Finding("C131", REQUEST, str(error), error.hint)) from None
    except RegisterTrouble as error:
        raise Refused(Finding("C133", state, str(error), error.hint)) from None
    except database_error() as error:
        known = trouble(error.__cause__ or error)
        raise Refused(Finding(known.code, state, f"the register of requests: {known.message}", known.hint)) from None


def event_of(entry: Entry, id: str) -> Event:
    """The event that an entry tells. Raises Refused where a later version wrote it."""
    try:
        event = read_event(entry.payload)
    except Unreadable as error:
        hint = "use the version of ombud that wrote it, or one after it"
        raise Refused(Finding("C133", REQUEST, f"the register of requests: {error}", hint)) from None
    return replace(event, id=id) if isinstance(event, Received) else event


def note_of(asked: Asked) -> str:
    """What was asked, as it is kept sealed beside the receipt."""
    return json.dumps({each.name: getattr(asked, each.name) for each in fields(asked)})


def asked_of(note: str) -> Asked:
    """What was asked; nothing once that is wiped."""
    said: dict[str, Any] = json.loads(note) if note else {"subjects": ()}
    many = {name: tuple(said.get(name, ())) for name in ("subjects", "settings", "address", "births")}
    return Asked(words=said.get("words", ""), way=said.get("way", ""), to=said.get("to", ""), **many)


def asked_in(history: Sequence[Entry]) -> Asked:
    """What was asked, and where letters go by what was said last."""
    asked = asked_of(history[0].note)
    said = next((each.note for each in reversed(history) if each.kind == Addressed.__name__), "")
    return replace(asked, address=tuple(json.loads(said)["address"])) if said else asked


def not_allowed(error: NotAllowed) -> Finding:
    """C130: why something may not happen now."""
    message = f"{error.event}: not while it is {error.state.replace('_', ' ')}: {error.reason}"
    return Finding("C130", REQUEST, message, hint_of(error.state))
