"""Marks: written in the register first, then acknowledged by each source under its gate."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date

from ombud.adapters.register import Register
from ombud.app.ambiguous import without_former
from ombud.app.consequences import ends_at_erasure, ends_what_stays
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.meant import Whom, refs_of, refs_of_each
from ombud.app.planning import sweep_of
from ombud.app.register_kept import check_register
from ombud.app.sources import Opened, opened
from ombud.app.standing_marks import undone_by
from ombud.engine.sidecar import acknowledge
from ombud.policy.tree import guess
from ombud.terms import TRACK_OF, Act, Finding, KeyRef, Mark, Place, Ref

LONGEST = 500
"""Characters of a ground."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to be marked, as they said it. `text_version`: of a consent, what was shown.

    Unless `former`, it names no row that has what they said only as what somebody had before (spec/identity.md §4).
    """

    act: Act
    subjects: tuple[str, ...]
    purpose: str | None = None
    company: str | None = None
    day: date | None = None
    ground: str = ""
    every_purpose: bool = False
    request: str = ""
    allows: frozenset[str] = frozenset()
    review: date | None = None
    text_version: str = ""
    former: bool = True


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


def mark_for_requests(loaded: Loaded, wishes: Sequence[Wish]) -> tuple[tuple[Mark, ...], tuple[Finding, ...]]:
    """The marks of people's requests; everybody is found at once, and each source acknowledges all of them once.

    One that is a request's latest on its track already is not set again, so that whoever was killed in between can go
    on; one that the request has undone since is. The second part says which sources have not acknowledged them. Raises
    Refused where nothing was written.
    """
    for wish in {replace(wish, subjects=(), request=""): wish for wish in wishes}.values():
        _checked(loaded, wish)
    check_register(loaded)
    digest, register = loaded.keys()
    asking = {wish.request for wish in wishes}
    latest = {_track(mark): mark.act for mark in register.marks() if mark.request in asking}
    waiting = [wish for wish in wishes if latest.get(_track(wish)) is not wish.act]
    kept: tuple[Mark, ...] = ()
    if waiting:
        found: dict[tuple[tuple[str, ...], bool], Whom] = {}
        for former in sorted({wish.former for wish in waiting}):
            persons = tuple(dict.fromkeys(wish.subjects for wish in waiting if wish.former is former))
            whom, _ = refs_of_each(loaded if former else without_former(loaded), persons, digest)
            found |= {(subjects, former): each for subjects, each in zip(persons, whom, strict=True)}
        made = [_made(loaded, wish, found[wish.subjects, wish.former].refs) for wish in waiting]
        kept = register.add_all(made, _now(loaded))
    return kept, _delivered(loaded)[1]


def _made(loaded: Loaded, wish: Wish, refs: frozenset[Ref]) -> Mark:
    ground = " ".join(wish.ground.split())
    made = Mark(0, wish.day or loaded.today(), wish.act, refs, wish.purpose, wish.company, ground)
    return replace(made, allows=wish.allows, request=wish.request, review=wish.review, text_version=wish.text_version)


def _track(said: Mark | Wish) -> tuple[object, ...]:
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
