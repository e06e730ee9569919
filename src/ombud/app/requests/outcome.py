"""What came of a request, as its letter says it: from what was decided, what was marked, and what is held still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.fates import settled, told_of
from ombud.app.requests.looking import Looked
from ombud.app.requests.marks import NOTHING_HELD, measures_of
from ombud.app.requests.recipients import passed_on
from ombud.documents.disputed import Bundle, Dispute, DisputeOutcome, DisputeReceived
from ombud.documents.extract import Datum, Hold, Why
from ombud.documents.labels import labels
from ombud.documents.letters import (
    Became,
    Change,
    ErasureOutcome,
    Letter,
    ObjectionOutcome,
    RectificationOutcome,
    Refusal,
    RestrictionSet,
    Use,
    WithdrawalOutcome,
)
from ombud.documents.masked import shown
from ombud.documents.passed_on import RecipientsOutcome
from ombud.documents.stated import Stated
from ombud.documents.whole import missing
from ombud.policy.model import OnErasure
from ombud.policy.model import Use as Uses
from ombud.register.model import Correction
from ombud.rights.decisions import Decision
from ombud.rights.events import Concluded, Decided, Event
from ombud.rights.events import Refused as RefusedEvent
from ombud.rights.grounds import BY_OBJECTION, Keeps
from ombud.rights.model import Part, RequestKind, Restriction, State, Verdict
from ombud.rights.written import read
from ombud.terms import Act

HOLDERS = frozenset({Why.HELD, Why.RESTRICTED, Why.ANYBODY})
"""What keeps a datum although the purpose that held it has ended."""

STOPS = frozenset({Why.OBJECTED, Why.RESTRICTED})
"""What keeps a datum and lets nobody use it: another request brought it, and this one's letter is not about it."""

Held = Mapping[tuple[str, str], tuple[Hold, ...]]
"""By company and purpose: the claims that hold something of the person now."""


def outcome(desk: Desk, opened: Opened, looked: Looked | None, files: Iterable[str] = ()) -> Letter | None:
    """The letter that answers a request; None for an extract, which is a letter of its own.

    `looked` is what is held now, where the kind of request needs it; `files` what is enclosed, by name.
    """
    request = opened.request
    said = opened.id, request.received
    unread = tuple(source for source, part in request.parts.items() if part is not Part.DONE)
    lifts = (
        request.restriction is Restriction.STANDS and request.kind is not RequestKind.RESTRICT
    )  # as `deliver` has it
    if request.state is State.REFUSED:
        refused = _refused(opened)
        return Refusal(opened.id, request.kind, request.received, refused.why, refused.reason, lifts)
    match request.kind:
        case RequestKind.ACCESS | RequestKind.PORT:
            return None
        case RequestKind.RECTIFY:
            changes = tuple(_changes(desk, opened))
            return RectificationOutcome(*said, changes, passed_on(desk, opened), unread, lifts=lifts)
        case RequestKind.RESTRICT:
            return _restricted(desk, opened)
        case RequestKind.ERASE:
            fates = opened.note(Decided).get("fates", ())
            stated = Stated(desk.loaded.policy, request.language)
            now = told_of(settled(fates, looked.extract) if looked else fates, stated)
            known, silenced = passed_on(desk, opened), _silenced(desk, opened)
            return ErasureOutcome(*said, now.gone, now.stays, now.uses, now.doubt, known, unread, silenced)
        case RequestKind.OBJECT:
            return ObjectionOutcome(*said, uses(desk, opened, looked), passed_on(desk, opened), unread, lifts)
        case RequestKind.WITHDRAW:
            return WithdrawalOutcome(*said, uses(desk, opened, looked), passed_on(desk, opened), unread)
        case RequestKind.COMPLAIN | RequestKind.CLAIM:
            return _dispute(desk, opened, looked, tuple(files))


# --- what was said no to ------------------------------------------------------------------------------------------


def uses(desk: Desk, opened: Opened, looked: Looked | None) -> tuple[Use, ...]:
    """What became of each purpose that the request is about; companies in which it fared alike stand together."""
    policy, held = desk.loaded.policy, _held(looked)
    alike: dict[Use, list[str]] = {}
    for decision in measures_of(desk, opened).decisions:
        own = (*held.get((decision.company, decision.purpose), ()), *held.get(("", decision.purpose), ()))
        for use in _fared(desk, opened, decision, own):
            alike.setdefault(use, []).append(decision.company)
    found = []
    for use, companies in alike.items():
        having = {company for company, own in policy.purposes.items() if use.purpose in own}
        found.append(replace(use, companies=tuple(companies), every=having <= set(companies)))
    return tuple(found)


def _fared(desk: Desk, opened: Opened, decision: Decision, holds: tuple[Hold, ...]) -> Iterator[Use]:
    """One purpose in one company: what became of it, and what holds its data still."""
    purpose = decision.purpose
    if decision.outcome is OnErasure.STAYS:
        if decision.keeps is Keeps.NOT_COVERED:
            if goes_on := tuple(hold for hold in holds if hold.why not in STOPS):
                yield Use((), purpose, Became.UNTOUCHED, holds=goes_on)
        elif decision.reason != NOTHING_HELD:
            yield Use((), purpose, Became.OVERRIDDEN, reasons=decision.reason)
        return
    withdrawn = opened.request.kind is RequestKind.WITHDRAW
    keeps = tuple(hold for hold in holds if hold.why in HOLDERS)
    goes_on = tuple(hold for hold in holds if hold.why not in HOLDERS | STOPS) if withdrawn else ()
    until = None if withdrawn or len(keeps) == len(holds) else _until(desk, opened, decision)
    at_once = withdrawn or not decision.reason
    yield Use((), purpose, Became.STOPPED if at_once else Became.ENDED, reasons=decision.reason, until=until)
    if keeps:
        yield Use((), purpose, Became.KEPT, holds=keeps)
    if goes_on:  # the purpose has another basis beside the consent
        yield Use((), purpose, Became.UNTOUCHED, holds=goes_on)


