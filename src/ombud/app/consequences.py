"""What follows from a mark: what must stop, what ends that mostly stays, and whom it does not reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ombud.app.loaded import Loaded
from ombud.policy.model import OnErasure, Purpose, Use
from ombud.terms import Act, IdRef, KeyRef, Mark


def by_row_alone(loaded: Loaded, made: Mark) -> tuple[str, ...] | None:
    """The kinds of identifier by which the persons of a mark could be named too; None where it names one already.

    A row's key stands for the person in that one database only.
    """
    if any(isinstance(ref, IdRef) for ref in made.refs):
        return None
    sources = loaded.datamap.sources
    subjects = [sources[ref.source].subjects[ref.subject] for ref in made.refs if isinstance(ref, KeyRef)]
    return tuple(dict.fromkeys(place.kind for subject in subjects for place in subject.identifiers))


def stops(loaded: Loaded, made: Mark) -> tuple[frozenset[str], date] | None:
    """Purposes of direct marketing that an objection ends, and the first day on which their data goes. Art. 21(3).

    None where the mark is no objection to direct marketing.
    """
    marketing = frozenset(p.id for p in _concerned(loaded, made) if Use.DIRECT_MARKETING in p.uses)
    if made.act is not Act.OBJECTED or not marketing:
        return None
    return marketing, made.day + timedelta(days=loaded.policy.undo + 1)


def ends_what_stays(loaded: Loaded, made: Mark) -> tuple[str, ...]:
    """Purposes that a mark ends, and that a request for erasure does not end by itself. Art. 17(3), Art. 21(1)."""
    if made.act is not Act.ENDED:
        return ()
    return tuple(dict.fromkeys(p.id for p in _concerned(loaded, made) if p.on_erasure is not OnErasure.ENDS))


def ends_at_erasure(loaded: Loaded, made: Mark) -> tuple[str, ...]:
    """Purposes that a mark speaks of, and that a request for erasure ends in every company that has them."""
    staying = {p.id for p in _concerned(loaded, made) if p.on_erasure is not OnErasure.ENDS}
    return tuple(dict.fromkeys(p.id for p in _concerned(loaded, made) if p.id not in staying))


def _concerned(loaded: Loaded, made: Mark) -> Iterator[Purpose]:
    """The purposes of each company that a mark speaks of."""
    for company, own in loaded.policy.purposes.items():
        for purpose in own.values():
            if made.purpose in (None, purpose.id) and made.company in (None, company):
                yield purpose
