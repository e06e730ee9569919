"""A complaint or a claim for damages: that it came in, who handles it, what came of it, and which ways are open."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.documents.body import Block, Facts, Heading, Items, Paragraph
from ombud.documents.disputed import Bundle, Dispute, DisputeOutcome, DisputeReceived
from ombud.documents.sender import authority, contact
from ombud.documents.whole import hidden
from ombud.documents.writer import Writer, begun


def dispute(writer: Writer, letter: DisputeReceived, who: str) -> Iterator[Block]:
    """Who handles it, what is held, what is enclosed, the authority and the court (Arts 77, 79, 82). `who` writes."""
    say, kind = writer.say, letter.kind
    handler = f"{letter.handler}, {who}" if letter.handler else who
    yield Facts((*writer.asked(kind, letter.received), (say("dispute.handler"), (handler,))))
    yield Paragraph(say("dispute.next"))
    yield Heading(say("dispute.held"))
    review = f" {say('dispute.held.review', day=writer.day(letter.review))}" if letter.review else ""
    yield Paragraph(say("dispute.held.text") + review)
    yield from _bundle(writer, letter.bundle)
    yield from _routes(writer, kind)


def concluded(writer: Writer, letter: DisputeOutcome, who: str) -> Iterator[Block]:
    """What came of it and why, what is done, that nothing is erased yet, and where to go on. `who` writes."""
    say, kind = writer.say, letter.kind
    handler = f"{letter.handler}, {who}" if letter.handler else who
    yield Facts((*writer.asked(kind, letter.received), (say("dispute.handled"), (handler,))))
    for heading, text in (("reasons", letter.reasons), ("dispute.measures", letter.measures)):
        if text:
            yield Heading(say(heading))
            yield from (Paragraph(begun(each)) for each in text.splitlines() if each.strip())
    if letter.bundle is not None:
        yield from _bundle(writer, letter.bundle)
    yield Heading(say("dispute.still_held"))
    review = f" {say('dispute.held.review', day=writer.day(letter.review))}" if letter.review else ""
    yield Paragraph(say("dispute.still_held.text") + review)
    if kind is Dispute.CLAIM:
        yield from _routes(writer, kind)
    else:
        yield from writer.complain("complain")


def _routes(writer: Writer, kind: Dispute) -> Iterator[Block]:
    say = writer.say
    yield Heading(say(f"dispute.routes.{kind}"))
    named = say(f"dispute.authority.{kind}", authority=authority(writer.stated))
    court = say(f"dispute.court.{kind}")
    yield Items((court, say("dispute.whole.claim"), named) if kind is Dispute.CLAIM else (named, court))
    yield from contact(writer.stated)


def _bundle(writer: Writer, bundle: Bundle) -> Iterator[Block]:
    say, counted = writer.say, writer.stated.counted
    yield Heading(say("dispute.bundle"))
    if bundle.records:
        rows, systems = counted("rows", bundle.records), counted("systems", bundle.systems)
        yield Paragraph(say("dispute.bundle.text", day=writer.day(bundle.day), rows=rows, systems=systems))
    else:
        yield Paragraph(say("answer.nobody"))
    files = (say(f"dispute.bundle.{name.rpartition('.')[2]}", name=name) for name in bundle.files)
    yield Items((*files, *hidden(writer.stated, bundle.left_out), *bundle.missing))
