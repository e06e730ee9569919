"""Consent: recorded before first use with the text that was shown, and taken back with less (Art. 7 GDPR).

A consent is a mark. Which text it was, in which language, its hash and how it was given stand in the mark's
`text_version`; the instant is the register's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ombud.app.loaded import Loaded, Refused, named_here
from ombud.app.marking import Marked, Wish, mark
from ombud.policy.consents import ConsentText, Texts, on_consent, read_texts
from ombud.policy.model import BasisKind, Purpose
from ombud.policy.tree import guess
from ombud.terms import TRACK_OF, Act, Finding, Level, Mark, Place, Ref, Track


class How(StrEnum):
    """By which way a consent was given or taken back."""

    FORM = "form"
    PAPER = "paper"
    PHONE = "phone"
    EMAIL = "email"
    IN_PERSON = "in_person"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Giving:
    """A consent as it was given: for which purpose, by whom, and what they were shown. `day` None: today."""

    purpose: str
    subjects: tuple[str, ...]
    version: str
    language: str = "sv"
    how: How = How.FORM
    company: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """A consent as it was taken back: never asks for more than giving did."""

    purpose: str
    subjects: tuple[str, ...]
    how: How = How.FORM
    company: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a consent's mark says of the text: version, language, hash of its bytes (hexadecimal), how it was given."""

    version: str
    language: str
    sha256: str
    how: str

    def __str__(self) -> str:
        return f"{self.version}.{self.language} sha256:{self.sha256} {self.how}"


_SHOWN = re.compile(r"([0-9A-Za-z-]{1,20})\.([a-z]{2,3}) sha256:([0-9a-f]{64}) ([a-z_]{1,20})", re.ASCII)


def shown_in(mark: Mark) -> Shown | None:
    """What the person was shown; None for a consent that somebody marked without its text."""
    found = _SHOWN.fullmatch(mark.text_version)
    return Shown(*found.groups()) if found else None


def texts(loaded: Loaded) -> tuple[Texts, tuple[Finding, ...]]:
    """The policy's texts of consent, and what is wrong with them. Raises OSError."""
    found, findings = read_texts(loaded.project.policy, loaded.policy)
    folder = loaded.project.policy
    return found, tuple(named_here(loaded.project, finding, folder) for finding in findings)


def give(loaded: Loaded, giving: Giving, *, dry_run: bool = False) -> Marked:
    """Record a consent, and have every source acknowledge it: only then may it be used. Raises Refused.

    An objection of the same person to the same purpose is overridden with it: they have asked for it since.
    """
    text = _text(loaded, giving)
    _day(loaded, giving.day)
    shown = Shown(text.version, text.language, text.sha256, giving.how.value)
    wish = Wish(Act.CONSENTED, giving.subjects, giving.purpose, giving.company, giving.day, text_version=str(shown))
    would = mark(loaded, wish, dry_run=True)
    if dry_run:
        return would
    if _objects(loaded, would.mark, giving):
        ground = "consent given since"
        back = Wish(Act.OVERRIDDEN, giving.subjects, giving.purpose, giving.company, giving.day, ground)
        mark(loaded, back, dry_run=False)
    return mark(loaded, wish, dry_run=False)


def withdraw(loaded: Loaded, taking: Taking, *, dry_run: bool = False) -> Marked:
    """Take a consent back from a day on, and have every source acknowledge it. Raises Refused."""
    _rests_on_consent(loaded, taking.purpose, taking.company)
    _day(loaded, taking.day)
    wish = Wish(
        Act.WITHDRAWN, taking.subjects, taking.purpose, taking.company, taking.day, text_version=taking.how.value
    )
    return mark(loaded, wish, dry_run=dry_run)


def _objects(loaded: Loaded, made: Mark, giving: Giving) -> bool:
    """Whether the latest that reaches them on that day is an objection."""
    said = [
        each
        for each in loaded.marks()
        if TRACK_OF[each.act] is Track.OBJECTION
        and each.day <= made.day
        and each.purpose in (None, giving.purpose)
        and (each.company is None or giving.company in (None, each.company))
        and each.refs & made.refs
    ]
    return bool(said) and max(said, key=lambda each: (each.day, each.seq)).act is Act.OBJECTED


# --- what refuses -----------------------------------------------------------------------------------------------


def _text(loaded: Loaded, giving: Giving) -> ConsentText:
    _rests_on_consent(loaded, giving.purpose, giving.company)
    found, findings = texts(loaded)
    if errors := [f for f in findings if f.level is Level.ERROR and giving.purpose in f.place.file]:
        raise Refused(*errors)
    key = (giving.purpose, giving.version, giving.language)
    if key in found:
        return found[key]
    there = ", ".join(sorted(f"{v} ({lang})" for purpose, v, lang in found if purpose == giving.purpose))
    message = f"there is no such text of consent for {giving.purpose}"
    hint = f"there are {there}" if there else f"write policy/consents/{giving.purpose}.1.{giving.language}.md"
    raise Refused(Finding("C172", Place("--text"), message, hint))


def _rests_on_consent(loaded: Loaded, purpose: str, company: str | None) -> None:
    known = {id: None for own in loaded.policy.purposes.values() for id in own}
    if purpose not in known:
        raise Refused(Finding("C071", Place("--purpose"), "there is no such purpose", guess(purpose, known)))
    if company is not None and company not in loaded.policy.companies:
        hint = guess(company, dict(loaded.policy.companies))
        raise Refused(Finding("C071", Place("--company"), "there is no such company", hint))
    if not consenting(loaded, purpose, company):
        message = f"{purpose} does not rest on consent, so a consent to it says nothing"
        hint = f"these do: {', '.join(sorted(on_consent(loaded.policy)))}"
        raise Refused(Finding("C171", Place("--purpose"), message, hint))


def consenting(loaded: Loaded, purpose: str, company: str | None) -> dict[str, Purpose]:
    """The purpose as each company that rests it on consent has it (company None: all of them)."""
    return {
        name: own[purpose]
        for name, own in loaded.policy.purposes.items()
        if purpose in own
        and company in (None, name)
        and any(basis.kind is BasisKind.CONSENT for basis in own[purpose].bases)
    }


def _day(loaded: Loaded, day: date | None) -> None:
    if day is not None and day > loaded.today():
        message = "a consent is given, or taken back, on the day it is: this one is to come"
        raise Refused(Finding("C173", Place("--day"), message, "leave --day out, or say the day on the paper"))


def latest(marks: Iterable[Mark], refs: frozenset[Ref], purpose: str) -> Mark | None:
    """The mark that decides of a consent by these refs: the latest by day and number, withdrawal at a tie."""
    said = [
        each
        for each in marks
        if TRACK_OF[each.act] is Track.CONSENT and each.purpose in (None, purpose) and each.refs & refs
    ]
    return max(said, key=lambda each: (each.day, each.seq), default=None)
