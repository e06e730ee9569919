"""A protected identity: what stops, what is hidden, who may, as one table (spec/identity.md §4).

A leaked address can kill. A flag comes from a source, from the population register, or from the person's own word,
and doubt is a flag too. That no flag stands never says that somebody is safe: people with changed identities carry
none, so the rules about linking hold for everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ombud.rights.population import Entry, NotFound


class Ground(StrEnum):
    """What a flag rests on. `DOUBT`: where it would stand could not be read."""

    SOURCE = "source"
    REGISTER = "register"
    OWN_WORD = "own_word"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """One flag. `where` names the source, the register or the request, and never a person."""

    ground: Ground
    where: str


def flags_of(entry: Entry | NotFound | None, where: str = "population register") -> tuple[Flag, ...]:
    """What the register's answer says; None: it gave none, and that is doubt. Not to be in it says nothing."""
    match entry:
        case None:
            return (Flag(Ground.DOUBT, where),)
        case NotFound():
            return ()
        case Entry():
            return (Flag(Ground.REGISTER, where),) if entry.protected else ()


class Deed(StrEnum):
    """What is done with a person's data, or about them."""

    DECIDE = "decide"
    CARRY_OUT = "carry_out"
    DELIVER = "deliver"
    TELL_RECIPIENTS = "tell_recipients"
    SHOW_ADDRESS = "show_address"
    SHOW_CASE = "show_case"
    SEND_EMAIL = "send_email"
    SEND_LETTER = "send_letter"
    STOP_USE = "stop_use"
    HOLD = "hold"
    MATCH_IDENTIFIER = "match_identifier"
    MATCH_FORMER_CONTACT = "match_former_contact"
    MATCH_FORMER_NUMBER = "match_former_number"
    MATCH_LIKENESS = "match_likeness"
    LOOK_UP_REGISTER = "look_up_register"


class Rule(StrEnum):
    """How it may be done: by anything; by a named handler; in neutral words; through the tax agency's forwarding;
    asked of somebody who decides; or not at all.
    """

    FREE = "free"
    HANDLER = "handler"
    NEUTRAL = "neutral"
    FORWARDED = "forwarded"
    ASKED = "asked"
    NEVER = "never"


UNFLAGGED: Mapping[Deed, Rule] = dict.fromkeys(Deed, Rule.FREE) | {
    Deed.MATCH_FORMER_NUMBER: Rule.NEVER,
    Deed.MATCH_LIKENESS: Rule.ASKED,
}
"""Of whom no flag is known: the new identity of somebody who has had to change it is tied to no old one either."""

FLAGGED: Mapping[Deed, Rule] = {
    Deed.DECIDE: Rule.HANDLER,
    Deed.CARRY_OUT: Rule.HANDLER,
    Deed.DELIVER: Rule.HANDLER,
    Deed.TELL_RECIPIENTS: Rule.HANDLER,
    Deed.SHOW_ADDRESS: Rule.HANDLER,
    Deed.SHOW_CASE: Rule.HANDLER,
    Deed.SEND_EMAIL: Rule.NEUTRAL,
    Deed.SEND_LETTER: Rule.FORWARDED,
    Deed.STOP_USE: Rule.FREE,
    Deed.HOLD: Rule.FREE,
    Deed.MATCH_IDENTIFIER: Rule.FREE,
    Deed.MATCH_FORMER_CONTACT: Rule.NEVER,
    Deed.MATCH_FORMER_NUMBER: Rule.NEVER,
    Deed.MATCH_LIKENESS: Rule.NEVER,
    Deed.LOOK_UP_REGISTER: Rule.HANDLER,
}
"""Of whom a flag stands. What only protects (a use that stops, a hold) waits for nobody."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Whether flags stand about one person, and who handles them by name (ids of handlers)."""

    flags: tuple[Flag, ...] = ()
    handlers: frozenset[str] = frozenset()

    @property
    def stands(self) -> bool:
        """Whether any flag stands."""
        return bool(self.flags)

    def rule(self, deed: Deed) -> Rule:
        """How a deed may be done."""
        return (FLAGGED if self.stands else UNFLAGGED)[deed]

    def may(self, deed: Deed, by: str | None) -> bool:
        """Whether `by` (a handler's id; None: a machine) may do it, in the words or by the way that the rule says."""
        match self.rule(deed):
            case Rule.FREE | Rule.NEUTRAL:
                return True
            case Rule.HANDLER | Rule.FORWARDED:
                return by is not None and by in self.handlers
            case Rule.ASKED:
                return by is not None
            case Rule.NEVER:
                return False


def together(*each: Iterable[Flag]) -> tuple[Flag, ...]:
    """Flags from everywhere, once each. None takes another away: what the register denies, a source may still say."""
    return tuple(sorted({flag for flags in each for flag in flags}))


HIDDEN = "•••"
"""What stands in an address's place."""


def shown(address: tuple[str, ...], protection: Protection, by: str | None) -> tuple[str, ...]:
    """The lines of an address, or what stands in their place: one line, however many there are."""
    return address if protection.may(Deed.SHOW_ADDRESS, by) else (HIDDEN,)


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a body that say nothing of the person, the matter or the sender's business with them."""

    subject: str
    body: str


NEUTRAL: Mapping[str, Words] = {
    "sv": Words("Meddelande", "Det finns ett meddelande till dig. Logga in, eller vänta på brevet, för att läsa det."),
    "en": Words("Message", "There is a message for you. Sign in, or wait for the letter, to read it."),
}
"""What an e-mail says, since it shows in previews and on locked screens."""


def email(protection: Protection, words: Words, language: str) -> Words:
    """What may be sent: the words, or in their place the neutral ones, in a language that there is (else Swedish)."""
    if protection.rule(Deed.SEND_EMAIL) is Rule.FREE:
        return words
    return NEUTRAL.get(language, NEUTRAL["sv"])
