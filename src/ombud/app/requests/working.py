"""The loop: whatever a request asks for that needs no person is done, and written down once it is.

What comes next is in `rights.next`, by the request as it stands, so whoever was killed goes on where it was. Nothing
here decides: what may happen is in `rights.life`, what a request comes to in `rights.measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from ombud.app.loaded import Refused
from ombud.app.requests.answering import keep_answer, may_be_kept
from ombud.app.requests.approving import takes_two
from ombud.app.requests.carrying_out import begin, check, in_source
from ombud.app.requests.collecting import collect
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.guarding import may
from ombud.app.requests.looking import ANSWERS, SWEEPS, Looked, look, refused_codes
from ombud.app.requests.marks import measures_of, open_choices, set_marks
from ombud.app.requests.recipients import hear, tell, with_recipients, write_down
from ombud.app.requests.rectifying import to_decide_anew
from ombud.app.requests.transferring import settle
from ombud.app.requests.waits import OMBUD
from ombud.app.requests.whole import away, lacks, look_again, to_look_at, unseen
from ombud.app.sources import opened as source_opened
from ombud.app.sweeping_persons import OfPersons
from ombud.rights.commands import (
    Answer,
    Begin,
    CarryOut,
    Check,
    Close,
    Collect,
    Command,
    Decide,
    Hear,
    Lift,
    NoteHandings,
    SetMarks,
    Settle,
    TellRecipients,
    When,
)
from ombud.rights.events import CarriedOut, Closed, Decided, Event, Failed, Lifted, Reopened, Restricted
from ombud.rights.model import Part, State
from ombud.rights.next import to_reopen, todo
from ombud.rights.protected import Deed
from ombud.terms import Finding, Level

Progress = Callable[[str], None]
"""Told what is being done."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A request after the loop: where it stands, what was done in each source, and what was in the way.

    `stuck`: what stands after the last command has to wait.
    """

    opened: Opened
    done: Mapping[str, OfPersons] = field(default_factory=dict)
    looked: Looked | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = ()
    stuck: bool = False

    def so(self, opened: Opened) -> Worked:
        """The same of the request as it is now."""
        return replace(self, opened=opened)

    def found(self, findings: tuple[Finding, ...], *, stuck: bool = False) -> Worked:
        """With these in the way."""
        return replace(self, findings=added(self.findings, findings), stuck=stuck)


def work(desk: Desk, id: str, progress: Progress = lambda doing: None, by: str | None = None) -> Worked:
    """Take a request as far as it goes without a person.

    `by` has it done: a handler's sign, or None for a machine, which carries out nothing of a protected identity.
    """
    worked = Worked(_with_new_sources(desk, desk.read(id), progress))
    while True:
        before = worked.opened
        named = may(desk, before, Deed.CARRY_OUT, by)
        for command in todo(before.request, desk.today(), desk.rules, named=named):
            worked = _obey(desk, worked, command, progress)
            if worked.stuck or worked.opened.request.state is not before.request.state:
                break
        if worked.stuck or worked.opened.case.entries == before.case.entries:
            return worked


def _with_new_sources(desk: Desk, opened: Opened, progress: Progress) -> Opened:
    """The request, reopened for sources that could not be read or were not there when it was collected."""
    for source in to_reopen(opened.request, desk.loaded.datamap.sources):
        progress(f"looking whether {source} can be read")
        try:
            with source_opened(desk.loaded, source, read_only=True):
                pass
        except Refused:
            continue
        with told(), desk.store.transaction():
            opened = desk.happen(opened, Reopened(source), by=OMBUD)
            desk.store.discard_answers(opened.id, desk.today())  # what waits to be delivered is not the whole any more
    return opened


def _obey(desk: Desk, worked: Worked, command: Command, progress: Progress) -> Worked:
    opened = worked.opened
    match command:
        case SetMarks(when, first):
            progress("setting marks")
            return _marked(desk, worked, when, first=first)
        case Collect():
            progress("looking for the person")
            opened, looked = collect(desk, opened)
            return replace(worked.so(opened), looked=looked).found(looked.findings)
        case Decide():
            if open_choices(desk, opened) or takes_two(desk, opened):  # then it is decided with its batch
                return worked
            return _happens(desk, worked, Decided(OMBUD))
        case Check() | Begin():
            progress("looking whether anything stands in the way")
            try:
                if isinstance(command, Begin):
                    return worked.so(begin(desk, opened))
                check(desk, opened)
            except Refused as refusal:
                return worked.so(desk.read(opened.id)).found(refusal.findings, stuck=True)
            return worked
        case NoteHandings():
            progress("writing down who received what")
            return worked.found(write_down(desk))
        case CarryOut(source):
            progress(f"carrying it out in {source}")
            return _carried_out(desk, worked, source)
        case TellRecipients():
            return worked.so(tell(desk, opened, OMBUD))
        case Hear():
            return worked.so(hear(desk, opened, OMBUD))
        case Settle():
            return worked.so(settle(desk, opened))
        case Answer():
            progress("writing the answer")
            return _answered(desk, worked)
        case Lift():
            return _happens(desk, worked, Lifted())
        case Close():
            return _happens(desk, worked, Closed())
        case _:
            assert_never(command)


def _happens(desk: Desk, worked: Worked, event: Event) -> Worked:
    return worked.so(desk.happen(worked.opened, event, by=OMBUD))


def _marked(desk: Desk, worked: Worked, when: When, *, first: bool) -> Worked:
    """With the marks of a moment; that a restriction stands is written down once every source has acknowledged it."""
    lacking = set_marks(desk, worked.opened, when)
    if when is When.AT_ONCE and not lacking and _restricts(desk, worked.opened):
        worked = _happens(desk, worked, Restricted())
    return worked.found(lacking, stuck=first and bool(lacking))


def _restricts(desk: Desk, opened: Opened) -> bool:
    """Whether the request brings a restriction."""
    found = measures_of(desk, opened)
    restricts = any(mark.when is When.LIFTED for mark in found.fixed)
    return restricts or any(mark.when is When.LIFTED for each in found.decisions for mark in each.if_stays)


def _carried_out(desk: Desk, worked: Worked, source: str) -> Worked:
    """One source; what is in the way there stops no other."""
    opened, done = worked.opened, dict(worked.done)
    try:
        found = in_source(desk, opened, source, done)
    except Refused as refusal:
        worked = replace(worked, done=done).found(refusal.findings)
        if anew := to_decide_anew(opened, source, refusal):
            return worked.so(desk.happen(opened, *map(Reopened, anew), by=OMBUD))
        if opened.request.parts[source] is Part.COLLECTED:
            return _happens(desk, worked, Failed(source, refused_codes(refusal)))
        return worked
    return _happens(desk, replace(worked, done=done).found(found), CarriedOut(source))


def _answered(desk: Desk, worked: Worked) -> Worked:
    """The answer, or the letter that follows it, is put together and kept sealed until somebody delivers it.

    Of what is held an answer alone tells.
    """
    opened, kind = worked.opened, worked.opened.request.kind
    if not may_be_kept(desk, opened):
        return worked
    looked = None
    if opened.request.state is State.CARRIED_OUT and kind in ANSWERS | SWEEPS:
        looked = look(desk, opened)
        if missing := lacks(opened, looked):
            return replace(worked, looked=looked).found((away([opened.id], missing), *looked.findings), stuck=True)
        if sources := unseen(opened, looked):
            (opened,) = look_again(desk, [(opened, sources)])
            return worked.so(desk.read(opened.id)).found((to_look_at([opened.id]),))
        if kind in ANSWERS:
            looked = with_recipients(desk, opened, looked)
    keep_answer(desk, opened, looked)
    return replace(worked, looked=looked)


def added(findings: tuple[Finding, ...], more: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """With those that are new; what keeps a source from answering is a warning here, for the request says it too."""
    known = {(each.code, each.message) for each in findings}
    fresh = (replace(each, level=Level.WARNING) for each in more if (each.code, each.message) not in known)
    return (*findings, *fresh)
