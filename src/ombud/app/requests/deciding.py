"""What only a person decides: what is theirs, what is others', what ends and what stays, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ombud.app.ambiguous import is_a_persons
from ombud.app.loaded import Refused
from ombud.app.naming import row_of
from ombud.app.requests import rectifying
from ombud.app.requests.approving import Said, second_lacks
from ombud.app.requests.called import called, named_rows
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.fates import said_of
from ombud.app.requests.flagging import check_flags
from ombud.app.requests.guarding import allow, flag_others, may_name, not_named, protection_of
from ombud.app.requests.identifying import check_proven
from ombud.app.requests.looking import Looked, check_untied, look, review_said
from ombud.app.requests.marks import NOTHING_HELD, measures_of
from ombud.app.requests.recipients import CAUSES, must_tell
from ombud.app.requests.same_rows import births_of
from ombud.app.requests.waits import nothing_to_approve
from ombud.policy.model import OnErasure
from ombud.register.model import Protection
from ombud.rights.decisions import Decision, NotToBeChosen, choose, waiting
from ombud.rights.events import Concluded, Decided, FlaggedProtected, NoticeGiven, Refusal, Reviewed
from ombud.rights.events import Refused as RefusedEvent
from ombud.rights.grounds import Keeps
from ombud.rights.masking import At
from ombud.rights.matching import Decision as MatchDecision
from ombud.rights.matching import Matched, NotTheirs, RowRef, decided
from ombud.rights.model import RequestKind, State, Verdict
from ombud.rights.others import OutOfPlace
from ombud.rights.outcomes import fates
from ombud.rights.protected import Deed
from ombud.terms import Finding, Place

CHOOSE = Place("--choose")


@dataclass(frozen=True, slots=True)
class Choice:
    """A handler's: this purpose ends or stays, in one company or in all, for this reason."""

    purpose: str
    outcome: OnErasure
    reason: str
    company: str | None = None
    keeps: Keeps | None = None

    @property
    def said(self) -> Said:
        """By what one approval is told from another."""
        return self.company, self.purpose, self.outcome, self.reason


class NotChosen(Refused):
    """Purposes wait for a choice that nobody has made."""

    def __init__(self, waits: Sequence[Decision]) -> None:
        self.purposes = tuple(dict.fromkeys(each.purpose for each in waits))
        hint = "choose for each: --choose PURPOSE=ends:REASON, or =stays:REASON"
        super().__init__(Finding("C144", CHOOSE, f"not chosen yet: {', '.join(self.purposes)}", hint))


def proposals(looked: Looked) -> tuple[tuple[At, int], ...]:
    """Every proposal of what is others', in one order: what `review` calls number 1 is the first."""
    return tuple((cell, n) for cell, known in looked.review.cells.items() for n, _ in enumerate(known.proposals))


def review(desk: Desk, opened: Opened, by: str, *, stays: Collection[int] = (), rows: Sequence[str] = ()) -> Opened:
    """What was found has been looked at. `stays`: proposals, by number, that stay in the answer; others are left out.

    `rows` are SOURCE/TABLE/KEY that the reviewer has decided are the person; each must be a row of somebody.
    """
    allow(desk, opened, Deed.SHOW_CASE, by)
    looked = look(desk, opened)
    chosen = _decided(desk, opened, looked, rows, by)
    every = proposals(looked)
    if wrong := [n for n in stays if not 1 <= n <= len(every)]:
        message = f"there is no proposal {wrong[0]}: there are {len(every)}"
        raise Refused(Finding("C142", Place("--keep"), message, "see them: ombud request show"))
    found = looked.review
    try:
        for number, (cell, n) in enumerate(every, start=1):
            found = found.reject(cell, n, by) if number in stays else found.accept(cell, n, by)
    except OutOfPlace as error:
        raise Refused(Finding("C142", Place("--keep"), str(error), "see them: ombud request show")) from None
    note = {
        "masks": review_said(found),
        "rows": [*dict.fromkeys((*called(opened).taken, *chosen))],
        "births": [*opened.note(Reviewed).get("births", ()), *births_of(desk.loaded, chosen)],
        "left_out": [written(each.row) for each in looked.doubts if written(each.row) not in chosen],
    }
    return desk.happen(opened, Reviewed(by), by=by, note=note)


def written(row: RowRef) -> str:
    """A row as a reviewer names it."""
    return f"{row.source}/{row.table}/{row.key}"


