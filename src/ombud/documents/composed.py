"""The letters of a request's life in words: one shell, a body for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ombud.documents.body import Addressee, Block, Body, Facts, Heading, Items, Notice, Paragraph, Table, widths
from ombud.documents.letters import (
    Acknowledgement,
    Change,
    Erased,
    ErasureOutcome,
    Extension,
    Forwarding,
    Letter,
    Outcome,
    ProofQuestion,
    RecipientNotice,
    RectificationOutcome,
    Refusal,
    RestrictionLifting,
    RestrictionSet,
)
from ombud.documents.sender import authority, contact, sender
from ombud.documents.stated import Stated
from ombud.documents.words import day_in_words, listed
from ombud.policy.model import Policy


def compose(
    letter: Letter, policy: Policy, to: Addressee, language: str, day: date, *, company: str | None = None
) -> Body:
    """A letter in words; `render` sets it. `company` is the one that writes, else who answers for the policy."""
    writer = _Writer(Stated(policy, language))
    who = sender(writer.stated, company)
    title, lead, blocks = writer.told(letter)
    return Body(
        language=language,
        title=title,
        subject=title,
        sender=who.lines,
        to=to,
        day=day,
        case=((writer.say("date"), writer.day(day)), (writer.say("case"), letter.request)),
        lead=lead,
        blocks=tuple(blocks),
        closing=(writer.say("regards"), who.name),
        reference=f"{writer.say('case')} {letter.request}",
        footer=who.footer,
    )


Told = tuple[str, str, Iterator[Block]]
"""A title, what comes first, and the rest."""


@dataclass(frozen=True, slots=True)
class _Writer:
    stated: Stated

    def say(self, key: str, **values: object) -> str:
        return self.stated.say(key, **values)

    def day(self, day: date) -> str:
        return day_in_words(day, self.stated.language)

    def told(self, letter: Letter) -> Told:
        """Each letter's own part."""
        say = self.say
        match letter:
            case Acknowledgement():
                lead = say("acknowledgement.lead", due=self.day(letter.due))
                return say("acknowledgement.title"), lead, self.acknowledgement(letter)
            case ProofQuestion():
                return say("proof.title"), say("proof.lead"), self.proof(letter)
            case Extension():
                return say("extension.title"), say("extension.lead", due=self.day(letter.due)), self.extension(letter)
            case Refusal():
                return say("refusal.title"), say("refusal.lead"), self.refusal(letter)
            case ErasureOutcome():
                return say("erasure.title"), say("erasure.lead"), self.erasure(letter)
            case RectificationOutcome():
                lead = say("rectification.own" if letter.own else "rectification.lead")
                return say("rectification.title"), lead, self.rectification(letter)
            case RestrictionSet():
                lead = say("restriction.lead", since=self.day(letter.since))
                return say("restriction.title"), lead, self.restriction(letter)
            case RestrictionLifting():
                return say("lifting.title"), say("lifting.lead", on=self.day(letter.on)), self.lifting(letter)
            case RecipientNotice():
                return say(f"notice.title.{letter.act}"), say(f"notice.lead.{letter.act}"), self.notice(letter)
            case Forwarding():
                return say("forwarding.title"), say("forwarding.lead"), self.forwarding(letter)
            case _:
                assert_never(letter)

    def acknowledgement(self, letter: Acknowledgement) -> Iterator[Block]:
        rows = [*self.asked(letter.kind, letter.received), (self.say("due"), (self.day(letter.due),))]
        yield Facts(tuple(rows))
        if letter.at_latest is not None and letter.at_latest != letter.due:
            yield Paragraph(self.say("acknowledgement.eves", day=self.day(letter.at_latest)))
        yield Paragraph(self.say("acknowledgement.text"))
        yield from contact(self.stated)

    def proof(self, letter: ProofQuestion) -> Iterator[Block]:
        yield Facts(tuple(self.asked(letter.kind, letter.received)))
        yield Heading(self.say("proof.ways"))
        yield Items(letter.ways)
        by = f"{self.say('proof.by', day=self.day(letter.answer_by))} " if letter.answer_by else ""
        yield Paragraph(by + self.say("proof.pauses" if letter.pauses else "proof.goes_on"))
        yield Paragraph(self.say("proof.no_copy"))
        yield from contact(self.stated)

    def extension(self, letter: Extension) -> Iterator[Block]:
        yield Facts(
            (
                *self.asked(letter.kind, letter.received),
                (self.say("due"), (self.day(letter.due),)),
                (self.say("reasons"), (letter.reasons,)),
            )
        )
        yield Paragraph(self.say("extension.text"))
        yield from self.complain("complain")

    def refusal(self, letter: Refusal) -> Iterator[Block]:
        yield Facts(
            (
                *self.asked(letter.kind, letter.received),
                (self.say("ground"), (letter.ground,)),
                (self.say("reasons"), (letter.reasons,)),
            )
        )
        yield from self.complain("refusal.next")

    def erasure(self, letter: ErasureOutcome) -> Iterator[Block]:
        yield from self.unfinished(letter.unread)
        if not letter.items:
            yield Paragraph(self.say("erasure.nothing"))
        for outcome in Outcome:
            items = [item for item in letter.items if item.outcome is outcome]
            if items:
                yield Heading(self.say(f"erasure.{outcome}"))
                if outcome is Outcome.REVIEW:
                    yield Paragraph(self.say("erasure.review.text"))
                columns = [self.say("what"), self.say("purpose"), self.say("why")]
                columns += [self.say("until")] if outcome is Outcome.KEPT else []
                yield self.table(tuple(columns), tuple(self.erased(item) for item in items))
        yield from self.passed_on(letter.told)
        yield from self.complain("complain")

    def erased(self, item: Erased) -> tuple[str, ...]:
        purpose = self.stated.purpose_title(item.company, item.purpose)
        where = f"{purpose} ({self.stated.company(item.company)})"
        if item.outcome is not Outcome.KEPT:
            return item.what, where, item.ground
        why = "; ".join(part for part in (item.exception, *item.statutes) if part)
        return item.what, where, why, self.day(item.until) if item.until else self.say("keep.not_yet")

    def rectification(self, letter: RectificationOutcome) -> Iterator[Block]:
        yield from self.unfinished(letter.unread)
        made = [change for change in letter.changes if not change.why]
        refused = [change for change in letter.changes if change.why]
        if made:
            yield self.changes(made)
        if refused:
            yield Heading(self.say("rectification.refused"))
            columns = self.say("what"), self.say("before"), self.say("why")
            yield self.table(columns, tuple((self.changed(each), each.before, each.why) for each in refused))
        yield from self.passed_on(letter.told)
        yield from self.complain("complain")

    def changes(self, changes: list[Change] | tuple[Change, ...]) -> Table:
        columns = self.say("what"), self.say("before"), self.say("after")
        gone = self.say("removed")
        rows = ((self.changed(each), each.before, gone if each.after is None else each.after) for each in changes)
        return self.table(columns, tuple(rows))

    def changed(self, change: Change) -> str:
        return f"{change.what} ({self.stated.company(change.company)})" if change.company else change.what

    def restriction(self, letter: RestrictionSet) -> Iterator[Block]:
        purposes = [self.stated.purpose_title("", purpose) for purpose in letter.purposes]
        yield Facts(
            (
                (self.say("ground"), (letter.ground,)),
                (self.say("restriction.purposes"), tuple(purposes) or (self.say("restriction.all"),)),
                (self.say("restriction.allowed"), letter.allowed or (self.say("restriction.none"),)),
            )
        )
        yield Paragraph(self.say("restriction.before"))
        yield from self.complain("complain")

    def lifting(self, letter: RestrictionLifting) -> Iterator[Block]:
        yield Facts(((self.say("day"), (self.day(letter.on),)), (self.say("reasons"), (letter.reasons,))))
        yield Paragraph(self.say("lifting.text"))
        yield from self.complain("complain")

    def notice(self, letter: RecipientNotice) -> Iterator[Block]:
        rows = [(self.say("notice.person"), letter.person), (self.say("what"), letter.data)]
        if letter.agreement:
            rows.append((self.say("notice.agreement"), (letter.agreement,)))
        if letter.answer_by:
            rows.append((self.say("notice.answer"), (self.day(letter.answer_by),)))
        yield Facts(tuple(rows))
        if letter.changes:
            yield self.changes(letter.changes)
        yield Paragraph(self.say("notice.law"))
        yield Paragraph(self.say("notice.confirm"))
        yield from contact(self.stated)

    def forwarding(self, letter: Forwarding) -> Iterator[Block]:
        yield Facts(((self.say("forwarding.person"), letter.person),))
        yield Paragraph(self.say("forwarding.text"))
        yield Paragraph(self.say("forwarding.return"))

    # --- what several say -------------------------------------------------------------------------------------------

    def asked(self, kind: str, received: date) -> list[tuple[str, tuple[str, ...]]]:
        what = self.say(f"kind.{kind}")
        return [(self.say("request"), (what[:1].upper() + what[1:],)), (self.say("received"), (self.day(received),))]

    def unfinished(self, unread: tuple[str, ...]) -> Iterator[Block]:
        if unread:
            names = listed(self.stated.language, list(unread))
            yield Notice(self.say("incomplete.title"), (self.say("incomplete.done", unread=names),))

    def passed_on(self, told: tuple[str, ...]) -> Iterator[Block]:
        yield Heading(self.say("told"))
        if told:
            yield Paragraph(self.say("told.who", names=listed(self.stated.language, list(told))))
        yield Paragraph(self.say("told.ask"))

    def complain(self, heading: str) -> Iterator[Block]:
        """Where to complain, and to go to court (Art. 12(4))."""
        yield Heading(self.say(heading))
        yield Items((self.say("complain.authority", authority=authority(self.stated)), self.say("complain.court")))
        yield from contact(self.stated)

    def table(self, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
        return Table(columns, rows, widths(columns, rows))
