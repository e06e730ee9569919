"""The short letters as e-mail: a subject and plain text, with the case's number and nothing of the person."""

from __future__ import annotations

from dataclasses import dataclass

from ombud.documents.letters import Acknowledgement, Extension, Letter, ProofQuestion, RestrictionLifting
from ombud.documents.sender import sender
from ombud.documents.stated import Stated
from ombud.documents.words import day_in_words
from ombud.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Mail:
    """A message: its subject, one line, and its text."""

    subject: str
    text: str


def mail(
    letter: Letter, policy: Policy, language: str, *, protected: bool = False, company: str | None = None
) -> Mail | None:
    """A letter as e-mail; None where it tells what has no place in one, and goes by post or in the portal.

    Neither name nor data stands in it, and not what was asked. For a protected identity nothing is told that a screen
    or a preview could give away: not even that there is a request.
    """
    stated = Stated(policy, language)
    say, who = stated.say, sender(stated, company)
    closing = ("", say("regards"), *who.lines)
    if not isinstance(letter, Acknowledgement | ProofQuestion | Extension | RestrictionLifting):
        return None
    if protected:
        closing = ("", say("regards"), who.name)  # an address may already say what it is about
        return Mail(
            say("mail.neutral.subject", who=who.name), text_of(say("mail.hello"), "", say("mail.neutral"), *closing)
        )
    match letter:
        case Acknowledgement(due=due):
            key = "acknowledgement"
            told = [say("acknowledgement.lead", due=day_in_words(due, language)), say("acknowledgement.text")]
        case ProofQuestion(ways=ways, pauses=pauses):
            key = "proof"
            told = [say("proof.lead"), f"{say('proof.ways')}:\n" + "\n".join(f"  - {stated.way(way)}" for way in ways)]
            told += [say("proof.pauses" if pauses else "proof.goes_on"), say("proof.no_copy")]
        case Extension(due=due, reasons=reasons):
            key = "extension"
            told = [say("extension.lead", due=day_in_words(due, language)), f"{say('reasons')}: {reasons}"]
            told += [say("extension.text")]
        case RestrictionLifting(on=on, reasons=reasons):
            key = "lifting"
            told = [say("lifting.lead", on=day_in_words(on, language)), f"{say('reasons')}: {reasons}"]
            told += [say("lifting.text")]
    parts = [part for each in (*told, say("mail.never")) for part in (each, "")]
    text = text_of(say("mail.hello"), "", *parts, say("mail.case", request=letter.request), *closing)
    return Mail(say(f"mail.{key}.subject", request=letter.request), text)


def code_mail(code: str, minutes: int, policy: Policy, language: str) -> Mail:
    """A code to an address that somebody gave: the same for everybody, since nobody has been looked up.

    It names the group and nothing else: neither what was asked for, nor that anything was.
    """
    stated = Stated(policy, language)
    say = stated.say
    parts = (say("code.lead"), "", f"    {code}", "", say("code.lasts", minutes=minutes), "", say("code.else"))
    return Mail(say("code.subject"), text_of(say("mail.hello"), "", *parts, "", say("regards"), sender(stated).name))


def text_of(*lines: str) -> str:
    """Lines as the text of a message."""
    return "\n".join((*lines, ""))
