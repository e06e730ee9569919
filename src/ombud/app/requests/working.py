"""The loop: whatever a request waits for that needs no person is done, and written down once it is.

What comes next is read from the request as it stands, so whoever was killed goes on where it was. Nothing here decides:
what may happen is in `rights.life`, what a request comes to in `rights.measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ombud.app.correcting import carry_out as correct
from ombud.app.corrections import look as corrections_of
from ombud.app.loaded import Refused
from ombud.app.meant import refs_of_each
from ombud.app.register_kept import lacks_marks
from ombud.app.requests.answering import keep_answer
from ombud.app.requests.approving import takes_two
from ombud.app.requests.deciding import kept_of
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.flagging import check_flags, flags_about, keep_found
from ombud.app.requests.guarding import flag_each, may
from ombud.app.requests.identifying import check_proven
from ombud.app.requests.looking import (
    ANSWERS,
    SWEEPS,
    Looked,
    about_of_each,
    check_untied,
    look,
    map_for,
    refused_codes,
    subjects_of,
    unread,
)
from ombud.app.requests.marks import measures_of, open_choices, set_marks
from ombud.app.requests.recipients import hear, recipients_of, tell, write_down
from ombud.app.requests.same_rows import check_same
from ombud.app.requests.transferring import settle
from ombud.app.requests.undated import undated
from ombud.app.requests.waits import OMBUD
from ombud.app.sources import opened as source_opened
from ombud.app.sweeping_persons import OfPersons
from ombud.app.sweeping_persons import carry_out as sweep
from ombud.engine.persons import Asked as Persons
from ombud.rights.commands import When
from ombud.rights.events import (
    CarriedOut,
    Closed,
    Collected,
    Decided,
    Event,
    Failed,
    Find,
    Found,
    Lifted,
    Reopened,
    Restricted,
)
from ombud.rights.guards import in_the_way, owes_letter
from ombud.rights.model import Part, RequestKind, Restriction, State
from ombud.rights.protected import Deed
from ombud.rights.rules import AT_ONCE, CHANGES
from ombud.terms import Finding, Level, Place, Ref


@dataclass(frozen=True, slots=True)
class Worked:
    """A request after the loop: where it stands, what was done in each source, and what was in the way."""

    opened: Opened
    done: Mapping[str, OfPersons] = field(default_factory=dict)
    looked: Looked | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = ()
    by: str | None = None


def work(desk: Desk, id: str, progress: Callable[[str], None] = lambda doing: None, by: str | None = None) -> Worked:
    """Take a request as far as it goes without a person. `progress` is told what is being done.

    `by` has it done: a handler's sign, or None for a machine, which carries out nothing of a protected identity.
    """
    worked = Worked(_with_new_sources(desk, desk.read(id), progress), by=by)
    while step := _STEPS.get(worked.opened.request.state):
        before = worked.opened.case.entries
        worked = step(desk, worked, progress)
        if worked.opened.case.entries == before:
            break
    return worked


Step = Callable[[Desk, Worked, Callable[[str], None]], Worked]

OPEN = frozenset({State.REVIEW, State.DECISION, State.CARRYING_OUT, State.CARRIED_OUT, State.DELIVERED})
"""States in which a source that can be read again, or is new to the project, takes the request back to collecting."""


def _with_new_sources(desk: Desk, opened: Opened, progress: Callable[[str], None]) -> Opened:
    """The request, reopened for sources that could not be read or were not there when it was collected."""
    if opened.request.state not in OPEN:
        return opened
    parts = opened.request.parts
    for source in desk.loaded.datamap.sources:
        if parts.get(source, Part.UNREAD) is not Part.UNREAD:
            continue
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


# --- collecting -------------------------------------------------------------------------------------------------


def _collect(desk: Desk, worked: Worked, progress: Callable[[str], None]) -> Worked:
    check_same(desk, worked.opened)
    worked = _at_once(desk, worked, progress)
    opened = worked.opened
    progress("looking for the person")
    looked = look(desk, opened)
    if events := tuple(_parts(opened, looked)):
        opened = desk.happen(opened, *events, by=OMBUD)
    worked = replace(worked, opened=opened, looked=looked, findings=added(worked.findings, looked.findings))
    if all(part is Part.UNREAD for part in opened.request.parts.values()):
        return worked
    with told(), desk.store.transaction():
        opened, doubt = _flagged(desk, opened, looked)
        keep_found(desk, [(opened, looked.extract.about)])
        what = Find.TO_REVIEW if doubt else what_is_found(looked)
        opened = desk.happen(opened, Found(what), by=OMBUD)
    return replace(worked, opened=opened)


def _parts(opened: Opened, looked: Looked) -> Iterator[Event]:
    """What became of each source that was waited for."""
    missing = unread(looked)
    for source, part in opened.request.parts.items():
        is_read = source in looked.extract.read and source not in missing
        if not is_read and part is Part.PENDING:
            yield Failed(source, "C030")
        elif is_read and part in (Part.PENDING, Part.UNREAD):
            yield Collected(source)


def _at_once(desk: Desk, worked: Worked, progress: Callable[[str], None]) -> Worked:
    """With what is marked before anything is decided, and that it is, once every source has acknowledged it."""
    opened = worked.opened
    if opened.request.kind not in AT_ONCE or opened.request.restriction is not Restriction.NONE:
        return worked
    progress("setting marks")
    lacking = set_marks(desk, opened, When.AT_ONCE)
    if not lacking and _is_lifted_later(desk, opened):
        opened = desk.happen(opened, Restricted(), by=OMBUD)
    return replace(worked, opened=opened, findings=added(worked.findings, lacking))


def _is_lifted_later(desk: Desk, opened: Opened) -> bool:
    """Whether the request brings a restriction."""
    found = measures_of(desk, opened)
    restricts = any(mark.when is When.LIFTED for mark in found.fixed)
    return restricts or any(mark.when is When.LIFTED for each in found.decisions for mark in each.if_stays)


def _flagged(desk: Desk, opened: Opened, looked: Looked) -> tuple[Opened, bool]:
    """The request once flags of a protected identity are known, and whether one stands or could not be read.

    A flag is remembered of the person, and nobody but who is named sees more; doubt is for somebody to look at now
    (spec/identity.md).
    """
    if opened.request.protected:
        return opened, True
    (flags,) = flags_about(desk, [looked.extract.about])
    if flags.known is not None:
        (opened,) = flag_each(desk, [(opened, flags.known)], OMBUD)
    return opened, flags.doubt


def what_is_found(looked: Looked) -> Find:
    """Whether somebody has to look: who may be meant, and what may be others'."""
    extract = looked.extract
    if extract.perhaps or looked.review.open:
        return Find.TO_REVIEW
    return Find.CLEAR if extract.records else Find.NOTHING


