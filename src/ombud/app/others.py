"""Other people in an answer's free text: who stands beside the requester, and what is proposed of them.

The databases are asked once a table or source for all that was found, never once for each find, and never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from ombud.app.around import MOST_BESIDE, Around, Beside, is_of
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.named_there import known_there
from ombud.app.sources import Opened, opened
from ombud.datamap.identity import KINDS, normalise
from ombud.datamap.model import DataMap
from ombud.documents.extract import Datum, Extract, Record
from ombud.policy.model import Policy
from ombud.rights.masking import At, at
from ombud.rights.others import Identifier, Known, Other, Review, Reviewed, Whose, is_free
from ombud.rights.patterns import Found, found_in
from ombud.rights.phrases import pairs
from ombud.rights.proposing import Reader
from ombud.terms import Finding, Level

Text = tuple[Record, Datum, str, bool]
"""A cell that holds a text, with it, and whether it is free."""

Find = Callable[[str], tuple[Found, ...]]
"""The identifiers in a text, each text of an answer read once."""


def propose(loaded: Loaded, extract: Extract, subjects: Iterable[str] = ()) -> tuple[Review, tuple[Finding, ...]]:
    """What in the answer's texts may be other people's, and which sources could not be asked who they are.

    `subjects` are the identifiers that the request named, `email=…`. A source that is not asked makes no proposal go
    away: what is found by its pattern alone is proposed all the same.
    """
    (review,), findings = propose_each(loaded, [(extract, subjects)])
    return review, findings


def propose_each(
    loaded: Loaded, answers: Sequence[tuple[Extract, Iterable[str]]]
) -> tuple[tuple[Review, ...], tuple[Finding, ...]]:
    """The same for several answers, each with what its request named. Every source is opened once for all of them, and
    asked for each.
    """
    every = [_Proposing.of(loaded, extract, subjects) for extract, subjects in answers]
    findings: dict[Finding, None] = {}
    for source in loaded.datamap.sources:
        try:
            with opened(loaded, source, read_only=True) as there, there.connection.begin():
                around = Around(there, loaded.policy)
                for each in every:
                    findings |= dict.fromkeys(_cut(loaded, source, each.ask(there, loaded.policy, around)))
        except Refused as refusal:
            findings |= dict.fromkeys(replace(finding, level=Level.WARNING) for finding in refusal.findings)
            if any(source in extract.read for extract, _ in answers):
                findings[_unasked(loaded, source)] = None
    digest, _ = loaded.keys()
    return tuple(each.review(digest) for each in every), tuple(findings)


@dataclass
class _Proposing:
    """One answer's texts, what is the requester's own, and what the sources have said so far of others."""

    records: tuple[Record, ...]
    texts: list[Text]
    own: Known
    wanted: Mapping[Identifier, str]
    names: tuple[str, ...]
    find: Find
    around: list[Beside] = field(default_factory=list)
    theirs: dict[Identifier, Whose] = field(default_factory=dict)
    people: list[Other] = field(default_factory=list)

    @classmethod
    def of(cls, loaded: Loaded, extract: Extract, subjects: Iterable[str]) -> _Proposing:
        find = cache(found_in)
        texts = [
            (record, datum, datum.value, is_free(datum.category, datum.value))
            for record in extract.records
            for datum in record.data
            if isinstance(datum.value, str)
        ]
        own = _own(loaded, extract, subjects, texts, find)
        return cls(extract.records, texts, own, *_wanted(texts, own, find), find)

    def ask(self, there: Opened, policy: Policy, looking: Around) -> Beside:
        around = looking.beside([r for r in self.records if r.source == there.name], self.own)
        self.around.append(around)
        identifiers, people = known_there(there, policy, self.wanted, self.names)
        self.theirs = {**identifiers, **self.theirs}
        self.people += people
        return around

    def review(self, digest: Digest) -> Review:
        theirs = dict(self.theirs)
        for each in self.around:
            theirs |= each.identifiers
        others = [*(other for each in self.around for other in each.others), *self.people]
        reader = Reader(replace(self.own, theirs=theirs, others=tuple(others)))
        cells: dict[At, Reviewed] = {}
        for record, datum, text, free in self.texts:
            if proposals := reader.read(text, free=free, found=self.find(text)):
                cells[at(record, datum)] = Reviewed(seal(digest, text), len(text), proposals)
        return Review(cells)


UNASKED = "C232"
"""A source that was read could not be asked who others are: somebody looks at the texts."""


def _unasked(loaded: Loaded, source: str) -> Finding:
    message = f"{source} could not be asked who else is named in the texts"
    hint = "read the texts with that in mind, before they are told: ombud request show"
    return Finding(UNASKED, loaded.project.sources[source].place, message, hint, Level.WARNING)


def _cut(loaded: Loaded, source: str, around: Beside) -> Iterator[Finding]:
    for table in around.cut:
        message = f"{source}.{table}: more than {MOST_BESIDE:,} rows stand beside the requester's in one thread"
        hint = "names of the others there are not looked for: read the texts of this source with that in mind"
        yield Finding("C140", loaded.project.sources[source].place, message, hint, Level.WARNING)


def seal(digest: Digest, text: str) -> str:
    """The keyed hash of a text, to the character."""
    return digest("text", text.encode("utf-8", "surrogatepass").hex())


def unfit(digest: Digest, extract: Extract, review: Review) -> tuple[At, ...]:
    """The reviewed cells whose text is another by now, or not there: they are to be proposed and reviewed again."""
    there = {
        at(record, datum): seal(digest, datum.value)
        for record in extract.records
        for datum in record.data
        if isinstance(datum.value, str)
    }
    return tuple(cell for cell, known in review.cells.items() if there.get(cell, known.seal) != known.seal)


# --- the requester's own ----------------------------------------------------------------------------------------


def _own(loaded: Loaded, extract: Extract, subjects: Iterable[str], texts: Sequence[Text], find: Find) -> Known:
    """What the answer says is theirs: identifiers and addresses in its columns, and the names of their own rows."""
    asked = ((kind, value) for kind, _, value in (text.partition("=") for text in subjects))
    identifiers = {(kind, normalise(kind, value)) for kind, value in asked}
    persons = [r for r in extract.records if is_subject(loaded.datamap, r)] or list(extract.records)
    identifiers |= {(kind, normalise(kind, value)) for kind, value in {*_identifying(texts, find)}}
    identifiers |= {(kind, normalise(kind, value)) for kind, value in _organisation(loaded.policy)}
    # Where no row of a person tells a name, as once that row is gone, whatever is certainly theirs tells it.
    names = _texts(loaded.policy, persons, "name") or _texts(loaded.policy, extract.records, "name")
    return Known(frozenset(identifiers), names, _texts(loaded.policy, extract.records, "address"))


def is_subject(datamap: DataMap, record: Record) -> bool:
    """Whether the record is a person's own row."""
    return any(subject.table == record.table for subject in datamap.sources[record.source].subjects.values())


