"""The answer as a letter: what the group does with the person's data, what it has for that, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from ombud.documents.body import (
    Addressee,
    Block,
    Body,
    Facts,
    Heading,
    NewPage,
    Paragraph,
    Table,
    widths,
)
from ombud.documents.extract import Datum, Extract, Hold
from ombud.documents.grouped import Group, Piece, grouped
from ombud.documents.labels import labels
from ombud.documents.lines import cost
from ombud.documents.masked import shown
from ombud.documents.readable import readable
from ombud.documents.rendered import C5, Window, render
from ombud.documents.sender import sender
from ombud.documents.stated import Stated
from ombud.documents.whole import incomplete, left_out, recipients, rest
from ombud.documents.words import day_in_words, listed
from ombud.policy.model import Policy

AS_FACTS = 3
"""Rows with many cells that are told one by one; more become a table, as do several with few cells."""

IN_THE_TEXT = 25
"""Rows of a table that stand in the text; more are an annex."""

PRINTED = 17_000
"""What annexes may take to set, all together, in cells of one line (`lines.cost`): some 5,000 rows of three cells. That
is over a hundred sheets and 200 MB; a table past it stands in the data file alone, and the letter says so.
"""

COLUMNS = 4
"""Cells of a row that are columns of their own; more stand together, each with its name."""


def letter(
    extract: Extract,
    policy: Policy,
    to: Addressee,
    language: str,
    request_id: str,
    day: date,
    *,
    company: str | None = None,
    window: Window = C5,
) -> bytes:
    """The answer (Art. 15, or Art. 20 for `kind == "port"`) as a PDF letter; see `render`.

    `language` is "sv" or "en", `company` the one that writes (None: whoever answers for the policy). Raises
    LettersNotInstalled.
    """
    return render(compose_answer(extract, policy, to, language, request_id, day, company=company), window)


def compose_answer(
    extract: Extract,
    policy: Policy,
    to: Addressee,
    language: str,
    request_id: str,
    day: date,
    *,
    company: str | None = None,
) -> Body:
    """The same, not yet set."""
    stated = Stated(policy, language)
    which = ".port" if extract.kind == "port" else ""
    who = sender(stated, company)
    writer = _Writer(extract, stated, which)
    return Body(
        language=language,
        title=stated.say(f"answer.title{which}", who=policy.group or who.name),
        subject=stated.say(f"answer.subject{which}"),
        sender=who.lines,
        to=to,
        day=day,
        case=((stated.say("date"), day_in_words(day, language)), (stated.say("case"), request_id)),
        lead=stated.say(f"answer.lead{which}", day=day_in_words(extract.day, language)),
        blocks=tuple(writer.blocks()),
        closing=(stated.say("regards"), who.name),
        reference=f"{stated.say('case')} {request_id}",
        footer=who.footer,
    )


@dataclass
class _Writer:
    extract: Extract
    stated: Stated
    which: str
    annexes: list[tuple[str, Table]] = field(default_factory=list)
    masked: int = 0
    printed: int = 0

    def blocks(self) -> Iterator[Block]:
        groups = grouped(self.extract, self.stated.policy)
        yield from incomplete(self.extract, self.stated)
        if not groups:
            yield Paragraph(self.stated.say(f"answer.nobody{self.which}"))
        else:
            yield from self.overview(groups)
        company = None
        for group in groups:
            if group.company != company:
                yield Heading(self.stated.company(group.company))
                company = group.company
            yield from self.group(group)
        if not self.which:
            yield from recipients(self.extract, self.stated)
        yield from left_out(self.extract, self.stated, self.masked)
        yield from rest(self.extract, self.stated)
        for number, (what, table) in enumerate(self.annexes, start=1):
            yield NewPage()
            yield Heading(self.stated.say("annex", number=number, what=what))
            yield table

    def overview(self, groups: Sequence[Group]) -> Iterator[Block]:
        """What the letter holds, at a glance."""
        say = self.stated.say
        columns = say("overview.what"), say("overview.company"), say("overview.until")
        rows = tuple((self.title(group), self.stated.company(group.company), self.kept(group)) for group in groups)
        yield Heading(say("overview"))
        yield Table(columns, rows, (5, 3, 5))

    def title(self, group: Group) -> str:
        return self.stated.purpose_title(group.company, group.purpose) if group.purpose else self.stated.say("nowhere")

    def kept(self, group: Group) -> str:
        """Until when the purpose holds what it holds."""
        said = list(dict.fromkeys(self.stated.kept(group.company, hold) for hold in group.holds))
        if len(said) <= 1:
            return "".join(said)
        days = sorted(hold.until for hold in group.holds if hold.until is not None)
        if len(days) < len(group.holds):
            return self.stated.say("keep.some")
        first, last = (day_in_words(day, self.stated.language) for day in (days[0], days[-1]))
        return self.stated.say("keep.between", first=first, last=last)

    # --- one purpose ------------------------------------------------------------------------------------------------

    def group(self, group: Group) -> Iterator[Block]:
        yield Heading(self.title(group), 2)
        if group.purpose:
            yield Facts(tuple(self.facts(group)))
        else:
            yield Paragraph(self.stated.say("nowhere.why"))
        for (category, _, _), pieces in group.shown.items():
            yield from self.category(group, category, pieces)

    def facts(self, group: Group) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Why, until when, to whom."""
        stated, holds = self.stated, group.holds
        yield stated.say("basis"), tuple(dict.fromkeys(stated.basis(hold.basis) for hold in holds))
        if statutes := tuple(dict.fromkeys(statute for hold in holds for statute in hold.statutes)):
            yield stated.say("statute"), statutes
        purpose = stated.purpose(group.company, group.purpose)
        if article := stated.special(purpose):
            yield stated.say("basis"), (stated.say("special", article=article),)
        yield stated.say("keep"), (self.kept(group),)
        names = dict.fromkeys(
            stated.recipient(each) for each in self.extract.recipients if each.purpose == group.purpose
        )
        if names and not self.which:
            yield stated.say("shared"), (listed(stated.language, list(names)),)
        if group.also:
            elsewhere: dict[str, list[str]] = {}
            for category, purpose_id in group.also:
                where = stated.purpose_title(group.company, purpose_id)
                elsewhere.setdefault(where, []).append(stated.category(category))
            also = (
                stated.say("also.at", what=listed(stated.language, list(dict.fromkeys(what))), where=where)
                for where, what in elsewhere.items()
            )
            yield stated.say("also"), tuple(also)

    def category(self, group: Group, category: str, pieces: Sequence[Piece]) -> Iterator[Block]:
        stated = self.stated
        heading = stated.category(category) if category else stated.say("no_category")
        said = self.provenance(pieces)
        varied = len(group.holds) > 1
        yield Heading(heading, 3)
        if said:
            yield Paragraph(said, quiet=True)
        wide = max(len(piece.data) for piece in pieces) > COLUMNS
        if len(pieces) <= (AS_FACTS if wide else 1):
            for number, piece in enumerate(pieces, start=1):
                if len(pieces) > 1:
                    yield Paragraph(stated.say("of", number=number, all=len(pieces)), quiet=True)
                rows = [*self.labelled(piece), *([(stated.say("last_day"), self.last(piece.hold))] if varied else [])]
                yield Facts(tuple((label, (text,)) for label, text in rows))
            return
        table = self.table(pieces, varied=varied)
        if len(pieces) <= IN_THE_TEXT:
            yield table
            return
        rows_told = stated.counted("rows", len(pieces))
        takes = cost(table.rows, table.widths)
        if self.printed + takes > PRINTED:
            yield Paragraph(stated.say("annex.in_file", rows=rows_told))
            return
        self.printed += takes
        self.annexes.append((f"{heading} ({self.title(group)})", table))
        yield Paragraph(stated.say("annex.see", rows=rows_told, number=len(self.annexes)))

    def provenance(self, pieces: Sequence[Piece]) -> str:
        kinds = dict.fromkeys(datum.provenance for piece in pieces for datum in piece.data if datum.category)
        return " · ".join(self.stated.say(kind if kind in ("provided", "observed") else "unknown") for kind in kinds)

    def table(self, pieces: Sequence[Piece], *, varied: bool) -> Table:
        """Rows of one table side by side; where they have many cells, each row is told in one column."""
        told = [dict(self.labelled(piece)) for piece in pieces]
        labels = tuple(dict.fromkeys(label for row in told for label in row))
        last = [(self.last(piece.hold),) if varied else () for piece in pieces]
        if len(labels) <= COLUMNS:
            rows = tuple((*(row.get(label, "") for label in labels), *end) for row, end in zip(told, last, strict=True))
            columns = labels
        else:
            columns = (self.stated.say("data"),)
            rows = tuple(
                (" · ".join(f"{label}: {text}" for label, text in row.items()), *end)
                for row, end in zip(told, last, strict=True)
            )
        columns = (*columns, *((self.stated.say("last_day"),) if varied else ()))
        return Table(columns, rows, widths(columns, rows))

    def labelled(self, piece: Piece) -> list[tuple[str, str]]:
        """Each cell by what it is called."""
        titles = self.extract.titles.get((piece.record.source, piece.record.table), {})
        found = labels(piece.data, titles, self.stated)
        return [(label, self.value(datum)) for label, datum in zip(found, piece.data, strict=True)]

    def value(self, datum: Datum) -> str:
        mark = self.stated.say("masked")
        allowed = shown(datum, mark)
        self.masked += len(allowed.left_out)
        text = readable(allowed.value, self.stated.language)
        if datum.file:
            text = f"{text}\n{self.stated.say('file', name=datum.file)}"
        return text

    def last(self, hold: Hold | None) -> str:
        if hold is None:
            return ""
        return day_in_words(hold.until, self.stated.language) if hold.until else self.stated.say("keep.not_yet")