# --- deciding and carrying out ----------------------------------------------------------------------------------


def _decide(desk: Desk, worked: Worked, progress: Callable[[str], None]) -> Worked:
    """What the rules alone decide; all else waits for a handler."""
    request = worked.opened.request
    if request.protected or request.kind in desk.rules.by_hand or open_choices(desk, worked.opened):
        return worked
    if takes_two(desk, worked.opened):  # it is decided with its batch
        return worked
    return replace(worked, opened=desk.happen(worked.opened, Decided(OMBUD), by=OMBUD))


def _carry_out(desk: Desk, worked: Worked, progress: Callable[[str], None]) -> Worked:
    opened, kind = worked.opened, worked.opened.request.kind
    if kind not in CHANGES or not may(desk, opened, Deed.CARRY_OUT, worked.by):
        return worked
    try:
        check_same(desk, opened)
        check_proven(desk, opened)
        check_untied(desk, opened)
        progress("looking whether the identity is protected")
        check_flags(desk, opened, about_of_each(desk, [opened])[0])
    except Refused as refusal:
        return replace(worked, opened=desk.read(opened.id), findings=added(worked.findings, refusal.findings))
    progress("writing down who received what")
    unread_handings = write_down(desk)
    worked = _at_once(desk, worked, progress)
    opened = worked.opened
    progress("setting marks")
    lacking = set_marks(desk, opened, When.DECIDED)
    findings, done = added(worked.findings, (*unread_handings, *lacking)), dict(worked.done)
    persons = persons_of(desk, [opened]) if kind in SWEEPS else None
    for source, part in opened.request.parts.items():
        if part not in (Part.COLLECTED, Part.FAILED):
            continue
        progress(f"carrying it out in {source}")
        try:
            found = _in_source(desk, opened, source, persons, done)
        except Refused as refusal:
            findings = added(findings, refusal.findings)
            if part is Part.COLLECTED:
                opened = desk.happen(opened, Failed(source, refused_codes(refusal)), by=OMBUD)
            continue
        findings = added(findings, found)
        opened = desk.happen(opened, CarriedOut(source), by=OMBUD)
    return replace(worked, opened=opened, done=done, findings=findings)


