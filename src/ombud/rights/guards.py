"""What a move needs beside its place in the table: each reason why not is said in words."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from ombud.rights.deadlines import first_month_ends
from ombud.rights.events import (
    Addressed,
    AskedForProof,
    Begun,
    CarriedOut,
    Closed,
    Collected,
    Concluded,
    Decided,
    Delivered,
    DeliveredInPart,
    Event,
    Extended,
    Failed,
    FellShort,
    Find,
    FlaggedProtected,
    Followed,
    Found,
    Identified,
    Lifted,
    MustTell,
    NoticeGiven,
    NotTransferred,
    Received,
    RecipientNotTold,
    RecipientTold,
    Refusal,
    Refused,
    Reminded,
    Reopened,
    Restricted,
    Returned,
    Reviewed,
    RowTakenBack,
    TransferAsked,
    Transferred,
    WithdrawnByPerson,
)
from ombud.rights.ladder import at_least
from ombud.rights.model import Part, Request, RequestKind, Restriction, State, Told
from ombud.rights.recipients import unsettled
from ombud.rights.rules import CHANGES, DISPUTES, Rules
from ombud.rights.signs import sign_of

TWO_APPROVE = frozenset({Refusal.EXCESSIVE, Refusal.MANIFESTLY_UNFOUNDED})
"""Art. 12(5): the burden is the controller's, and excess takes shown abuse (C-526/24). So two people look."""


def why_not(request: Request, event: Event, day: date, rules: Rules) -> str:
    """Why this event may not happen now, in words; empty where it may. Source: spec/requests.md §2."""
    if day < request.received:
        return f"it cannot have happened before the request came in on {request.received}"
    match event:
        case Identified(proof, sources):
            needed = rules.needs[request.kind]
            if not at_least(proof, needed):
                return f"{proof} proves too little: {request.kind} needs {needed} or more"
            return "" if sources else "no source is named in which to look"
        case Collected(source) | CarriedOut(source):
            return "" if source in request.parts else f"{source} is no part of it"
        case Failed(source, why):
            return _needs(why, "why") if source in request.parts else f"{source} is no part of it"
        case Found(what):
            return _found(request, what)
        case Reviewed(by) | Decided(by):
            return _needs(by, "by whom")
        case Refused():
            return _refused(request, event)
        case WithdrawnByPerson():
            begun = request.state is State.CARRYING_OUT and request.kind in CHANGES
            return "it is being carried out" if begun else _done_already(request)
        case DeliveredInPart(how):
            done = any(part is Part.DONE for part in request.parts.values())
            return _needs(how, "how") if done else "no part of it is done yet"
        case Delivered(how):
            return "; ".join(open_transfers(request)) or _needs(how, "how")
        case NoticeGiven(how):
            return _needs(how, "how")
        case Followed(how):
            return _needs(how, "how") if owes_letter(request) else "the answer left nothing open that is known by now"
        case Concluded(by=by):
            return _concluded(request) or _needs(by, "by whom")
        case Returned(why):
            return _needs(why, "why")
        case RecipientTold(recipient, receipt):
            return _needs(receipt, "the receipt") if recipient in request.tellings else _not_owed(recipient)
        case RecipientNotTold(recipient, why, reason):
            if recipient not in request.tellings:
                return _not_owed(recipient)
            if why not in (Told.IMPOSSIBLE, Told.DISPROPORTIONATE):
                return "only what is impossible or disproportionate may be left untold (Art. 19)"
            return _needs(reason, "the reason")
        case TransferAsked(to):
            return _only_portable(request) or _needs(to, "to whom")
        case Transferred(to, receipt):
            return _needs(receipt, "the receipt") if to in request.transfers else f"{to} was to get nothing"
        case NotTransferred(to, reason):
            return _only_portable(request) or _needs(to, "to whom") or _needs(reason, "the reason")
        case Lifted():
            return _lifted(request, day)
        case Extended(reason):
            return _extended(request, reason, day, rules)
        case Closed():
            return "; ".join(in_the_way(request))
        case Received() | AskedForProof() | FellShort() | FlaggedProtected() | MustTell() | Restricted() | Reopened():
            return ""
        case Addressed() | Reminded() | RowTakenBack() | Begun():
            return ""
        case _:
            assert_never(event)


