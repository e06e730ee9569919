"""Marks: written in the register first, then acknowledged by each source under its gate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date

from ombud.adapters.register import Register
from ombud.app.consequences import ends_at_erasure, ends_what_stays
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.meant import refs_of
from ombud.app.planning import sweep_of
from ombud.app.register_kept import check_register
from ombud.app.sources import Opened, opened
from ombud.app.standing_marks import meets, standing_marks, undone_by
from ombud.engine.sidecar import acknowledge
from ombud.policy.tree import guess
from ombud.terms import TRACK_OF, Act, Finding, KeyRef, Mark, Place, Ref

LONGEST = 500
"""Characters of a ground."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be marked, as they said it. `text_version`: of a consent, what was shown."""

    act: Act
    subjects: tuple[str, ...] = ()
    purpose: str | None = None
    company: str | None = None
    day: date | None = None
    ground: str = ""
    every_purpose: bool = False
    request: str = ""
    allows: frozenset[str] = frozenset()
    review: date | None = None
    text_version: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark, whom it names (`perhaps`: rows that share the identifier, named by it alone), and who acknowledged it.

    `carriers` says in how many rows, or memories of rows, without a person of their own one of its identifiers stands,
    `apart` in how many of them in sources where nobody shares it; `undoes` numbers the marks that counted until this
    one.
    """

    mark: Mark
    perhaps: tuple[KeyRef, ...] = ()
    acknowledged: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    carriers: int = 0
    undoes: tuple[int, ...] = ()
    apart: int = 0

    @property
    def without_effect_on(self) -> tuple[KeyRef, ...]:
        """The rows that it only may mean, where that ends nothing: what removes must be certain (spec/claims.md §3)."""
        return self.perhaps if self.mark.act is Act.ENDED else ()

    @property
    def ends_nothing(self) -> bool:
        """Whether it only may mean whomever it could mean today, and so ends nothing."""
        named = self.apart or self.findings or any(isinstance(ref, KeyRef) for ref in self.mark.refs)
        return bool(self.without_effect_on and not named)

    @property
    def reaches_nobody(self) -> bool:
        """Whether every source was asked, and none has anything of the person."""
        named = self.perhaps or any(isinstance(ref, KeyRef) for ref in self.mark.refs)
        return not (named or self.carriers or self.findings)


def mark(loaded: Loaded, wish: Wish, *, dry_run: bool) -> Marked:
    """Find the person, write the mark, have each source acknowledge it. Raises Refused where nothing was written."""
    _checked(loaded, wish)
    check_register(loaded)
    digest, register = loaded.keys()
    certain, perhaps, (carriers, apart), findings = refs_of(loaded, wish.subjects, digest)
    made = _made(loaded, wish, certain)
    if not dry_run:
        _meant(loaded, wish, made)
    undoes = undone_by(replace(made, seq=register.newest() + 1), register.marks(), loaded.today())
    if dry_run:
        return Marked(made, perhaps, {}, findings, carriers, undoes, apart)
    kept = register.add(made, _now(loaded))
    acknowledged, undelivered = _delivered(loaded)
    told = {(finding.code, finding.message) for finding in undelivered}
    findings = tuple(finding for finding in findings if (finding.code, finding.message) not in told)
    return Marked(kept, perhaps, acknowledged, (*findings, *undelivered), carriers, undoes, apart)


Track = tuple[object, ...]
"""Of a request, on which track, for which purpose and company."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a request's marks reach: `refs`; and `but` never, for that was a mistake and was taken back."""

    refs: frozenset[Ref]
    but: frozenset[Ref] = frozenset()


Whose = Callable[[Collection[str]], Mapping[str, Reach]]
"""Whom requests, by their numbers, are about."""


def mark_for_requests(loaded: Loaded, wishes: Sequence[Wish], whose: Whose) -> tuple[Finding, ...]:
    """Set the marks of people's requests, and have each source acknowledge all of them once; which have not.

    One that is a request's latest on its track already is not set again, so that whoever was killed in between can go
    on; one that the request has undone since is. What is undone, or set again, reaches whomever the request's earlier
    marks on the track did: the identifier by which they were found may be another by now, and their row gone. Raises
    Refused where nothing was written.
    """
    for wish in {replace(wish, request=""): wish for wish in wishes}.values():
        _checked(loaded, wish)
    check_register(loaded)
    _, register = loaded.keys()
    asking = {wish.request for wish in wishes}
    latest: dict[Track, Act] = {}
    before: dict[Track, frozenset[Ref]] = {}
    for mark in register.marks():
        if mark.request in asking:
            latest[_track(mark)] = mark.act
            before[_track(mark)] = before.get(_track(mark), frozenset()) | mark.refs
    waiting = [wish for wish in wishes if latest.get(_track(wish)) is not wish.act]
    if waiting:
        found = whose({wish.request for wish in waiting})
        made = []
        for wish in waiting:
            reach = found[wish.request]
            made.append(_made(loaded, wish, (reach.refs | before.get(_track(wish), frozenset())) - reach.but))
        _add(loaded, made, asking)
    return _delivered(loaded)[1]


UNDOES: Mapping[Act, Act] = {
    Act.HELD: Act.RELEASED,
    Act.RESTRICTED: Act.LIFTED,
    Act.OBJECTED: Act.OVERRIDDEN,
    Act.ENDED: Act.RESUMED,
}
"""By what an act is undone. Nobody says for a person that they consent again."""