def _decided(desk: Desk, opened: Opened, looked: Looked, rows: Sequence[str], by: str) -> tuple[str, ...]:
    """The rows that a reviewer takes in, as they are written everywhere; those not named are left out.

    Raises Refused (C142) for one that is not in question, or is nobody's own: then it is decided by whose it is.
    """
    named = [RowRef(*row_of(desk.loaded, text)) for text in rows]
    hint = "see them: ombud request show"
    already = frozenset(named_rows(opened))
    taken = [MatchDecision(row, True, by, desk.now(), GROUND) for row in named if written(row) not in already]
    try:
        decided(Matched(frozenset(), looked.doubts), taken, protected=False)
    except NotTheirs as error:
        raise Refused(Finding("C142", Place("--row"), str(error), hint)) from None
    if not all(is_a_persons(desk.loaded.datamap, row) for row in named):
        message = "a row that is nobody's own is theirs once its person is: name the person's row, or leave it out"
        raise Refused(Finding("C142", Place("--row"), message, hint))
    return tuple(map(written, named))


GROUND = "a reviewer looked at it"


def approve(desk: Desk, opened: Opened, by: str, choices: Sequence[Choice] = (), tell: Sequence[str] = ()) -> Opened:
    """It is to be done. Where the rules leave a choice, `choices` must make it. Raises Refused."""
    allow(desk, opened, Deed.DECIDE, by)
    if opened.request.state is not State.DECISION:
        raise Refused(nothing_to_approve(opened))
    check_proven(desk, opened)
    looked = cache(lambda: look(desk, opened))
    check_flags(desk, opened, looked().extract.about)
    check_untied(desk, opened)
    decisions = measures_of(desk, opened, anew=True).decisions
    _every_choice_meant(choices, decisions)
    choices = (*choices, *before(opened, choices))
    settled = settle(opened, decisions, choices, looked)
    if lacks := second_lacks(desk, opened, [each.said for each in choices], by):
        raise Refused(*lacks)
    obliged: tuple[str, ...] = ()
    if opened.request.kind in CAUSES:  # before anything of it is done (Art. 19)
        obliged = must_tell(desk, opened, looked().extract, about(opened, settled.decisions))
    decided = Decided(by, settled.in_part, tuple(dict.fromkeys((*obliged, *tell))))
    if opened.request.kind is not RequestKind.RECTIFY:
        return desk.happen(opened, decided, by=by, note=settled.note)
    kept = rectifying.found_now(desk, opened)
    with told(), desk.store.transaction():
        rectifying.keep(desk, opened, kept)
        return desk.happen(opened, decided, by=by, note=settled.note)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided of each purpose, whether that is not all that was asked for, and what is kept beside it."""

    decisions: tuple[Decision, ...]
    in_part: bool
    note: Mapping[str, Any] = field(repr=False)


def settle(
    opened: Opened, decisions: Sequence[Decision], choices: Sequence[Choice], looked: Callable[[], Looked]
) -> Settled:
    """The decisions with every choice made. Raises Refused (C144) where one is not."""
    after: list[Decision] = []
    chosen: list[dict[str, str]] = []
    for each in decisions:
        choice = _choice(choices, each)
        if choice is None and each.outcome is OnErasure.REVIEW and not is_held(each, looked()):
            choice = Choice(each.purpose, OnErasure.STAYS, NOTHING_HELD, each.company)
        if choice is not None:
            each = _chosen(each, choice)
            chosen.append(_said(each.company, choice))
        after.append(each)
    if open_ := waiting(after):
        raise NotChosen(open_)
    in_part = any(each.outcome is OnErasure.STAYS and each.reason != NOTHING_HELD for each in after)
    note: dict[str, Any] = {"chosen": chosen}
    if opened.request.kind is RequestKind.ERASE:
        earlier = opened.note(Decided).get("fates", [])  # of what was carried out before another source came back
        fresh = said_of(fates(looked().extract, after))
        note["fates"] = [*earlier, *(each for each in fresh if each not in earlier)]
    return Settled(tuple(after), in_part, note)


def about(opened: Opened, decisions: Sequence[Decision]) -> frozenset[str] | None:
    """The purposes of which recipients are told: those that end; None: all of them."""
    ends = frozenset(each.purpose for each in decisions if each.outcome is OnErasure.ENDS)
    return ends if decisions else frozenset(opened.request.purposes) or None


def held(looked: Looked) -> frozenset[tuple[str, str]]:
    """The companies and purposes for which something of the person is held. An unknown company may be any."""
    return frozenset(
        (record.company, hold.purpose)
        for record in looked.extract.records
        for datum in record.data
        for hold in datum.holds
    )


def is_held(decision: Decision, looked: Looked) -> bool:
    """Whether something of the person may stand on it: what was not read, and who only may be meant, is not known."""
    if looked.extract.unread or looked.extract.perhaps:
        return True
    known = held(looked)
    return (decision.company, decision.purpose) in known or ("", decision.purpose) in known


def before(opened: Opened, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """What was chosen at an earlier decision of this request, where nobody chooses otherwise now."""
    said = [each for each in opened.note(Decided).get("chosen", ()) if each["reason"] != NOTHING_HELD]
    return tuple(
        Choice(
            each["purpose"],
            OnErasure(each["outcome"]),
            each["reason"],
            each["company"],
            Keeps(each["keeps"]) if each.get("keeps") else None,
        )
        for each in said
        if not any(now.purpose == each["purpose"] and now.company in (None, each["company"]) for now in choices)
    )


def _choice(choices: Sequence[Choice], decision: Decision) -> Choice | None:
    """The handler's for this purpose: that of its company before that of all."""
    meant = [each for each in choices if each.purpose == decision.purpose]
    own = next((each for each in meant if each.company == decision.company), None)
    of_all = next((each for each in meant if each.company is None), None)
    return own or (of_all if decision.outcome is OnErasure.REVIEW else None)


