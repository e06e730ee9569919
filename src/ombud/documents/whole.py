"""What the letter says of the answer as a whole: what is missing, who had the data, which rights there are."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.documents.body import Block, Heading, Items, Notice, Paragraph, Table
from ombud.documents.extract import Extract
from ombud.documents.rights import rights
from ombud.documents.sender import authority, contact
from ombud.documents.stated import Stated
from ombud.documents.words import day_in_words, listed


def missing(extract: Extract, stated: Stated) -> tuple[str, ...]:
    """Why the answer is not complete; nothing where it is."""
    texts = []
    if extract.unread:
        read, unread = len(extract.read), extract.unread
        names = listed(stated.language, list(unread))
        texts.append(stated.say("incomplete", read=read, all=read + len(unread), unread=names))
    if extract.perhaps:
        texts.append(stated.counted("perhaps", extract.perhaps))
    return tuple(texts)


def incomplete(extract: Extract, stated: Stated) -> Iterator[Block]:
    """The same, where nobody overlooks it."""
    if texts := missing(extract, stated):
        yield Notice(stated.say("incomplete.title"), texts)


def recipients(extract: Extract, stated: Stated) -> Iterator[Block]:
    """Who was handed the data, or may have been, by name (Art. 15(1)(c), C-154/21), and where they are."""
    yield Heading(stated.say("recipients"))
    if not extract.recipients:
        yield Paragraph(stated.say("recipients.none"))
        return
    columns = tuple(stated.say(f"recipient{each}") for each in ("", ".why", ".when", ".where"))
    rows = []
    for each in extract.recipients:
        known = stated.policy.recipients.get(each.recipient)
        regions = stated.where(each.regions or (known.regions if known else ()))
        when = day_in_words(each.day, stated.language) if each.day else stated.say("recipient.may")
        where = "; ".join(text for _, _, text in regions)
        rows.append((stated.recipient(each), stated.purpose_title("", each.purpose), when, where))
    yield Table(columns, tuple(dict.fromkeys(rows)), (4, 5, 4, 6))


def left_out(extract: Extract, stated: Stated, masked: int) -> Iterator[Block]:
    """What is not in the answer, and why; `masked` counts the places where somebody else's data stood."""
    yield Heading(stated.say("left_out"))
    texts = (*not_carried(extract, stated), *hidden(stated, masked, extract.kind), *missing(extract, stated))
    yield Items(texts) if texts else Paragraph(stated.say("left_out.nothing"))


def not_carried(extract: Extract, stated: Stated) -> tuple[str, ...]:
    """What is held and not covered by Art. 20, by reason; nothing where the answer is not about that."""
    return tuple(stated.counted(f"not_carried.{why}", number) for why, number in sorted(extract.not_carried.items()))


def hidden(stated: Stated, masked: int, kind: str = "access") -> tuple[str, ...]:
    """That somebody else's data is left out, and in how many places; nothing where it is in none."""
    key = "left_out.masked" if masked == 1 else "left_out.masked.many"
    article = stated.say("left_out.article.port" if kind == "port" else "left_out.article")
    return (stated.say(key, number=masked, mark=stated.say("masked"), article=article),) if masked else ()


def rest(extract: Extract, stated: Stated) -> Iterator[Block]:
    """Automated decisions, rights, complaints, who answers (Art. 15(1)(e), (f), (h))."""
    organisation = stated.policy.organisation
    automated = organisation.automated_decisions if organisation else None
    said = {True: "yes", False: "no", None: "unstated"}[automated]
    yield Heading(stated.say("automated"))
    yield Paragraph(stated.say(f"automated.{said}"))
    yield Heading(stated.say("rights"))
    yield Paragraph(stated.say("rights.intro"))
    yield Items(tuple(right.text for right in rights(extract, stated)))
    yield Heading(stated.say("complain"))
    yield Items((stated.say("complain.authority", authority=authority(stated)), stated.say("complain.court")))
    yield from contact(stated)
