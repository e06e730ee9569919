"""What in an answer's free text is about other people (Art. 15(4) GDPR): proposed, and decided by a person.

Nothing here changes a text. What is the requester's own is never proposed; what is doubtful is, with less confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ombud.documents.extract import Span
from ombud.rights.masking import At, merged


class Confidence(StrEnum):
    """How sure it is that this is somebody else's."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Whose(StrEnum):
    """Whose it seems to be. Whether staff are named is for the controller's policy, so they are told apart."""

    ANOTHER = "another"
    HOUSEHOLD = "household"
    STAFF = "staff"
    UNKNOWN = "unknown"


class Decision(StrEnum):
    """What the reviewer said of a proposal; an open one is masked too, and holds the answer back."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A span that may be somebody else's data. `kind`: of identifier, or "name", "address", "text"."""

    span: Span
    kind: str
    whose: Whose
    confidence: Confidence
    decision: Decision = Decision.OPEN
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A cell's proposals. `seal` is the keyed hash of the text they were made of: spans fit no other text."""

    seal: str
    length: int
    proposals: tuple[Proposal, ...]


class OutOfPlace(ValueError):
    """A decision about what is not there: no such cell, no such proposal, or a span outside the text."""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything proposed in one answer, by cell, in the order of the answer."""

    cells: Mapping[At, Reviewed] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many proposals nobody has decided about."""
        return sum(each.decision is Decision.OPEN for cell in self.cells.values() for each in cell.proposals)

    def accept(self, cell: At, number: int, by: str) -> Review:
        """It is somebody else's, and is left out. Raises OutOfPlace. `by` is the reviewer's id."""
        return self._decide(cell, number, Decision.ACCEPTED, by)

    def reject(self, cell: At, number: int, by: str) -> Review:
        """It stays in the answer. Raises OutOfPlace."""
        return self._decide(cell, number, Decision.REJECTED, by)

    def add(self, cell: At, start: int, end: int, why: str, by: str) -> Review:
        """Leave out what nobody proposed. Raises OutOfPlace. Of a cell without proposals, `seen` it first."""
        known = self._cell(cell)
        if not 0 <= start < end <= known.length:
            raise OutOfPlace("the span is not inside the text")
        added = Proposal(Span(start, end, why), "text", Whose.ANOTHER, Confidence.CERTAIN, Decision.ADDED, by)
        return self._with(cell, (*known.proposals, added))

    def seen(self, cell: At, seal: str, length: int) -> Review:
        """The same, with a cell that nothing was proposed in."""
        return self if cell in self.cells else Review({**self.cells, cell: Reviewed(seal, length, ())})

    def spans(self) -> Mapping[At, tuple[Span, ...]]:
        """What is left out of each cell: all but what was rejected."""
        return {
            cell: merged((p.span for p in known.proposals if p.decision is not Decision.REJECTED), known.length)
            for cell, known in self.cells.items()
        }

    def again(self, fresh: Review) -> Review:
        """What was decided, carried over to what is proposed now: only where the text is the same to the character."""
        return Review(
            {
                cell: _carried(known, self.cells[cell]) if cell in self.cells else known
                for cell, known in {
                    **{c: replace(k, proposals=()) for c, k in self.cells.items()},
                    **fresh.cells,
                }.items()
            }
        )

    def _decide(self, cell: At, number: int, decision: Decision, by: str) -> Review:
        known = self._cell(cell)
        if not 0 <= number < len(known.proposals):
            raise OutOfPlace("there is no such proposal")
        decided = replace(known.proposals[number], decision=decision, by=by)
        return self._with(cell, (*known.proposals[:number], decided, *known.proposals[number + 1 :]))

    def _cell(self, cell: At) -> Reviewed:
        if cell not in self.cells:
            raise OutOfPlace("there is no such cell")
        return self.cells[cell]

    def _with(self, cell: At, proposals: tuple[Proposal, ...]) -> Review:
        return Review({**self.cells, cell: replace(self.cells[cell], proposals=proposals)})


def _carried(fresh: Reviewed, before: Reviewed) -> Reviewed:
    if (fresh.seal, fresh.length) != (before.seal, before.length):
        return fresh
    decided = {(p.span.start, p.span.end, p.kind): p for p in before.proposals if p.decision is not Decision.OPEN}
    there = {(p.span.start, p.span.end, p.kind) for p in fresh.proposals}
    kept = [decided.get((p.span.start, p.span.end, p.kind), p) for p in fresh.proposals]
    return replace(fresh, proposals=(*kept, *(p for where, p in decided.items() if where not in there)))


# --- what is known ----------------------------------------------------------------------------------------------

Identifier = tuple[str, str]
"""Kind and form, as `datamap.identity.normalise` writes it."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else's name or address as it is written somewhere, and why it may stand here, without the data.

    `alone`: each word of it is looked for by itself too, as the first names of who lives with somebody are.
    """

    text: str
    why: str
    whose: Whose = Whose.ANOTHER
    kind: str = "name"
    confidence: Confidence = Confidence.LIKELY
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is the requester's own, what is nobody's own (the organisation's), and who others are."""

    own: frozenset[Identifier] = frozenset()
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    theirs: Mapping[Identifier, Whose] = field(default_factory=dict)
    others: tuple[Other, ...] = ()


ONE_THING = frozenset({"name", "address", "email", "phone", "personnummer", "identity_number", "ip"})
"""Last parts of categories of which a cell holds one thing, of however many words."""


ONE_LINE = 40
"""Characters past which a cell without blanks is a document in some notation, and read like a text."""


def is_free(category: str, value: object) -> bool:
    """Whether a cell is free text: said to be, or longer, and of no category that holds one thing."""
    if not isinstance(value, str):
        return False
    last = category.rpartition(".")[2]
    if last in ONE_THING:
        return False
    return last in ("text", "message") or len(value) > ONE_LINE or len(value.split(maxsplit=3)) > 2


def without(proposals: Iterable[Proposal], whose: Whose) -> tuple[Proposal, ...]:
    """The proposals but those of these people: for a policy that names its staff."""
    return tuple(each for each in proposals if each.whose is not whose)
