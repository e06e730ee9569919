"""What several letters say alike: what was asked, what is not done yet, who was told, where to complain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ombud.documents.articles import Side, because
from ombud.documents.body import Block, Heading, Items, Notice, Paragraph, Table, widths
from ombud.documents.passed_on import PassedOn
from ombud.documents.sender import authority, contact
from ombud.documents.stated import Stated
from ombud.documents.words import day_in_words, listed


@dataclass(frozen=True, slots=True)
class Writer:
    """A policy in the language of a letter."""

    stated: Stated

    def say(self, key: str, **values: object) -> str:
        """A text in the language."""
        return self.stated.say(key, **values)

    def day(self, day: date) -> str:
        """A day in words."""
        return day_in_words(day, self.stated.language)

    def because(self, side: Side, ground: str) -> str:
        """Why, as a sentence begins: the words, then the article."""
        return begun(because(side, ground, self.stated.language))

    def asked(self, kind: str, received: date) -> list[tuple[str, tuple[str, ...]]]:
        """What the person asked for, and when it came in."""
        return [
            (self.say("request"), (begun(self.say(f"kind.{kind}")),)),
            (self.say("received"), (self.day(received),)),
        ]

    def unfinished(self, unread: tuple[str, ...]) -> Iterator[Block]:
        """Sources in which it is not done, where nobody overlooks them."""
        if unread:
            names = listed(self.stated.language, list(unread))
            yield Notice(self.say("incomplete.title"), (self.say("incomplete.done", unread=names),))

    def passed_on(self, found: PassedOn) -> Iterator[Block]:
        """Which recipients were told, which are being told, which cannot be (Art. 19)."""
        yield Heading(self.say("told" if found else "recipients"))
        if found.told:
            columns = self.say("recipient"), self.say("told.when")
            rows = ((each.name, self.day(each.day) if each.day else "") for each in found.told)
            yield Paragraph(self.say("told.who"))
            yield self.table(columns, rows)
        for how in ("underway", "impossible", "disproportionate"):
            if names := getattr(found, how):
                yield Paragraph(self.say(f"told.{how}", names=listed(self.stated.language, list(names))))
        if not found:
            yield Paragraph(self.say("told.ask"))

    def lifted(self, *, lifts: bool) -> Iterator[Block]:
        """That what was not used meanwhile will be, before it is (Art. 18(3))."""
        if lifts:
            yield Paragraph(self.say("lifted"))

    def complain(self, heading: str) -> Iterator[Block]:
        """Where to complain, and to go to court (Art. 12(4))."""
        yield Heading(self.say(heading))
        yield Items((self.say("complain.authority", authority=authority(self.stated)), self.say("complain.court")))
        yield from contact(self.stated)

    def table(self, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
        """Rows side by side."""
        known = tuple(rows)
        return Table(columns, known, widths(columns, known))


def begun(text: str) -> str:
    """A text as a sentence begins."""
    return text[:1].upper() + text[1:]