def _identifying(texts: Iterable[Text], find: Find) -> Iterator[tuple[str, str]]:
    """Kind and text of the cells that hold one identifier and nothing else, by the map or by what they look like."""
    for _, datum, text, free in texts:
        if not free:
            found = find(text)
            if len(found) == 1 and found[0].form:
                yield found[0].kind, text
            elif (last := datum.category.rpartition(".")[2]) in KINDS:
                yield last, text


def _organisation(policy: Policy) -> Iterator[tuple[str, str]]:
    """Where the organisation itself is reached: these are nobody's personal data."""
    for held in (*(each.contact for each in policy.companies.values()), *_of_officer(policy)):
        yield from ((kind, held[kind]) for kind in ("email", "phone") if held.get(kind))


def _of_officer(policy: Policy) -> tuple[Mapping[str, str], ...]:
    return (policy.organisation.officer, policy.organisation.authority) if policy.organisation else ()


def _texts(policy: Policy, records: Iterable[Record], sort: str) -> tuple[str, ...]:
    found = (
        datum.value
        for record in records
        for datum in record.data
        if isinstance(datum.value, str) and is_of(policy, datum.category, sort)
    )
    return tuple(dict.fromkeys(filter(None, found)))


# --- what is asked of the databases -----------------------------------------------------------------------------


def _wanted(texts: Iterable[Text], own: Known, find: Find) -> tuple[Mapping[Identifier, str], tuple[str, ...]]:
    """The identifiers found in all texts, each with how it is written there, and names in the free ones."""
    wanted: dict[Identifier, str] = {}
    names: dict[str, None] = {}
    for _, _, text, free in texts:
        for each in find(text):
            if each.form and (each.kind, each.form) not in own.own:
                wanted.setdefault((each.kind, each.form), text[each.start : each.end])
        if free:
            names |= dict.fromkeys(pairs(text))
    return wanted, tuple(names)
