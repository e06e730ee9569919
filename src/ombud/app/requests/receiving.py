"""A request comes in, and it becomes known who asks (spec/requests.md §1 and §3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from ombud.app.corrections import look
from ombud.app.known import Called
from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import SUBJECT, by_identifier, identifier_of, row_of
from ombud.app.requests.desk import NOBODY, Asked, Desk, Opened, told
from ombud.app.requests.guarding import allow, flag_others
from ombud.app.requests.identifying import judged, only_registered, rules_for, staff_is_missing
from ombud.app.requests.same_rows import births_of
from ombud.policy.tree import guess
from ombud.register.model import Identity, Protection, Proven
from ombud.rights.events import Event, Extended, FellShort, Identified, Received, WithdrawnByPerson
from ombud.rights.grounds import Contest, Ground
from ombud.rights.ladder import LADDER
from ombud.rights.model import Proof, RequestKind, State
from ombud.rights.protected import Deed
from ombud.terms import Finding, Place

GROUNDS: dict[RequestKind, tuple[str, ...]] = {
    RequestKind.ERASE: tuple(Ground),
    RequestKind.RESTRICT: tuple(Contest),
}
"""The grounds that a person may name, by kind of request."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as somebody enters it. `received` None: today."""

    kind: RequestKind
    asked: Asked = field(repr=False)
    received: date | None = None
    company: str | None = None
    purposes: tuple[str, ...] = ()
    language: str = "sv"
    ground: str = ""
    protected: bool = False


def receive(desk: Desk, incoming: Incoming, by: str) -> Opened:
    """Write it down. Raises Refused for what cannot be meant; nothing is written then."""
    loaded, asked = desk.loaded, incoming.asked
    check(loaded, incoming)
    digest, _ = loaded.keys()
    named = [identifier_of(loaded, text) for text in asked.subjects if "=" in text]
    identities = [Identity(kind, digest(kind, value), value) for kind, value in named]
    for text in asked.subjects:
        if "=" not in text:
            row_of(loaded, text)
    asked = replace(asked, births=births_of(loaded, asked.subjects))
    with told(), desk.store.transaction():
        known = desk.store.protection_of([each.digest for each in identities])
        if incoming.protected and known is None:  # who was told it is the first to be named, if it is one of the staff
            known = Protection("their own word", () if by in NOBODY else (by,))
        event = Received(
            "",
            incoming.kind,
            incoming.received or desk.today(),
            incoming.company,
            incoming.purposes,
            incoming.language,
            incoming.ground,
            known is not None,
        )
        opened = desk.take(event, identities, asked, by)
        if known is not None:
            desk.store.protect(opened.case.person, known)
            flag_others(desk, [opened.case], by)
    return opened


def ask_for_proof(desk: Desk, opened: Opened, by: str) -> Opened:
    """The person is asked who they are: the clock stands still until they answer, if that is needed and prompt."""
    allow(desk, opened, Deed.SHOW_CASE, by)
    return desk.happen(opened, judged(desk, opened).question, by=by)


@dataclass(frozen=True, slots=True)
class Shown:
    """What proved who asks: a rung of the ladder, how, and who of the staff vouches (two for a staff's word).

    `signed`: a letter in writing and with a signature, which by itself is no rung.
    """

    rung: Proof
    how: str
    by: str = ""
    second: str = ""
    reference: str = ""
    signed: bool = False


