"""Recipients of a person's data, told what became of it: whom, once, and what came of that (Art. 19 GDPR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ombud.app.disclosed import disclosed, may_receive
from ombud.app.handed_over import sync
from ombud.app.naming import identifier_of
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.looking import Looked
from ombud.app.requests.marks import measures_of
from ombud.app.telling import Happened, announce
from ombud.documents.extract import Disclosed, Extract
from ombud.documents.passed_on import TO_NOBODY, Informed, PassedOn
from ombud.documents.words import title
from ombud.policy.model import OnErasure
from ombud.register.model import Notice, Why
from ombud.rights.events import Event, MustTell, RecipientNotTold, RecipientTold
from ombud.rights.model import RequestKind, Told
from ombud.rights.recipients import Cause, to_tell
from ombud.terms import Finding

CAUSES: Mapping[RequestKind, tuple[Cause, Why]] = {
    RequestKind.RECTIFY: (Cause.CORRECTED, Why.CORRECTED),
    RequestKind.ERASE: (Cause.ERASED, Why.ERASED),
    RequestKind.OBJECT: (Cause.ERASED, Why.ERASED),
    RequestKind.WITHDRAW: (Cause.ERASED, Why.ERASED),
    RequestKind.RESTRICT: (Cause.RESTRICTED, Why.RESTRICTED),
}
"""Of what recipients are told, by kind of request. An objection and a withdrawal erase what ends by them."""


def recipients_of(desk: Desk, opened: Opened, extract: Extract) -> tuple[tuple[Disclosed, ...], tuple[Finding, ...]]:
    """Everybody who has had data of this person, or may have, by name; and what could not be asked (R10)."""
    with told():
        return disclosed(desk.loaded, extract.records, digests_of(desk, opened), desk.store)


def with_recipients(desk: Desk, opened: Opened, looked: Looked) -> Looked:
    """What is found, with everybody who has had the person's data, or may have (Art. 15(1)(c))."""
    found, findings = recipients_of(desk, opened, looked.extract)
    extract = replace(looked.extract, recipients=found)
    return replace(looked, extract=extract, findings=(*looked.findings, *findings))


def digests_of(desk: Desk, opened: Opened) -> tuple[str, ...]:
    """The keyed hashes of the identifiers that the person named."""
    digest, _ = desk.loaded.keys()
    named = (identifier_of(desk.loaded, text) for text in opened.asked.subjects if "=" in text)
    return tuple(digest(*each) for each in named)


def recipients_of_each(
    desk: Desk, every: Sequence[tuple[Opened, Extract]]
) -> tuple[tuple[tuple[Disclosed, ...], tuple[Finding, ...]], ...]:
    """The same for several: only those are asked about one by one of whom something is written down."""
    digests = [digests_of(desk, opened) for opened, _ in every]
    with told():
        known = desk.store.disclosed_of({digest for own in digests for digest in own})
    maps = desk.loaded.datamap.sources.values()
    silent = not any(table.disclosed for mapped in maps for table in mapped.tables.values())
    return tuple(
        (tuple(may_receive(desk.loaded.policy, extract.records)), ())
        if silent and known.isdisjoint(own)
        else recipients_of(desk, opened, extract)
        for (opened, extract), own in zip(every, digests, strict=True)
    )


def owed(opened: Opened, found: Iterable[Disclosed], purposes: frozenset[str] | None) -> tuple[str, ...]:
    """Of these, whom a decision about these purposes obliges to tell; None: about all."""
    cause, _ = CAUSES[opened.request.kind]
    return tuple(notice.recipient for notice in to_tell(cause, tuple(found), purposes).notices)


def must_tell(desk: Desk, opened: Opened, extract: Extract, purposes: frozenset[str] | None) -> tuple[str, ...]:
    """The recipients that are known to have received what a decision is about. `purposes` None: of all purposes."""
    found, _ = recipients_of(desk, opened, extract)
    return owed(opened, found, purposes)


def ending(desk: Desk, opened: Opened) -> frozenset[str] | None:
    """The purposes that it is about: those that end; None: all of them."""
    decisions = measures_of(desk, opened).decisions
    if not decisions:
        return frozenset(opened.request.purposes) or None
    return frozenset(each.purpose for each in decisions if each.outcome is OnErasure.ENDS)


