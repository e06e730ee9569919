"""What is found of the person: the answer as it would be now, and what somebody has to look at in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ombud.app.ambiguous import ambiguous, without_former
from ombud.app.extracting import extracts, known_each
from ombud.app.loaded import Loaded, Refused
from ombud.app.others import propose, propose_each
from ombud.app.requests.called import called
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.guarding import protection_of
from ombud.app.requests.same_rows import check_same
from ombud.documents.extract import About, Extract
from ombud.register.written import read, write
from ombud.rights.events import Reviewed as ReviewedEvent
from ombud.rights.masking import At, masked_extract
from ombud.rights.matching import Ambiguous, offered
from ombud.rights.model import RequestKind
from ombud.rights.others import Review, Reviewed
from ombud.rights.portable import observed_counts
from ombud.rights.protected import Deed, Rule
from ombud.terms import Finding, Place

ANSWERS = frozenset({RequestKind.ACCESS, RequestKind.PORT, RequestKind.COMPLAIN, RequestKind.CLAIM})
"""Kinds whose answer holds the person's data, and so may hold others'."""

SWEEPS = frozenset({RequestKind.ERASE, RequestKind.OBJECT, RequestKind.WITHDRAW})
"""Kinds after whose marks something of the person may be due; their answer says what is held when it is gone."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a request finds now: the extract, the proposals of what is others', and who could not be asked.

    `doubts` are the rows that only may be the person's, each with why.
    """

    extract: Extract = field(repr=False)
    review: Review = field(default_factory=Review, repr=False)
    findings: tuple[Finding, ...] = ()
    doubts: tuple[Ambiguous, ...] = field(default=(), repr=False)

    @property
    def masked(self) -> Extract:
        """The extract without what is others': all that was proposed and not rejected."""
        return masked_extract(self.extract, self.review.spans())


def look(desk: Desk, opened: Opened) -> Looked:
    """Read every source for the person. What a reviewer decided holds for the texts that are the same still.

    Raises Refused where a row by which they were named is somebody else's by now.
    """
    check_same(desk, opened)
    by, former = called(opened), _former_finds(desk, opened)
    loaded = map_for(desk, protected=not former)
    (found,) = _extracts(desk.loaded, [opened], former=former)
    doubts = ambiguous(loaded, by) if found.perhaps else ()
    doubts = offered(doubts, protected=protection_of(desk, opened).stands)
    if opened.request.kind not in ANSWERS:
        return Looked(found, doubts=doubts)
    proposed, findings = propose(loaded, found, [text for text in by.texts if "=" in text])
    return Looked(found, reviewed(opened).again(proposed), findings, doubts)


def look_each(desk: Desk, every: Sequence[Opened]) -> tuple[Looked, ...]:
    """The same for several of one kind, but for the doubts, which are for whoever looks at one: every source is read
    once for all of them, and asked for each what may be others'. Who is protected is read apart.
    """
    ordinary = [each for each in every if not each.request.protected]
    seen = _extracts(desk.loaded, ordinary) if ordinary else ()
    looked = list(map(Looked, seen))
    if ordinary and ordinary[0].request.kind in ANSWERS:
        named = [[text for text in called(each).texts if "=" in text] for each in ordinary]
        proposed, findings = propose_each(desk.loaded, list(zip(seen, named, strict=True)))
        looked = [
            Looked(extract, reviewed(each).again(review), findings)
            for each, extract, review in zip(ordinary, seen, proposed, strict=True)
        ]
    found = dict(zip((each.id for each in ordinary), looked, strict=True))
    return tuple(found[each.id] if each.id in found else look(desk, each) for each in every)


def about_of_each(desk: Desk, every: Sequence[Opened]) -> tuple[About, ...]:
    """Whom each is about now, and nothing of what is held; who may be meant by what somebody had before, too."""
    return tuple(person.about for person, _ in known_each(desk.loaded, list(map(called, every))))


def _extracts(loaded: Loaded, every: Sequence[Opened], *, former: bool = True) -> tuple[Extract, ...]:
    loaded = loaded if former else without_former(loaded)
    kind = RequestKind.PORT if every[0].request.kind is RequestKind.PORT else RequestKind.ACCESS
    named = [(each.id, called(each)) for each in every]
    return extracts(loaded, named, kind=kind, observed=observed_counts(loaded.policy), former=former)


def _former_finds(desk: Desk, opened: Opened) -> bool:
    """Whether somebody may be found by what they had before: a protected identity is not."""
    return protection_of(desk, opened).rule(Deed.MATCH_FORMER_CONTACT) is not Rule.NEVER


def map_for(desk: Desk, *, protected: bool) -> Loaded:
    """The project as it says who somebody is: a protected identity is nobody by what they had before."""
    return without_former(desk.loaded) if protected else desk.loaded


def check_untied(desk: Desk, opened: Opened) -> None:
    """Raises Refused (C190) where an end would reach more than is found of a protected identity, for by the map it is
    tied to them by what somebody had before: that is parted by a person, and never followed.
    """
    if opened.request.kind not in SWEEPS or not opened.request.protected:
        return
    theirs, tied = (_cells(_extracts(desk.loaded, [opened], former=former)[0]) for former in (False, True))
    if more := tied - theirs:
        sources = ", ".join(dict.fromkeys(source for source, *_ in sorted(more)))
        message = f"{sources}: something is tied to a protected identity by what somebody had before, and would go too"
        hint = (
            "part it: remove what was had before from its row (ombud request rectify --set ROW.CELL), or name the "
            "person by what they have now; then: ombud request work"
        )
        raise Refused(Finding("C190", Place("request"), message, hint))


def _cells(extract: Extract) -> frozenset[tuple[str, str, str, str]]:
    records = extract.records
    return frozenset((each.source, each.table, each.key, datum.name) for each in records for datum in each.data)


def reviewed(opened: Opened) -> Review:
    """What a reviewer has decided of this request, if anybody has."""
    return review_of(opened.note(ReviewedEvent).get("masks", ()))


def review_said(review: Review) -> list[dict[str, Any]]:
    """A review as a note keeps it."""
    return [{"at": write(cell), "cell": write(known)} for cell, known in review.cells.items()]


def review_of(said: Sequence[Mapping[str, Any]]) -> Review:
    """And back."""
    return Review({read(At, each["at"]): read(Reviewed, each["cell"]) for each in said})


def unread(looked: Looked) -> frozenset[str]:
    """Sources of which something could not be read."""
    return frozenset(name.partition("/")[0] for name in looked.extract.unread)


def refused_codes(refusal: Refused) -> str:
    """The codes of a refusal: what a request's history says of it."""
    return " ".join(dict.fromkeys(finding.code for finding in refusal.findings))