def identify(desk: Desk, opened: Opened, shown: Shown, by: str) -> Opened:
    """It is proven who asks, or the proof falls short of what this request needs.

    Once it is known who asks, a higher rung is only written down: where a protected identity came to light, or a
    signature was all there was.
    """
    if by not in NOBODY:
        allow(desk, opened, Deed.SHOW_CASE, by)
    found = judged(desk, opened, reached=shown.rung, signed=shown.signed)
    how = f"{SIGNED}: {shown.how}" if shown.signed and shown.how else SIGNED if shown.signed else shown.how
    proven = Proven(shown.rung, how, desk.now(), shown.by, shown.second, shown.reference)
    note: dict[str, bool] = {}
    if found.proven is not None:
        sources = tuple(desk.loaded.datamap.sources)
        rung = max(opened.request.proof, found.proven.rung, key=LADDER.index)
        event: Event = Identified(rung, sources)
        if found.proven.only_to_the_register:
            proven, note = replace(proven, rung=Proof.CONTACT_POINT), {"only_registered": True}
    else:  # who has not been asked yet is asked for more
        event = FellShort(shown.rung) if opened.request.state is State.IDENTITY else found.question
    higher = staff_is_missing(desk, opened) or only_registered(desk, opened)
    with told(), desk.store.transaction():
        if proven.rung is not Proof.NONE:
            desk.store.add_proof(opened.id, proven)
        if higher and not shown.signed:
            return opened
        return replace(desk, rules=rules_for(desk, opened, found)).happen(opened, event, by=by, note=note)


SIGNED = "a signed letter"


def extend(desk: Desk, opened: Opened, reason: str, by: str) -> Opened:
    """It takes up to two months more; the person is told the reason (Art. 12(3))."""
    allow(desk, opened, Deed.DECIDE, by)
    return desk.happen(opened, Extended(reason), by=by)


def drop(desk: Desk, opened: Opened, by: str) -> Opened:
    """The person wants it no more."""
    allow(desk, opened, Deed.DECIDE, by)
    return desk.happen(opened, WithdrawnByPerson(), by=by)


def check(loaded: Loaded, incoming: Incoming) -> None:
    """Raises Refused for what cannot be meant."""
    findings: list[Finding] = []
    kind, policy = incoming.kind, loaded.policy
    if not incoming.asked.subjects:
        findings.append(Finding("C061", SUBJECT, "this names nobody", by_identifier(loaded)))
    if any("\0" in text for text in incoming.asked.subjects):  # PostgreSQL takes no text with it, nor the question
        findings.append(Finding("C061", SUBJECT, "a NUL character stands in it: this names nobody", "write it anew"))
    if incoming.company is not None and incoming.company not in policy.companies:
        hint = guess(incoming.company, dict(policy.companies))
        findings.append(Finding("C071", Place("--company"), "there is no such company", hint))
    findings += _unknown_purposes(loaded, incoming.purposes)
    grounds = GROUNDS.get(kind, ())
    if incoming.ground and incoming.ground not in grounds:
        known = f"one of {', '.join(grounds)}" if grounds else f"{kind} takes no ground"
        findings.append(Finding("C135", Place("--ground"), "there is no such ground", known))
    if kind is RequestKind.RECTIFY and not incoming.asked.settings:
        hint = "say what is to stand there: --set crm/customer/17.phone=…; without `=` it is removed"
        findings.append(Finding("C136", Place("--set"), "a correction names what is wrong", hint))
    if kind is not RequestKind.RECTIFY and incoming.asked.settings:
        findings.append(Finding("C136", Place("--set"), f"{kind} corrects nothing", "ombud request rectify"))
    if kind in (RequestKind.COMPLAIN, RequestKind.CLAIM) and not incoming.asked.words.strip():
        findings.append(Finding("C136", Place("--words"), f"{kind} says what it is about", "--words '…'"))
    if kind is not RequestKind.PORT and incoming.asked.to:
        findings.append(Finding("C136", Place("--to"), f"{kind} hands nothing over", "ombud request port"))
    if incoming.received is not None and incoming.received > loaded.today():
        findings.append(Finding("C137", Place("--received"), "this day is still to come", "say when it came in"))
    if findings:
        raise Refused(*findings)
    if incoming.asked.settings:
        look(loaded, Called(incoming.asked.subjects), incoming.asked.settings)


def _unknown_purposes(loaded: Loaded, purposes: Iterable[str]) -> Iterable[Finding]:
    known = {purpose: None for own in loaded.policy.purposes.values() for purpose in own}
    for purpose in purposes:
        if purpose not in known:
            yield Finding("C071", Place("--purpose"), "there is no such purpose", guess(purpose, known))