def _until(desk: Desk, opened: Opened, decision: Decision) -> date | None:
    """The last day on which an objection to direct marketing restricts and does not delete (spec/claims.md §3)."""
    days = [
        mark.day
        for mark in desk.loaded.marks()
        if mark.request == opened.id
        and mark.act is Act.OBJECTED
        and mark.purpose in (None, decision.purpose)
        and mark.company in (None, decision.company)
    ]
    return max(days) + timedelta(days=desk.loaded.policy.undo) if days else None


def _held(looked: Looked | None) -> Held:
    found: dict[tuple[str, str], dict[Hold, None]] = {}
    for record in looked.extract.records if looked else ():
        for datum in record.data:
            for hold in datum.holds:
                found.setdefault((record.company, hold.purpose), {})[hold] = None
    return {key: tuple(holds) for key, holds in found.items()}


# --- the others ---------------------------------------------------------------------------------------------------


def _restricted(desk: Desk, opened: Opened) -> RestrictionSet:
    marks = [mark for mark in measures_of(desk, opened).fixed if mark.act is Act.RESTRICTED]
    ground = marks[0].ground if marks else ""
    allowed = tuple(sorted({use for mark in marks for use in mark.allows}))
    known = passed_on(desk, opened)
    return RestrictionSet(opened.id, desk.today(), ground, opened.request.purposes, allowed, known)


def _dispute(desk: Desk, opened: Opened, looked: Looked | None, files: tuple[str, ...]) -> Letter | None:
    """Nothing is said of a bundle before there is one. What came of it is said at once, where it is decided by then."""
    if looked is None:
        return None
    request, extract = opened.request, looked.masked
    hidden = sum(len(shown(datum).left_out) for record in extract.records for datum in record.data)
    lacks = missing(extract, Stated(desk.loaded.policy, request.language))
    bundle = Bundle(extract.day, files, len(extract.records), len(extract.read), hidden, lacks)
    if request.verdict is not None:
        return replace(_concluded(desk, opened, request.verdict), bundle=bundle)
    kind, by, review = Dispute(request.kind), _actor(opened, Decided), _review(desk, opened)
    return DisputeReceived(opened.id, kind, request.received, bundle, by, review)


def _concluded(desk: Desk, opened: Opened, verdict: Verdict) -> DisputeOutcome:
    said, request = opened.note(Concluded), opened.request
    by, review = _actor(opened, Concluded), _review(desk, opened)
    reasons, measures = said.get("reasons", ""), said.get("measures", "")
    kind = Dispute(request.kind)
    return DisputeOutcome(opened.id, kind, request.received, verdict, reasons, measures, by, review=review)


def _review(desk: Desk, opened: Opened) -> date | None:
    """The day by which it is seen whether a hold is needed still."""
    reviews = [mark.review for mark in measures_of(desk, opened).fixed if mark.act is Act.HELD and mark.review]
    return min(reviews, default=None)


def _actor(opened: Opened, kind: type[Event]) -> str:
    return next((each.actor for each in reversed(opened.history) if each.kind == kind.__name__), "")


def following(desk: Desk, opened: Opened) -> Letter:
    """The letter that follows the answer: what it left open, now that it is known (spec/requests.md §2)."""
    request = opened.request
    if request.verdict is not None and request.verdict_told is None:
        return _concluded(desk, opened, request.verdict)
    assert request.promised, "a letter follows where the answer left something open"
    return RecipientsOutcome(opened.id, request.received, passed_on(desk, opened))


def _silenced(desk: Desk, opened: Opened) -> bool:
    """Whether an objection to direct marketing was set with an erasure of which it is not the ground."""
    policy = desk.loaded.policy
    return any(
        each.outcome is OnErasure.ENDS
        and each.ground not in BY_OBJECTION
        and Uses.DIRECT_MARKETING in policy.purposes[each.company][each.purpose].uses
        and any(mark.act is Act.OBJECTED for mark in each.if_ends)
        for each in measures_of(desk, opened).decisions
    )


def _refused(opened: Opened) -> RefusedEvent:
    found = next(read(each.payload) for each in reversed(opened.history) if each.kind == RefusedEvent.__name__)
    assert isinstance(found, RefusedEvent)
    return found


def _changes(desk: Desk, opened: Opened) -> Iterator[Change]:
    with told():
        kept = desk.store.corrections(opened.id)
    stated, rows = Stated(desk.loaded.policy, opened.request.language), dict[tuple[str, str, str], list[Correction]]()
    for each in kept:
        rows.setdefault((each.source, each.table, each.key or ""), []).append(each)
    for (source, name, _), row in rows.items():
        mapped = desk.loaded.datamap.sources.get(source)
        table = mapped.tables.get(name) if mapped else None
        cells = {name: cell for kind in table.kinds for name, cell in kind.cells.items()} if table else {}
        data = [Datum(e.cell, None, cells[e.cell].category if e.cell in cells else "") for e in row]
        for what, each in zip(labels(data, table.titles if table else {}, stated), row, strict=True):
            yield Change(opened.request.company or "", what, each.before or "", each.after)
