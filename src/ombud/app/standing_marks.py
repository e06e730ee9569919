"""The marks of the register as they stand: which count today, and by which later ones the others are undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ombud.terms import TRACK_OF, Mark, Ref


@dataclass(frozen=True, slots=True)
class StandingMark:
    """A mark; `undone` is the number of the later one that undoes all of it today, `in_part` those that undo some.

    A mark for a day to come has `ahead`: it does not count yet.
    """

    mark: Mark
    undone: int | None = None
    in_part: tuple[int, ...] = ()
    ahead: bool = False


def standing_marks(marks: Iterable[Mark], today: date) -> tuple[StandingMark, ...]:
    """Every mark in the order of the register. Of two of one kind, that of the later day counts, then the newer."""
    every = tuple(marks)
    counting = sorted((mark for mark in every if mark.day <= today), key=_order)
    of = _by_ref(counting)
    return tuple(_stands(mark, of, today) for mark in every)


def undone_by(made: Mark, before: Iterable[Mark], today: date) -> tuple[int, ...]:
    """The numbers of the marks that count without this one, and of which it undoes all or a part."""
    every = tuple(before)
    day = max(today, made.day)
    counted = {each.mark.seq: each for each in standing_marks(every, day) if each.undone is None}
    after = {each.mark.seq: each for each in standing_marks((*every, made), day)}
    return tuple(seq for seq in counted if after[seq].undone == made.seq or made.seq in after[seq].in_part)


def _order(mark: Mark) -> tuple[date, int]:
    return mark.day, mark.seq


def _by_ref(marks: Iterable[Mark]) -> Mapping[Ref, Sequence[Mark]]:
    """The marks by whom they name: one can only be undone by another that names the same."""
    of: dict[Ref, list[Mark]] = defaultdict(list)
    for mark in marks:
        for ref in mark.refs:
            of[ref].append(mark)
    return of


def _stands(mark: Mark, of: Mapping[Ref, Sequence[Mark]], today: date) -> StandingMark:
    if mark.day > today:
        return StandingMark(mark, ahead=True)
    beside = {other.seq: other for ref in mark.refs for other in of.get(ref, ())}
    later = [
        other
        for other in sorted(beside.values(), key=_order)
        if _order(other) > _order(mark)
        and TRACK_OF[other.act] is TRACK_OF[mark.act]
        and other.act is not mark.act
        and meets(mark, other)
    ]
    whole = [other.seq for other in later if _covers(other, mark)]
    return StandingMark(mark, whole[0] if whole else None, () if whole else tuple(other.seq for other in later))


def _covers(other: Mark, mark: Mark) -> bool:
    """Whether the other speaks of everybody and everything that the mark speaks of."""
    return other.refs >= mark.refs and other.purpose in (None, mark.purpose) and other.company in (None, mark.company)


def meets(one: Mark, other: Mark) -> bool:
    """Whether both speak of some purpose and company alike."""
    return _alike(one.purpose, other.purpose) and _alike(one.company, other.company)


def _alike(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
