"""What became of a correction, an objection and a withdrawn consent, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ombud.documents.body import Block, Heading, Paragraph, Table
from ombud.documents.letters import (
    Became,
    Change,
    ObjectionOutcome,
    RectificationOutcome,
    Use,
    WithdrawalOutcome,
)
from ombud.documents.words import listed
from ombud.documents.writer import Writer, begun


def rectification(writer: Writer, letter: RectificationOutcome) -> Iterator[Block]:
    """What was corrected, what was not and why (Art. 16)."""
    yield from writer.unfinished(letter.unread)
    made = [change for change in letter.changes if not change.why]
    refused = [change for change in letter.changes if change.why]
    if made:
        yield changes(writer, made)
    if refused:
        yield Heading(writer.say("rectification.refused"))
        columns = writer.say("what"), writer.say("before"), writer.say("why")
        yield writer.table(columns, ((_changed(writer, each), each.before, each.why) for each in refused))
    yield from writer.lifted(lifts=letter.lifts)
    yield from writer.passed_on(letter.passed_on)
    yield from writer.complain("complain")


def changes(writer: Writer, found: Iterable[Change]) -> Table:
    """Each datum before and after."""
    columns = writer.say("what"), writer.say("before"), writer.say("after")
    gone = writer.say("removed")
    rows = ((_changed(writer, each), each.before, gone if each.after is None else each.after) for each in found)
    return writer.table(columns, rows)


def _changed(writer: Writer, change: Change) -> str:
    return f"{change.what} ({writer.stated.company(change.company)})" if change.company else change.what


# --- what somebody said no to -------------------------------------------------------------------------------------


def objection(writer: Writer, letter: ObjectionOutcome) -> Iterator[Block]:
    """What stopped at once, what ended, what goes on and why (Art. 21)."""
    yield from writer.unfinished(letter.unread)
    if not letter.uses:
        yield Paragraph(writer.say("objection.nothing"))
    yield from _stopped(writer, letter.uses, "object")
    if ended := _those(letter.uses, Became.ENDED):
        yield Heading(writer.say("use.ended"))
        yield Paragraph(writer.say("use.ended.text"))
        yield _uses(writer, ended, ("reasons", lambda use: use.reasons))
    if overridden := _those(letter.uses, Became.OVERRIDDEN):
        yield Heading(writer.say("use.overridden"))
        yield Paragraph(writer.say("use.overridden.text"))
        yield _uses(writer, overridden, ("use.overridden.why", lambda use: begun(use.reasons)))
        yield from writer.lifted(lifts=letter.lifts)
    yield from _kept(writer, letter.uses)
    yield from _untouched(writer, letter.uses, "object")
    if letter.passed_on:
        yield from writer.passed_on(letter.passed_on)
    yield from writer.complain("complain")


def withdrawal(writer: Writer, letter: WithdrawalOutcome) -> Iterator[Block]:
    """What stopped, and what is not touched because it does not stand on consent (Art. 7(3))."""
    yield from writer.unfinished(letter.unread)
    if not _those(letter.uses, Became.STOPPED):
        yield Paragraph(writer.say("withdrawal.nothing"))
    yield from _stopped(writer, letter.uses, "withdraw")
    yield from _kept(writer, letter.uses)
    yield from _untouched(writer, letter.uses, "withdraw")
    if letter.passed_on:
        yield from writer.passed_on(letter.passed_on)
    yield from writer.complain("complain")


def _stopped(writer: Writer, uses: Sequence[Use], kind: str) -> Iterator[Block]:
    stopped = _those(uses, Became.STOPPED)
    if not stopped:
        return
    yield Heading(writer.say(f"use.stopped.{kind}"))
    yield Paragraph(writer.say(f"use.stopped.text.{kind}"))
    yield _uses(writer, stopped)
    days = [use.until for use in stopped if use.until is not None]
    if days:
        yield Paragraph(writer.say("use.undo", day=writer.day(max(days))))
    elif not _those(uses, Became.KEPT):
        yield Paragraph(writer.say("use.erased"))


def _kept(writer: Writer, uses: Sequence[Use]) -> Iterator[Block]:
    if kept := _those(uses, Became.KEPT):
        yield Heading(writer.say("use.kept"))
        yield _uses(writer, kept, ("keep", lambda use: _until(writer, use)))


def _untouched(writer: Writer, uses: Sequence[Use], kind: str) -> Iterator[Block]:
    if untouched := _those(uses, Became.UNTOUCHED):
        yield Heading(writer.say("use.untouched"))
        yield Paragraph(writer.say(f"use.untouched.text.{kind}"))
        bases = ("use.basis", lambda use: _bases(writer, use))
        yield _uses(writer, untouched, bases, ("keep", lambda use: _until(writer, use)))


def _uses(writer: Writer, uses: Sequence[Use], *more: tuple[str, Callable[[Use], str]]) -> Table:
    columns = (writer.say("use"), writer.say("use.companies"), *(writer.say(key) for key, _ in more))
    rows = ((_title(writer, use), _companies(writer, use), *(said(use) for _, said in more)) for use in uses)
    return writer.table(columns, rows)


def _those(uses: Iterable[Use], became: Became) -> list[Use]:
    return [use for use in uses if use.became is became]


def _title(writer: Writer, use: Use) -> str:
    return writer.stated.purpose_title(use.companies[0] if use.companies else "", use.purpose)


def _companies(writer: Writer, use: Use) -> str:
    if use.every and len(use.companies) > 1:
        return writer.say("use.every_company")
    return listed(writer.stated.language, [writer.stated.company(each) for each in use.companies])


def _bases(writer: Writer, use: Use) -> str:
    return "\n".join(dict.fromkeys(writer.stated.basis(hold.basis) for hold in use.holds))


def _until(writer: Writer, use: Use) -> str:
    """Until when; of claims that are told differently, the last day of all."""
    company = use.companies[0] if use.companies else ""
    said = list(dict.fromkeys(writer.stated.kept(company, hold) for hold in use.holds))
    if len(said) < 2:
        return "".join(said)
    days = [hold.until for hold in use.holds if hold.until is not None and not hold.why]
    return (
        writer.say("use.longest", day=writer.day(max(days)))
        if len(days) == len(use.holds)
        else writer.say("use.longest.open")
    )
