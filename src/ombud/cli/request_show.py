"""Requests at the terminal: the list, one as it stands, what it waits for, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ombud.cli.command import Session
from ombud.cli.request_changes import say_changes, say_words
from ombud.cli.request_data import case_open, happened, told_case, told_one, told_work, transfers_said
from ombud.cli.request_who import say_address, say_doubts, say_identity, told_doubts, told_who

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened
    from ombud.app.requests.looking import Looked
    from ombud.app.requests.working import Worked
    from ombud.register.retention import Wiped
    from ombud.rights.deadlines import Deadline
    from ombud.rights.model import Request
    from ombud.terms import Finding

AROUND = 30
"""Characters of a text that are shown before and after what may be others' data."""


def show_list(session: Session, desk: Desk, *, every: bool, overdue: bool) -> int:
    """The requests by the day on which they are due. 1 where one is overdue."""
    from rich.text import Text

    say = session.speaker
    found = [(case, _deadline(desk, case.request)) for case in desk.cases(every=every)]
    late = [each for each in found if each[1].overdue and case_open(each[0].request.state)]
    told = sorted(late if overdue else found, key=lambda each: (each[1].act_by, each[0].request.id))
    if not told:
        say.line(
            "No request is overdue." if overdue else "No request is open." if not every else "There is no request."
        )
    else:
        lines = []
        for case, due in told:
            request = case.request
            is_late = (case, due) in late
            left = f"{-due.days_left} late" if is_late else f"{due.days_left} left" if case_open(request.state) else "·"
            days = (request.received.isoformat(), due.act_by.isoformat(), left)
            cells = (request.id, request.kind.value, _standing(request), *days)
            lines.append(tuple(Text(cell, "bold red" if is_late else "") for cell in cells))
        say.table(("request", "asks", "state", "came in", "answer by", "days"), lines, whole=range(6))
    say.answer({"day": desk.today().isoformat(), "requests": [told_case(case.request, due) for case, due in told]})
    return 1 if late else 0


def show_one(
    session: Session,
    desk: Desk,
    opened: Opened,
    *,
    history: bool,
    by: str | None = None,
    findings: Sequence[Finding] = (),
) -> int:
    """One request as it stands. 1 where it is overdue. Of a protected identity, only who is named sees more."""
    from ombud.app.requests.deciding import proposals
    from ombud.app.requests.looking import look
    from ombud.rights.model import State

    sees = _sees(desk, opened, by)
    waits = opened.request.state in (State.REVIEW, State.DECISION) and sees
    looked = look(desk, opened) if waits else None
    history = history and sees
    due = _deadline(desk, opened.request)
    _head(session, desk, opened, due)
    who = told_who(desk, opened, looked, sees=sees)
    say_address(session, opened, who)
    changes = say_changes(session, desk, opened, by, sees=sees) | say_words(session, opened, by, sees=sees)
    _to_do(session, desk, opened, looked)
    if history:
        _history(session, opened)
    said = told_one(desk, opened, due) | {"identity": who} | changes
    if looked is not None:
        said["perhaps"], said["proposals"] = looked.extract.perhaps, len(proposals(looked))
        said["rows"] = told_doubts(looked)
    if findings:
        said["findings"] = session.speaker.told(tuple(findings))
    if history:
        said["history"] = [happened(each) for each in opened.history]
    session.speaker.answer(said)
    return 1 if due.overdue and case_open(opened.request.state) else 0


