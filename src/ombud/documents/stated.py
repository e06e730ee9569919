"""What the policy says, in a language: titles, legal bases with their articles, storage periods, safeguards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from ombud.documents.extract import Disclosed, Hold, Why
from ombud.documents.words import TEXTS, counted, day_in_words, listed, say, title
from ombud.policy.model import (
    TEXT,
    UNSTATED,
    Add,
    Article9,
    BasisKind,
    Company,
    EndOf,
    Inclusive,
    Keep,
    Policy,
    Purpose,
    Safeguard,
    While,
)
from ombud.terms import Period

LETTERS_6: Mapping[str, str] = {
    BasisKind.CONSENT: "a",
    BasisKind.CONTRACT: "b",
    BasisKind.LEGAL_OBLIGATION: "c",
    BasisKind.VITAL_INTERESTS: "d",
    BasisKind.PUBLIC_TASK: "e",
    BasisKind.LEGITIMATE_INTERESTS: "f",
}
"""The letters of Art. 6(1)."""

LETTERS_9: Mapping[str, str] = dict(zip(map(str, Article9), "abcdefghij", strict=True))
"""The letters of Art. 9(2)."""

LONGER = frozenset({Why.HELD, Why.RESTRICTED, Why.OBJECTED, Why.ANYBODY, Why.CONSENT})
"""What keeps a datum beyond its last day."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A policy in a language ("sv" or "en")."""

    policy: Policy
    language: str
    _purposes: dict[tuple[str, str], Purpose | None] = field(default_factory=dict, repr=False, compare=False)

    def say(self, key: str, **values: object) -> str:
        """A text in the language."""
        return say(self.language, key, **values)

    def counted(self, key: str, number: int) -> str:
        """A number of things."""
        return counted(self.language, key, number)

    def titled(self, titles: Mapping[str, str], otherwise: str) -> str:
        """A title in the language."""
        return title(titles, self.language, otherwise)

    def purpose(self, company: str, purpose: str) -> Purpose | None:
        """A purpose as the company refines it; as any company has it, where the company is not known."""
        key = company, purpose
        if key not in self._purposes:
            own = self.policy.purposes.get(company, {})
            found = (each[purpose] for each in (own, *self.policy.purposes.values()) if purpose in each)
            self._purposes[key] = next(found, None)
        return self._purposes[key]

    def purpose_title(self, company: str, purpose: str) -> str:
        """What the group does with the data, in the policy's words."""
        found = self.purpose(company, purpose)
        return self.titled(found.title if found else {}, purpose)

    def company(self, company: str) -> str:
        """A company's name."""
        found = self.policy.companies.get(company)
        return found.name if found else company or self.say("no_company")

    def controller(self) -> Company | None:
        """The company that answers for the policy, where it is one."""
        organisation = self.policy.organisation
        return self.policy.companies.get(organisation.controller) if organisation else None

    def basis(self, basis: str) -> str:
        """A legal basis by name, with its article: Avtal (artikel 6.1 b i GDPR)."""
        known = f"basis.{basis}" in TEXTS[self.language]
        name = self.say(f"basis.{basis}") if known else basis
        article = self.article(basis)
        text = f"{name} ({article})" if article else name
        return text[:1].upper() + text[1:]

    def article(self, basis: str) -> str:
        """The article of a legal basis; empty where it has none."""
        letter = LETTERS_6.get(basis)
        return self.say("article", article=self.say("article.6", letter=letter)) if letter else ""

    def special(self, purpose: Purpose | None) -> str:
        """Under which condition of Art. 9(2) a purpose may use sensitive data; empty where it names none."""
        letter = LETTERS_9.get(purpose.article9) if purpose and purpose.article9 else None
        return self.say("article", article=self.say("article.9", letter=letter)) if letter else ""

    def category(self, path: str) -> str:
        """A category's title: that of the path, else of the nearest above it that has one."""
        if path == TEXT:
            return self.say("free_text")
        segments = path.split(".")
        for length in range(len(segments), 0, -1):
            found = self.policy.categories.get(".".join(segments[:length]))
            if found and found.title:
                return self.titled(found.title, path)
        return path

    def kept(self, company: str, hold: Hold) -> str:
        """Until when, in words: the last day and what keeps it longer, or what is waited for."""
        found = self.purpose(company, hold.purpose)
        rule = self.rule(found.keep) if found else hold.moment or hold.purpose
        if hold.until is None and (hold.why in ("", Why.NOT_YET) or hold.why not in set(Why)):
            return self.say("keep.waiting", rule=rule)
        if hold.until is None:
            return self.say(f"why.{hold.why}", rule=rule)
        last = self.say("keep.least" if found and found.at_least else "keep.until", day=self.day(hold.until))
        return f"{last}. {self.say(f'why.{hold.why}')}" if hold.why in LONGER else last

    def day(self, day: date) -> str:
        """A day in words."""
        return day_in_words(day, self.language)

    def rule(self, keep: Keep) -> str:
        """A storage period in words, as the policy states it."""
        if isinstance(keep, While):
            return self.state(keep.state)
        moment = self.policy.moments.get(keep.start)
        start = self.titled(moment.title if moment else {}, keep.start)
        inclusive = any(isinstance(step, Inclusive) for step in keep.steps)
        rule = ""
        for step in keep.steps:
            match step:
                case Add(period) if rule:
                    rule = self.say("then.period", rule=rule, period=self.period(period))
                case Add(period):
                    rule = self.say("rule.from" if inclusive else "rule.after", period=self.period(period), start=start)
                case EndOf(unit) if rule:
                    rule = self.say(f"then.end.{unit}", rule=rule)
                case EndOf(unit):
                    rule = self.say(f"rule.end.{unit}", start=start)
                case Inclusive():
                    continue
                case _:
                    assert_never(step)
        return rule or self.say("rule.until", start=start)

    def state(self, state: str) -> str:
        """A state in words: how long what hangs on it lasts."""
        if state == UNSTATED:
            return self.say("rule.unstated")
        found = self.policy.states.get(state)
        ends = self.policy.moments.get(found.ends) if found and found.ends else None
        if ends and ends.title:
            return self.say("rule.until", start=self.titled(ends.title, state))
        return self.say("rule.while", state=state)

    def period(self, period: Period) -> str:
        """A calendar period: 1 år och 6 månader."""
        parts = (("years", period.years), ("months", period.months), ("days", period.days))
        return listed(self.language, [self.counted(f"period.{unit}", number) for unit, number in parts if number])

    def recipient(self, disclosed: Disclosed) -> str:
        """A recipient's name, and what the policy calls it where that is something else."""
        title = self.recipient_title(disclosed)
        if not disclosed.name or disclosed.name == title:
            return title
        return f"{disclosed.name} ({title})"

    def recipient_title(self, disclosed: Disclosed) -> str:
        """What the policy calls a recipient."""
        known = self.policy.recipients.get(disclosed.recipient)
        return self.titled(disclosed.title or (known.title if known else {}), disclosed.recipient)

    def allowed(self, use: str) -> str:
        """What restricted data may be used for all the same (Art. 18(2)); what has no words stands as it is."""
        return self._worded(f"allowed.{use}", use)

    def way(self, way: str) -> str:
        """How somebody may show who they are, as the ladder of identity has it; what has no words stands as it is."""
        return self._worded(f"way.{way}", way)

    def _worded(self, key: str, otherwise: str) -> str:
        return self.say(key) if key in TEXTS[self.language] else otherwise

    def where(self, regions: tuple[str, ...]) -> list[tuple[str, Safeguard | None, str]]:
        """Each region by its title, its safeguard (None: not known), and both in words."""
        told = []
        for region in regions:
            known = self.policy.regions.get(region)
            name = self.titled(known.title if known else {}, region)
            safeguard = self.say(f"safeguard.{known.safeguard}") if known else ""
            plain = not safeguard or (known and known.safeguard is Safeguard.WITHIN and known.title)
            told.append((name, known.safeguard if known else None, name if plain else f"{name} ({safeguard})"))
        return told