def _in_source(
    desk: Desk, opened: Opened, source: str, persons: Persons | None, done: dict[str, OfPersons]
) -> tuple[Finding, ...]:
    """Do in one source what was decided; `persons` are swept. Raises Refused where not all of it is done."""
    loaded, kind = desk.loaded, opened.request.kind
    with source_opened(loaded, source) as there:
        if persons is not None:
            swept: OfPersons = sweep(loaded, there, persons, opened.id)
            done[source] = swept
            if not swept.complete:
                raise Refused(*(swept.findings or (incomplete(desk, source),)))
        elif lacks_marks(loaded, source, there.connection):
            place = loaded.project.sources[source].place
            message = f"{source} has not acknowledged the marks of the request"
            raise Refused(Finding("C070", place, message, "mend it, and run: ombud request work"))
    if persons is not None:
        if waits := undated(desk, opened, source, swept):
            raise Refused(*waits)
        return swept.findings
    if kind is RequestKind.RECTIFY:
        _correct(desk, opened, source)
    return ()


def persons_of(desk: Desk, every: Sequence[Opened]) -> Persons:
    """Whom requests are about, for a sweep of all of them; a protected identity is found by nothing former."""
    digest, _ = desk.loaded.keys()
    refs, values = set[Ref](), set[tuple[str, str]]()
    for protected in (False, True):
        subjects = [subjects_of(each) for each in every if each.request.protected is protected]
        whom, _ = refs_of_each(map_for(desk, protected=protected), subjects, digest) if subjects else ((), ())
        refs.update(ref for each in whom for ref in each.refs)
        parts = (text.partition("=") for texts in subjects for text in texts if "=" in text)
        values.update((kind, value) for kind, _, value in parts)
    return Persons(frozenset(refs), frozenset(values))


def _correct(desk: Desk, opened: Opened, source: str) -> None:
    settings = [text for text in opened.asked.settings if text.startswith(f"{source}/")]
    if not settings:
        return
    with told():
        known = {(each.source, each.key, each.cell): each for each in desk.store.corrections(opened.id)}
    loaded = map_for(desk, protected=opened.request.protected)
    corrections = corrections_of(loaded, subjects_of(opened), settings)
    for now in map(kept_of, corrections):
        then = known.get((now.source, now.key, now.cell))
        if then is not None and now.before not in (then.before, then.after):
            message = f"{source}.{now.table}.{now.cell} changed after it was decided"
            raise Refused(Finding("C123", Place("request"), message, "look again, and decide by what stands there now"))
    fresh = [kept_of(each) for each in corrections if (each.source, each.row, each.cell) not in known]
    if fresh:
        with told():
            desk.store.keep_corrections(opened.id, fresh)
    corrected = correct(desk.loaded, corrections, opened.id, protected=opened.request.protected)
    if corrected.findings:
        raise Refused(*corrected.findings)


