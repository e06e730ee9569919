"""The answer to a request for erasure, in words: what is gone, what stays and for what, and why (Art. 17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ombud.documents.articles import Side
from ombud.documents.body import Block, Heading, Paragraph
from ombud.documents.fared import Fared, Gone, InDoubt, KeptFor, Stays
from ombud.documents.letters import ErasureOutcome
from ombud.documents.writer import Writer, begun


def erasure(writer: Writer, letter: ErasureOutcome) -> Iterator[Block]:
    """What went, what stays, for what and until when, and why each use ended or goes on."""
    yield from _Erasure(writer, letter).blocks()


@dataclass(frozen=True, slots=True)
class _Erasure:
    writer: Writer
    letter: ErasureOutcome

    @property
    def companies(self) -> tuple[str, ...]:
        """Whose data it is about."""
        parts: list[Gone | Stays | Fared | InDoubt] = [*self.letter.gone, *self.letter.stays]
        parts += [*self.letter.uses, *self.letter.doubt]
        return tuple(dict.fromkeys(each.company for each in parts))

    def blocks(self) -> Iterator[Block]:
        letter, say = self.letter, self.writer.say
        yield from self.writer.unfinished(letter.unread)
        if len(self.companies) == 1:
            yield Paragraph(say("erasure.company", company=self.writer.stated.company(self.companies[0])))
        if not self.companies:
            yield Paragraph(say("erasure.nothing"))
        yield from self.gone(letter.gone)
        yield from self.stays(letter.stays)
        if letter.doubt:
            yield Heading(say("erasure.doubt"))
            yield Paragraph(say("erasure.doubt.text"))
            yield self.writer.table((say("what"),), ((self.what(each.company, each.what),) for each in letter.doubt))
        yield from self.why(letter.uses)
        if letter.silenced:
            yield Paragraph(say("erasure.silenced"))
        yield from self.writer.passed_on(letter.passed_on)
        yield from self.writer.complain("complain")

    def gone(self, found: Sequence[Gone]) -> Iterator[Block]:
        if not found:
            return
        say = self.writer.say
        yield Heading(say("erasure.gone"))
        yield Paragraph(say("erasure.gone.text"))
        rows = (
            (self.what(each.company, each.what), self.titles(each.company, each.purposes) or say("erasure.over"))
            for each in found
        )
        yield self.writer.table((say("what"), say("purpose")), rows)

    def stays(self, found: Sequence[Stays]) -> Iterator[Block]:
        """By kind of data: which uses have ended, and what keeps it, by which statute and until when."""
        if not found:
            return
        say = self.writer.say
        yield Heading(say("erasure.stays"))
        yield Paragraph(say("erasure.stays.text"))
        rows = (
            (
                self.what(each.company, each.what),
                self.titles(each.company, each.ended) or say("erasure.ended.none"),
                "\n".join(self.kept(each.company, keeper) for keeper in each.kept),
            )
            for each in found
        )
        yield self.writer.table((say("what"), say("erasure.ended"), say("erasure.kept")), rows)

    def kept(self, company: str, keeper: KeptFor) -> str:
        """One thing that keeps data: for what, until when, by which statutes."""
        writer = self.writer
        if not keeper.purpose:
            return writer.because(Side.STAYS, keeper.why)
        purpose = writer.stated.purpose(company, keeper.purpose)
        if keeper.until is None:
            until = writer.say("keep.not_yet")
        else:
            which = "most" if keeper.varies else "least" if purpose and purpose.at_least else "day"
            until = writer.say(f"erasure.until.{which}", day=writer.day(keeper.until))
        statutes = f" ({'; '.join(keeper.statutes)})" if keeper.statutes else ""
        return f"{writer.stated.purpose_title(company, keeper.purpose)}: {until}{statutes}"

    def why(self, found: Sequence[Fared]) -> Iterator[Block]:
        """Each use, whether it ended or goes on, and why."""
        if not found:
            return
        say = self.writer.say
        yield Heading(say("why"))
        rows = (
            (
                self.title(each.company, each.purpose),
                say("erasure.use.ended" if each.ended else "erasure.use.goes_on"),
                self.reason(each),
            )
            for each in found
        )
        yield self.writer.table((say("use"), say("erasure.use"), say("why")), rows)

    def reason(self, use: Fared) -> str:
        side = Side.ENDS if use.ended else Side.STAYS
        said = (self.writer.because(side, use.because), "; ".join(use.statutes), begun(use.reasons))
        return "\n".join(part for part in said if part)

    # --- names ------------------------------------------------------------------------------------------------------

    def what(self, company: str, what: Sequence[str]) -> str:
        """Kinds of data, one a line, and whose they are where the letter is about several companies."""
        return self.of(company, "\n".join(what))

    def title(self, company: str, purpose: str) -> str:
        return self.of(company, self.writer.stated.purpose_title(company, purpose))

    def titles(self, company: str, purposes: Sequence[str]) -> str:
        return "\n".join(self.writer.stated.purpose_title(company, each) for each in purposes)

    def of(self, company: str, text: str) -> str:
        return f"{text}\n({self.writer.stated.company(company)})" if len(self.companies) > 1 else text