def take_back(loaded: Loaded, request: str, refs: frozenset[Ref]) -> tuple[tuple[Act, ...], tuple[Finding, ...]]:
    """Undo what a request has marked of somebody who was never meant: which acts could not be, and which sources have
    not acknowledged it. Called again, it does nothing more.
    """
    marks = loaded.keys()[1].marks()
    ground = f"not meant: {request}"
    done = {(mark.act, mark.purpose, mark.company, mark.refs) for mark in marks if mark.ground == ground}
    meant = [
        replace(each.mark, seq=0, refs=each.mark.refs & refs)
        for each in standing_marks(marks, loaded.today())
        if each.mark.request == request and each.mark.refs & refs and each.undone is None
    ]
    made = [
        Mark(0, loaded.today(), UNDOES[mark.act], mark.refs, mark.purpose, mark.company, ground)
        for mark in meant
        if mark.act in UNDOES
    ]
    _add(loaded, [mark for mark in made if (mark.act, mark.purpose, mark.company, mark.refs) not in done], {request})
    return tuple(dict.fromkeys(mark.act for mark in meant if mark.act not in UNDOES)), _delivered(loaded)[1]


def _add(loaded: Loaded, made: Sequence[Mark], requests: Collection[str]) -> None:
    """Write them down. What another request, or somebody by hand, protects is set again after what would end it: of a
    track the latest mark decides, whoever set it.
    """
    register = loaded.keys()[1]
    ending = [mark for mark in made if mark.act in (Act.RELEASED, Act.LIFTED)]
    again: dict[Mark, None] = {}
    of: dict[Ref, list[Mark]] = defaultdict(list)
    for each in standing_marks(register.marks(), loaded.today()) if ending else ():
        if each.mark.act in (Act.HELD, Act.RESTRICTED) and each.undone is None and each.mark.request not in requests:
            for ref in each.mark.refs:
                of[ref].append(each.mark)
    for mark in ending:
        for other in {other.seq: other for ref in mark.refs for other in of.get(ref, ())}.values():
            if UNDOES[other.act] is mark.act and meets(other, mark):
                again[replace(other, seq=0, day=loaded.today(), refs=other.refs & mark.refs)] = None
    if made:
        register.add_all([*made, *again], _now(loaded))


def _made(loaded: Loaded, wish: Wish, refs: frozenset[Ref]) -> Mark:
    ground = " ".join(wish.ground.split())
    made = Mark(0, wish.day or loaded.today(), wish.act, refs, wish.purpose, wish.company, ground)
    return replace(made, allows=wish.allows, request=wish.request, review=wish.review, text_version=wish.text_version)


def _track(said: Mark | Wish) -> Track:
    """The track of a request's marks, of which the latest decides."""
    return said.request, TRACK_OF[said.act], said.purpose, said.company


def _now(loaded: Loaded) -> str:
    return loaded.around.now().astimezone(UTC).isoformat(timespec="seconds")


def deliver(loaded: Loaded) -> tuple[Mapping[str, int], tuple[Finding, ...]]:
    """Have every source acknowledge every mark of the register; the newest number of each, and which could not.

    Raises Refused where the register itself is not whole.
    """
    check_register(loaded)
    return _delivered(loaded)


def _delivered(loaded: Loaded) -> tuple[Mapping[str, int], tuple[Finding, ...]]:
    digest, register = loaded.keys()
    acknowledged: dict[str, int] = {}
    findings: list[Finding] = []
    for name in loaded.datamap.sources:
        try:
            with opened(loaded, name) as source:
                acknowledged[name] = _deliver(source, loaded, digest, register)
        except Refused as refusal:
            findings += refusal.findings
            place = loaded.project.sources[name].place
            message = f"{name} has not acknowledged the marks, and is not swept until it has"
            findings.append(Finding("C070", place, message, "mend it, and run: ombud mark --deliver"))
    return acknowledged, tuple(findings)


def _deliver(source: Opened, loaded: Loaded, digest: Digest, register: Register) -> int:
    sweep = sweep_of(source, loaded, digest, "marks", loaded.today())
    sweep.prepare()
    with source.connection.begin():
        return acknowledge(source.connection, sweep.names, register.marks())


def _checked(loaded: Loaded, wish: Wish) -> None:
    findings = []
    purposes = {purpose: None for own in loaded.policy.purposes.values() for purpose in own}
    if wish.purpose is not None and wish.purpose not in purposes:
        findings.append(Finding("C071", Place("--purpose"), "there is no such purpose", guess(wish.purpose, purposes)))
    companies = dict(loaded.policy.companies)
    if wish.company is not None and wish.company not in companies:
        findings.append(Finding("C071", Place("--company"), "there is no such company", guess(wish.company, companies)))
    if wish.act is Act.ENDED and not wish.ground.strip():
        findings.append(
            Finding("C072", Place("--ground"), "what ends claims needs a ground", "say it: --ground 'Art. 17(1)(b)'")
        )
    if len(wish.ground) > LONGEST:
        findings.append(
            Finding("C072", Place("--ground"), f"longer than {LONGEST} characters", "name the case instead")
        )
    if _ADDRESS.search(wish.ground):
        hint = "name the case instead: a ground is kept, and told, wherever the mark is"
        findings.append(Finding("C072", Place("--ground"), "there is an e-mail address in it", hint))
    if findings:
        raise Refused(*findings)


def _meant(loaded: Loaded, wish: Wish, made: Mark) -> None:
    """An end of everything ends duties too, and what is deleted for it does not come back: somebody has to say so."""
    staying = ends_what_stays(loaded, made)
    if not staying or made.purpose is not None or wish.every_purpose:
        return
    mostly = ", ".join(f"--purpose {purpose}" for purpose in ends_at_erasure(loaded, made)[:3])
    hint = f"name one purpose{f' ({mostly})' if mostly else ''}; or say --every-purpose, if all of them are to end"
    message = f"this would also end what stays, or is weighed, at a request for erasure: {', '.join(staying)}"
    raise Refused(Finding("C076", Place("--purpose"), message, hint))