def in_the_way(request: Request) -> tuple[str, ...]:
    """What a request that was answered may not be closed over: each in words, nothing where it may be closed."""
    found = [*unsettled(request.tellings.values()), *open_transfers(request)]
    if request.state is State.REFUSED and request.answered is None:
        found.append("the refusal has not been told, with the ways to complain and to a court (Art. 12(4))")
    if request.state is State.DELIVERED and request.kind in DISPUTES and request.verdict is None:
        found.append("what comes of it has not been decided: ombud request conclude")
    if owes_letter(request):
        found.append("the person has not been told what the answer left open: ombud request deliver")
    lasts = request.kind is RequestKind.RESTRICT and request.state is State.DELIVERED
    if request.restriction in (Restriction.STANDS, Restriction.NOTICED) and not lasts:
        noticed = request.noticed if request.restriction is Restriction.NOTICED else None
        when = f": ombud request work lifts it after {noticed.isoformat()}, the day of notice" if noticed else ""
        found.append(f"the restriction that it brought is not lifted (Art. 18(3)){when}")
    return tuple(found)


def open_transfers(request: Request) -> tuple[str, ...]:
    """The controllers to which the data is on its way: each in words, nothing where none is."""
    waiting = (each.recipient for each in request.transfers.values() if each.told is Told.OPEN)
    return tuple(f"{to} has neither taken the data over nor refused it (Art. 20(2))" for to in sorted(waiting))


def _only_portable(request: Request) -> str:
    return "" if request.kind is RequestKind.PORT else "only what is to be taken along is handed over (Art. 20(2))"


def owes_letter(request: Request) -> bool:
    """Whether a second letter is due: what the answer left open is known, and the person has not been told."""
    if request.state is not State.DELIVERED:
        return False
    known = all(request.tellings[each].told is not Told.OPEN for each in request.promised)
    return (bool(request.promised) and known) or (request.verdict is not None and request.verdict_told is None)


def _concluded(request: Request) -> str:
    if request.kind not in DISPUTES:
        return "only a complaint or a claim is concluded; this is decided by approving or refusing it"
    return "the person has been told what came of it" if request.verdict_told is not None else ""


def _needs(text: str, what: str) -> str:
    return "" if text.strip() else f"it must say {what}"


def _not_owed(recipient: str) -> str:
    return f"{recipient} is not among the recipients that must be told"


def _found(request: Request, what: Find) -> str:
    pending = sorted(source for source, part in request.parts.items() if part is Part.PENDING)
    if pending:
        return f"not looked at yet: {', '.join(pending)}"
    if all(part is Part.UNREAD for part in request.parts.values()):
        return "no source could be read"
    if request.protected and what is not Find.TO_REVIEW:
        return "the identity is protected: a handler must look"
    return ""


def _done_already(request: Request) -> str:
    done = sorted(source for source, part in request.parts.items() if part is Part.DONE)
    if done and request.kind in CHANGES:
        return f"it is carried out already in {', '.join(done)}"
    return ""


def _refused(request: Request, event: Refused) -> str:
    approvers = {sign_of(by) for by in event.by if by.strip()}
    if not event.reason.strip():
        return "a refusal must say the reason (Art. 12(4))"
    if len(approvers) < (2 if event.why in TWO_APPROVE else 1):
        return f"{event.why} takes two people's approval" if event.why in TWO_APPROVE else "it must say by whom"
    if event.why is Refusal.UNIDENTIFIED and request.state not in (State.RECEIVED, State.IDENTITY):
        return "it is known who asks"
    if request.answered_in_part is not None:
        return "a part of it is answered already: decide the rest in part"
    return _done_already(request)


def _lifted(request: Request, day: date) -> str:
    if request.restriction is Restriction.NONE:
        return "it brought no restriction"
    if request.restriction is not Restriction.NOTICED or request.noticed is None:
        return "the person has not been told that it is to be lifted (Art. 18(3))"
    return "" if day > request.noticed else "the person must be told before it is lifted, not on the same day"


def _extended(request: Request, reason: str, day: date, rules: Rules) -> str:
    if request.extended_on is not None:
        return "it is extended already"
    ends = first_month_ends(request, day, rules.prompt)
    if day > ends:
        return f"an extension is told inside the first month, and that ended on {ends} (Art. 12(3))"
    return _needs(reason, "the reason")