def write_down(desk: Desk) -> tuple[Finding, ...]:
    """Write down what the databases say was handed over, before the rows that say so go."""
    with told():
        return sync(desk.loaded, desk.store).findings


def tell(desk: Desk, opened: Opened, by: str) -> Opened:
    """Put a notice for each recipient into the outbox, once, and note what came of those that were sent."""
    if opened.request.kind not in CAUSES:
        return opened
    _, why = CAUSES[opened.request.kind]
    happened = Happened(
        opened.id, why, desk.today(), request=opened.id, purposes=ending(desk, opened), now=_right(desk, opened)
    )
    with told():
        notices = announce(
            desk.loaded, desk.store, happened, digests_of(desk, opened), language=opened.request.language
        )
    fresh = tuple(each.recipient for each in notices if each.recipient not in opened.request.tellings)
    if fresh:
        opened = _noted(desk, opened, [MustTell(fresh)], by)
    return hear(desk, opened, by)


def hear(desk: Desk, opened: Opened, by: str) -> Opened:
    """Note which recipients were told since, with the receipt, and which cannot be, with the reason.

    A letter that waits and says otherwise is put together anew.
    """
    if not waits_for_recipients(opened):
        return opened
    with told():
        notices = desk.store.notices_of(opened.id)
    return _noted(desk, opened, heard(opened, notices), by)


def waits_for_recipients(opened: Opened) -> bool:
    """Whether something is to be heard of a recipient."""
    return any(telling.told is Told.OPEN for telling in opened.request.tellings.values())


def heard(opened: Opened, notices: Iterable[Notice]) -> list[Event]:
    """What came of recipients that are being told, by these notices of the request."""
    settled = {each.recipient: each for each in notices if each.settled}
    events: list[Event] = []
    for recipient, telling in opened.request.tellings.items():
        notice = settled.get(recipient)
        if telling.told is not Told.OPEN or notice is None:
            continue
        if notice.sent_at is not None:
            events.append(RecipientTold(recipient, notice.receipt or "sent"))
        else:
            events.append(RecipientNotTold(recipient, Told.IMPOSSIBLE, notice.given_up))
    return events


def _noted(desk: Desk, opened: Opened, events: Sequence[Event], by: str) -> Opened:
    """With these written down, and no letter that says otherwise kept."""
    if not events:
        return opened
    with told(), desk.store.transaction():
        opened = desk.happen(opened, *events, by=by)
        desk.store.discard_answers(opened.id, desk.today())
    return opened


def passed_on(desk: Desk, opened: Opened) -> PassedOn:
    """What recipients of the person's data were told, by name: their own where it is written down (C-154/21)."""
    tellings = opened.request.tellings
    if not tellings:
        return TO_NOBODY
    names = _names(desk, opened)

    def those(told_: Told) -> tuple[str, ...]:
        return tuple(names[name] for name, telling in tellings.items() if telling.told is told_)

    informed = (Informed(names[n], each.day) for n, each in tellings.items() if each.told is Told.TOLD)
    return PassedOn(tuple(informed), those(Told.OPEN), those(Told.IMPOSSIBLE), those(Told.DISPROPORTIONATE))


def _names(desk: Desk, opened: Opened) -> Mapping[str, str]:
    """What each recipient is called: by its own names, and what the policy calls it."""
    recipients, language = desk.loaded.policy.recipients, opened.request.language
    with told():
        known = desk.store.disclosures_of(digests_of(desk, opened))
        beside = desk.store.particulars_of(each.id for each in known)
    own: dict[str, dict[str, None]] = {}
    for each in known:
        if each.id in beside and beside[each.id].name:
            own.setdefault(each.recipient, {})[beside[each.id].name] = None
    titles = {
        name: title(recipients[name].title, language, name) if name in recipients else name
        for name in opened.request.tellings
    }
    return {
        name: f"{', '.join(own[name])} ({called})" if name in own and called not in own[name] else called
        for name, called in titles.items()
    }


def _right(desk: Desk, opened: Opened) -> Mapping[str, str]:
    """What is right instead, by category of data."""
    if opened.request.kind is not RequestKind.RECTIFY:
        return {}
    with told():
        kept = desk.store.corrections(opened.id)
    found = {}
    for each in kept:
        for kind in desk.loaded.datamap.sources[each.source].tables[each.table].kinds:
            if each.cell in kind.cells and each.after is not None:
                found[kind.cells[each.cell].category] = each.after
    return found