def show_worked(
    session: Session,
    desk: Desk,
    worked: Worked,
    by: str | None = None,
    said: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """One request after it was taken on, and what else is `said` of it as data. 1 where something is in its way."""
    sees = _sees(desk, worked.opened, by)
    if not sees:
        worked = replace(worked, looked=None, done={})
    due = _deadline(desk, worked.opened.request)
    session.speaker.findings(worked.findings)
    _head(session, desk, worked.opened, due)
    who = told_who(desk, worked.opened, worked.looked, sees=sees)
    say_address(session, worked.opened, who)
    changes = say_changes(session, desk, worked.opened, by, sees=sees)
    _done(session, worked)
    _to_do(session, desk, worked.opened, worked.looked)
    told = told_one(desk, worked.opened, due) | told_work(worked) | {"identity": who} | changes | dict(said)
    if worked.looked is not None:
        told["rows"] = told_doubts(worked.looked)
    session.speaker.answer(told | {"findings": session.speaker.told(worked.findings)})
    return 1 if worked.findings else 0


def show_works(session: Session, desk: Desk, worked: Sequence[Worked], refused: Sequence[Finding], wiped: Wiped) -> int:
    """Several after they were taken on, why others were not, and what was wiped."""
    from ombud.app.words import count

    say = session.speaker
    findings = tuple(dict.fromkeys((*refused, *(finding for each in worked for finding in each.findings))))
    say.findings(findings)
    if not worked and not refused:
        say.line("No request is open.")
    for each in worked:
        request = each.opened.request
        say.line((request.id, "bold"), f" {request.kind}: {_words(request.state)}", _waits(desk, each))
    if wiped.answers:
        say.line((f"{count(wiped.answers, 'file')} of answers that nobody fetched in time: wiped.", "dim"))
    told = [told_one(desk, each.opened, _deadline(desk, each.opened.request)) | told_work(each) for each in worked]
    say.answer({"requests": told, "wiped": asdict(wiped), "findings": say.told(findings)})
    return 1 if findings else 0


def _waits(desk: Desk, worked: Worked) -> str:
    waits = _waited_for(desk, worked.opened)
    return f"; waits for {waits}" if waits else ""


def _waited_for(desk: Desk, opened: Opened, *, shown: bool = False) -> str:
    """What it waits for, and the command; `shown`: it is being shown, and no command to show it is named."""
    from ombud.app.requests.answering import waits_for_address
    from ombud.app.requests.waits import waits_of
    from ombud.rights.model import State

    state = opened.request.state
    for_address = state is State.CARRIED_OUT and waits_for_address(desk, opened)
    return waits_of(opened.id, state, for_address=for_address, shown=shown)


def _sees(desk: Desk, opened: Opened, by: str | None) -> bool:
    from ombud.app.requests.guarding import may
    from ombud.rights.protected import Deed

    return may(desk, opened, Deed.SHOW_CASE, by)


# --- in words ---------------------------------------------------------------------------------------------------


def _head(session: Session, desk: Desk, opened: Opened, due: Deadline) -> None:
    from ombud.rights.guards import in_the_way
    from ombud.rights.model import Part, State

    say, request = session.speaker, opened.request
    of = desk.loaded.policy.companies[request.company].name if request.company else "the whole group"
    say.line((request.id, "bold"), f"  {request.kind}, of {of}: ", (_words(request.state), "bold"))
    if request.protected:
        say.line(("The identity is protected: nothing is done without a named handler.", "bold yellow"))
    when = f"came in {request.received.isoformat()}, answer by {due.act_by.isoformat()}"
    if due.act_by != due.due or due.due != due.due_if_eves:
        when += f" (at the latest {max(due.due, due.due_if_eves).isoformat()}, whether eves count or not)"
    if case_open(request.state):
        left = f"{-due.days_left} days late" if due.overdue else f"{due.days_left} days left"
        say.line(when, ": ", (left, "bold red" if due.overdue else "green"), indent=2)
        for reason in due.reasons:
            say.line((reason["en"], "dim"), indent=4)
    else:
        say.line(when, indent=2)
    if told := request.answered or request.answered_in_part:
        say.line(f"answered{'' if request.answered else ' in part'} on {told.isoformat()}", indent=2)
    if request.parts:
        done = sum(part in (Part.DONE, Part.COLLECTED) for part in request.parts.values())
        say.line(
            f"{done} of {len(request.parts)} sources: ",
            ", ".join(_part(*each) for each in request.parts.items()),
            indent=2,
        )
    if waits := _waited_for(desk, opened, shown=True):
        say.line(("waits for ", "yellow"), waits, indent=2)
    for transfer in transfers_said(opened):
        say.line(transfer, indent=2)
    if request.state is State.CARRIED_OUT and (open_ := underway(request)):
        hint = "Tell them first (ombud recipients --tell), or a second letter follows this one."
        say.line((f"not told yet: {', '.join(open_)}. ", "yellow"), hint, indent=2)
    say_identity(session, desk, opened)
    if request.state in (State.DELIVERED, State.REFUSED, State.WITHDRAWN):
        for each in in_the_way(request):
            say.line(("· ", "yellow"), each, indent=4)


def underway(request: Request) -> tuple[str, ...]:
    """The recipients that are being told still."""
    return tuple(name for name, telling in request.tellings.items() if telling.told.value == "open")


def _choices(session: Session, desk: Desk, opened: Opened, looked: Looked) -> None:
    """What happens to each purpose for which something of the person is held, those that wait for a choice first."""
    from ombud.app.requests.deciding import is_held
    from ombud.app.requests.marks import measures_of
    from ombud.policy.model import OnErasure

    said = {OnErasure.ENDS: "ends", OnErasure.STAYS: "stays", OnErasure.REVIEW: "choose"}
    alike: dict[tuple[str, ...], list[str]] = {}
    decisions = measures_of(desk, opened).decisions
    theirs = [each for each in decisions if is_held(each, looked)]
    for each in sorted(theirs, key=lambda each: (list(said).index(each.outcome) != len(said) - 1, each.purpose)):
        alike.setdefault((each.purpose, said[each.outcome], each.article, ", ".join(each.statutes)), []).append(
            each.company
        )
    if alike:
        rows = [
            (purpose, ", ".join(companies), what, article, statutes or "·")
            for (purpose, what, article, statutes), companies in alike.items()
        ]
        session.speaker.table(("purpose", "company", "what", "article", "statute"), rows, whole=(0, 2))
    if others := len({each.purpose for each in decisions} - {each.purpose for each in theirs}):
        session.speaker.line((f"For {others} other purposes nothing of the person is held.", "dim"), indent=2)


def _part(source: str, part: str) -> str:
    said = {
        "pending": "not looked at",
        "unread": "could not be read",
        "collected": "found",
        "failed": "not done",
        "done": "done",
    }
    return f"{source} {said[part]}"


def _done(session: Session, worked: Worked) -> None:
    from ombud.app.words import count

    for source, each in worked.done.items():
        gone = sum(table.deleted for table in each.tables.values())
        cells = sum(sum(table.blanked.values()) for table in each.tables.values())
        if gone or cells:
            session.speaker.line(
                f"{source}: {count(gone, 'row')} deleted, {count(cells, 'cell')} blanked, with what was due anyway.",
                indent=2,
            )


def _to_do(session: Session, desk: Desk, opened: Opened, looked: Looked | None) -> None:
    """What a handler has to look at, or to choose; of a protected identity nothing is shown."""
    from ombud.rights.model import State

    if looked is None:
        return
    if opened.request.state is State.REVIEW:
        _to_review(session, desk, looked)
    elif opened.request.state is State.DECISION:
        _choices(session, desk, opened, looked)


def _to_review(session: Session, desk: Desk, looked: Looked) -> None:
    from ombud.app.requests.deciding import proposals
    from ombud.app.words import count

    say = session.speaker
    if looked.extract.perhaps:
        rows = count(looked.extract.perhaps, "row")
        say.line((f"{rows} only may be theirs", "bold yellow"), ": those that are not named stay out.", indent=2)
        say_doubts(session, desk, looked)
    every = proposals(looked)
    if not every:
        return
    texts = _texts(looked)
    rows_ = []
    for number, (cell, n) in enumerate(every, start=1):
        proposal = looked.review.cells[cell].proposals[n]
        text = texts.get(cell, "")
        start, end = proposal.span.start, proposal.span.end
        shown = f"…{text[max(0, start - AROUND) : start]}[{text[start:end]}]{text[end : end + AROUND]}…"
        rows_.append((str(number), f"{cell.source}/{cell.table}/{cell.key}.{cell.name}", proposal.span.why, shown))
    say.line("What may be others' data is left out, unless it is kept by its number:", indent=2)
    say.table(("number", "where", "why", "text"), rows_, right=(0,))


def _texts(looked: Looked) -> Mapping[Any, str]:
    from ombud.rights.masking import at

    return {
        at(record, datum): datum.value
        for record in looked.extract.records
        for datum in record.data
        if isinstance(datum.value, str)
    }


def _history(session: Session, opened: Opened) -> None:
    rows = [
        (str(each.number), each.day.isoformat(), _spaced(each.kind), _of_event(each.payload), each.actor)
        for each in opened.history
    ]
    session.speaker.table(("", "day", "what", "which", "by"), rows, right=(0,), whole=(1, 4))


def _of_event(payload: Mapping[str, Any]) -> str:
    """What of an event tells it from others of its kind."""
    known = ("source", "recipient", "to", "what", "proof", "why", "how", "reason", "receipt", "verdict", "due")
    return ", ".join(str(payload[name]) for name in known if payload.get(name))


def _deadline(desk: Desk, request: Any) -> Deadline:
    from ombud.rights.deadlines import deadline_of

    return deadline_of(request, desk.today(), desk.rules.prompt)


def _standing(request: Any) -> str:
    """Its state, and of a closed one that a restriction which it brought is not lifted."""
    lasts = request.restriction.value in ("stands", "noticed") and request.state.value == "closed"
    return f"{_words(request.state)}, restriction {request.restriction}" if lasts else _words(request.state)


def _words(state: object) -> str:
    return str(state).replace("_", " ")


def _spaced(kind: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind).strip()
