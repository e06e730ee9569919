"""The letters of a request's life in words: one shell, a body for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ombud.documents.articles import Side
from ombud.documents.body import Addressee, Block, Body, Facts, Heading, Items, Paragraph
from ombud.documents.disputed import DisputeOutcome, DisputeReceived
from ombud.documents.disputes import concluded, dispute
from ombud.documents.erasure import erasure
from ombud.documents.letters import (
    Acknowledgement,
    ErasureOutcome,
    Extension,
    Forwarding,
    Letter,
    ObjectionOutcome,
    ProofQuestion,
    RectificationOutcome,
    Refusal,
    RestrictionLifting,
    RestrictionSet,
    TransferOutcome,
    WithdrawalOutcome,
)
from ombud.documents.outcomes import objection, rectification, withdrawal
from ombud.documents.passed_on import RecipientsOutcome
from ombud.documents.sender import contact, sender
from ombud.documents.stated import Stated
from ombud.documents.words import day_in_words
from ombud.documents.writer import Writer
from ombud.policy.model import Policy


def compose(
    letter: Letter, policy: Policy, to: Addressee, language: str, day: date, *, company: str | None = None
) -> Body:
    """A letter in words; `render` sets it. `company` is the one that writes, else who answers for the policy."""
    writer = _Composer(Stated(policy, language))
    who = sender(writer.stated, company)
    title, lead, blocks = writer.told(letter, who.name)
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


def unspoken(policy: Policy, to: Addressee, language: str, day: date, *, company: str | None = None) -> Body:
    """That there is a message, and not what it is about: what may be sent to a protected identity."""
    stated = Stated(policy, language)
    who = sender(stated, company)
    title = stated.say("mail.neutral.subject", who=who.name)
    return Body(
        language=language,
        title=title,
        subject=title,
        sender=(who.name,),  # an address may already say what it is about
        to=to,
        day=day,
        case=((stated.say("date"), day_in_words(day, language)),),
        lead="",
        blocks=(Paragraph(stated.say("mail.neutral")),),
        closing=(stated.say("regards"), who.name),
        footer=who.footer,
    )


Told = tuple[str, str, Iterator[Block]]
"""A title, what comes first, and the rest."""


@dataclass(frozen=True, slots=True)
class _Composer(Writer):
    def told(self, letter: Letter, who: str) -> Told:
        """Each letter's own part; `who` writes."""
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
                return say("erasure.title"), say("erasure.lead"), erasure(self, letter)
            case RectificationOutcome():
                lead = say("rectification.own" if letter.own else "rectification.lead")
                return say("rectification.title"), lead, rectification(self, letter)
            case RestrictionSet():
                lead = say("restriction.lead", since=self.day(letter.since))
                return say("restriction.title"), lead, self.restriction(letter)
            case RestrictionLifting():
                return say("lifting.title"), say("lifting.lead", on=self.day(letter.on)), self.lifting(letter)
            case TransferOutcome(to=to):
                which = "" if letter.receipt else ".not"
                return (
                    say(f"transfer{which}.title"),
                    say(f"transfer{which}.lead", to=to, day=self.day(letter.day)),
                    self.transfer(letter),
                )
            case ObjectionOutcome():
                return say("objection.title"), say("objection.lead"), objection(self, letter)
            case WithdrawalOutcome():
                return say("withdrawal.title"), say("withdrawal.lead"), withdrawal(self, letter)
            case DisputeReceived(kind=kind):
                return say(f"dispute.title.{kind}"), say(f"dispute.lead.{kind}"), dispute(self, letter, who)
            case DisputeOutcome(kind=kind, verdict=verdict):
                lead = say(f"dispute.{kind}.{verdict}")
                return say(f"dispute.outcome.title.{kind}"), lead, concluded(self, letter, who)
            case RecipientsOutcome():
                return say("recipients.title"), say("recipients.lead"), self.recipients(letter)
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
        yield Items(tuple(map(self.stated.way, letter.ways)))
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
                (self.say("ground"), (self.because(Side.REFUSED, letter.ground),)),
                (self.say("reasons"), (letter.reasons,)),
            )
        )
        yield from self.lifted(lifts=letter.lifts)
        yield from self.complain("refusal.next")

    def restriction(self, letter: RestrictionSet) -> Iterator[Block]:
        purposes = tuple(self.stated.purpose_title("", purpose) for purpose in letter.purposes)
        allowed = tuple(map(self.stated.allowed, letter.allowed))
        yield Facts(
            (
                (self.say("ground"), (self.because(Side.LIMITS, letter.ground),)),
                (self.say("restriction.purposes"), purposes or (self.say("restriction.all"),)),
                (self.say("restriction.allowed"), allowed or (self.say("restriction.none"),)),
            )
        )
        yield Paragraph(self.say("restriction.before"))
        if letter.passed_on:
            yield from self.passed_on(letter.passed_on)
        yield from self.complain("complain")

    def lifting(self, letter: RestrictionLifting) -> Iterator[Block]:
        yield Facts(((self.say("day"), (self.day(letter.on),)), (self.say("reasons"), (letter.reasons,))))
        yield Paragraph(self.say("lifting.text"))
        yield from self.complain("complain")

    def transfer(self, letter: TransferOutcome) -> Iterator[Block]:
        if letter.receipt:
            yield Facts(((self.say("transfer.receipt"), (letter.receipt,)),))
            yield Paragraph(self.say("transfer.text"))
        else:
            yield Facts(((self.say("reasons"), (letter.reasons,)),))
            yield Paragraph(self.say("transfer.not.text"))
        yield from self.complain("complain")

    def recipients(self, letter: RecipientsOutcome) -> Iterator[Block]:
        yield from self.passed_on(letter.passed_on)
        yield from self.complain("complain")

    def forwarding(self, letter: Forwarding) -> Iterator[Block]:
        yield Facts(((self.say("forwarding.person"), letter.person),))
        yield Paragraph(self.say("forwarding.text"))
        yield Paragraph(self.say("forwarding.return"))