def incomplete(desk: Desk, source: str) -> Finding:
    """C138: what was decided is not done there."""
    place = desk.loaded.project.sources[source].place
    hint = "see what holds it: ombud explain; then: ombud request work"
    return Finding("C138", place, f"{source}: something of the person is due still", hint)


# --- answering and closing --------------------------------------------------------------------------------------


def _answer(desk: Desk, worked: Worked, progress: Callable[[str], None]) -> Worked:
    """The answer is put together and kept sealed, until somebody delivers it."""
    opened = settle(desk, worked.opened)
    worked = replace(worked, opened=opened)
    if opened.request.kind in CHANGES:
        if not may(desk, opened, Deed.TELL_RECIPIENTS, worked.by):
            return worked
        lacking = set_marks(desk, opened, When.CARRIED_OUT)
        opened = tell(desk, opened, OMBUD)
        worked = replace(worked, opened=opened, findings=added(worked.findings, lacking))
    elif opened.request.kind in AT_ONCE and (lacking := set_marks(desk, opened, When.AT_ONCE)):
        return replace(worked, findings=added(worked.findings, lacking))  # nobody is told of a hold that is not there
    progress("writing the answer")
    looked = look(desk, opened) if opened.request.kind in ANSWERS | SWEEPS else None
    if looked is not None and opened.request.kind in ANSWERS:
        looked = _with_recipients(desk, opened, looked)
    keep_answer(desk, opened, looked)
    return replace(worked, looked=looked)


def _with_recipients(desk: Desk, opened: Opened, looked: Looked) -> Looked:
    """With everybody who has had the person's data, or may have (Art. 15(1)(c))."""
    found, findings = recipients_of(desk, opened, looked.extract)
    extract = replace(looked.extract, recipients=found)
    return replace(looked, extract=extract, findings=(*looked.findings, *findings))


def _end(desk: Desk, worked: Worked, progress: Callable[[str], None]) -> Worked:
    """What was set at once is taken back, a restriction lifted the day after its notice; then it is closed."""
    opened = worked.opened
    if opened.request.state is not State.CLOSED:
        opened = settle(desk, hear(desk, opened, OMBUD))
    request = opened.request
    if request.state in (State.REFUSED, State.WITHDRAWN) and request.kind in AT_ONCE and request.parts:
        lacking = set_marks(desk, opened, When.TAKEN_BACK)
        worked = replace(worked, findings=added(worked.findings, lacking))
    if (request.state is State.REFUSED and request.answered is None) or owes_letter(request):
        keep_answer(desk, opened, None)
    noticed = request.noticed if request.restriction is Restriction.NOTICED else None
    if noticed is not None and noticed < desk.today() and not set_marks(desk, opened, When.LIFTED):
        opened = desk.happen(opened, Lifted(), by=OMBUD)
    if not in_the_way(opened.request) and opened.request.state is not State.CLOSED:
        opened = desk.happen(opened, Closed(), by=OMBUD)
    return replace(worked, opened=opened)


_STEPS: Mapping[State, Step] = {
    State.COLLECTING: _collect,
    State.DECISION: _decide,
    State.CARRYING_OUT: _carry_out,
    State.CARRIED_OUT: _answer,
    State.DELIVERED: _end,
    State.REFUSED: _end,
    State.WITHDRAWN: _end,
    State.CLOSED: _end,
}


def added(findings: tuple[Finding, ...], more: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """With those that are new; what keeps a source from answering is a warning here, for the request says it too."""
    told = {(each.code, each.message) for each in findings}
    fresh = (replace(each, level=Level.WARNING) for each in more if (each.code, each.message) not in told)
    return (*findings, *fresh)