def _chosen(decision: Decision, choice: Choice) -> Decision:
    try:
        return choose(decision, choice.outcome, choice.reason, choice.keeps)
    except NotToBeChosen as error:
        raise Refused(Finding("C143", CHOOSE, str(error), "see what waits: ombud request show")) from None


def _every_choice_meant(choices: Sequence[Choice], decisions: Sequence[Decision]) -> None:
    for each in choices:
        meant = [d for d in decisions if d.purpose == each.purpose and each.company in (None, d.company)]
        if not any(d.outcome is OnErasure.REVIEW for d in meant):
            what = "nobody has to choose about it" if meant else "this request is not about it"
            raise Refused(Finding("C143", CHOOSE, f"{each.purpose}: {what}", "see what waits: ombud request show"))


def _said(company: str, choice: Choice) -> dict[str, str]:
    said = {"company": company, "purpose": choice.purpose, "outcome": choice.outcome.value, "reason": choice.reason}
    return said | ({"keeps": choice.keeps.value} if choice.keeps else {})


def refuse(desk: Desk, opened: Opened, why: Refusal, reason: str, by: Sequence[str]) -> Opened:
    """Nothing is done. An excessive or unfounded request takes two people's approval (Art. 12(5))."""
    allow(desk, opened, Deed.DECIDE, by[0] if by else None)
    desk.check_knows(*by)
    return desk.happen(opened, RefusedEvent(why, reason, tuple(by)), by=by[0] if by else "")


def conclude(desk: Desk, opened: Opened, verdict: Verdict, reasons: str, measures: str, by: str) -> Opened:
    """What comes of a complaint or a claim, why, and what is done because of it; the letter says it.

    Raises Refused: C207 without a reason, unless the person took it back.
    """
    allow(desk, opened, Deed.DECIDE, by)
    if verdict is not Verdict.WITHDRAWN and not reasons.strip():
        message, hint = "the person is told why it was decided so", "--reason TEXT"
        raise Refused(Finding("C207", Place("--reason"), message, hint))
    with told(), desk.store.transaction():
        desk.store.discard_answers(opened.id, desk.today())  # what waits to be delivered does not say it
        return desk.happen(opened, Concluded(verdict, by), by=by, note={"reasons": reasons, "measures": measures})


def protect(desk: Desk, opened: Opened, why: str, seen_by: Sequence[str], by: str) -> Opened:
    """The person's identity is protected: from now on only these handlers see who it is, and nothing is automatic.

    Who is named says who else is; while nobody is, anybody may. To name nobody, as a flag in a source does, takes no
    name away. An answer that waits is put together anew: it may say an address; so is that of every other open request
    about the person.
    """
    if seen_by and not may_name(desk, opened, by):
        raise Refused(not_named(protection_of(desk, opened)))
    with told(), desk.store.transaction():
        before = desk.store.person(opened.case.person).protection
        named = tuple(seen_by) or (before.seen_by if before else ())
        desk.store.protect(opened.case.person, Protection(why, named))
        desk.store.discard_answers(opened.id, desk.today())
        flag_others(desk, [opened.case], by)
        return desk.happen(opened, FlaggedProtected(), by=by)


def give_notice(desk: Desk, opened: Opened, how: str, by: str) -> Opened:
    """The person was told that the restriction is to be lifted: it may be from the day after (Art. 18(3))."""
    allow(desk, opened, Deed.SEND_LETTER, by)
    return desk.happen(opened, NoticeGiven(how), by=by)
