"""Marks that name what policy and maps do not have any more: what protects then protects all, or nothing may go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from ombud.app import words
from ombud.app.loaded import Loaded
from ombud.app.standing_marks import standing_marks
from ombud.datamap.model import ByIdentifier
from ombud.terms import TRACK_OF, Finding, IdRef, KeyRef, Level, Mark, Place, Ref, Track

REGISTER = Place(".ombud/register.db")
_PROTECTING = (Track.HOLD, Track.RESTRICTION)


def unheard_of(loaded: Loaded, marks: Iterable[Mark], today: date) -> Iterator[Finding]:
    """An error for who is protected by a name that no map has; a warning for purposes and companies unknown."""
    in_force = [each.mark for each in standing_marks(marks, today) if each.undone is None]
    nobody: dict[str, list[int]] = defaultdict(list)
    for mark in in_force:
        if TRACK_OF[mark.act] in _PROTECTING:
            for name in sorted({said for ref in mark.refs if (said := _unknown(loaded, ref))}):
                nobody[name].append(mark.seq)
    for name, numbers in nobody.items():
        message = f"held or restricted by {words.numbered('mark', numbers)}: {name}, and no map has that any more"
        yield Finding("C073", REGISTER, message, "give it its name back in the map, or take the marks back first")
    yield from _unknown_purposes(loaded, in_force)


def _unknown(loaded: Loaded, ref: Ref) -> str:
    """What a ref names that no map has; a source that is not mapped is not swept."""
    match ref:
        case KeyRef(source, subject) if source in loaded.datamap.sources:
            return "" if subject in loaded.datamap.sources[source].subjects else f"persons called {subject} in {source}"
        case IdRef(kind):
            return "" if kind in _kinds(loaded) else f"persons by {kind}"
    return ""


def _kinds(loaded: Loaded) -> set[str]:
    """Every kind of identifier that a map reads."""
    found: set[str] = set()
    for source in loaded.datamap.sources.values():
        found |= {place.kind for subject in source.subjects.values() for place in subject.identifiers}
        for table in source.tables.values():
            cells = (cell for kind in table.kinds for cell in kind.cells.values())
            rules = (*table.owners, *(rule for cell in cells for rule in cell.of))
            found |= {match.kind for match in table.matches.values()}
            found |= {rule.kind for rule in rules if isinstance(rule, ByIdentifier)}
    return found


def _unknown_purposes(loaded: Loaded, marks: Iterable[Mark]) -> Iterator[Finding]:
    purposes = {None, *(id for own in loaded.policy.purposes.values() for id in own)}
    companies = {None, *loaded.policy.companies}
    found: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for mark in marks:
        protects = TRACK_OF[mark.act] in _PROTECTING
        for what, name, known in (("purpose", mark.purpose, purposes), ("company", mark.company, companies)):
            if name not in known:
                found[f"{what} {name}", protects].append(mark.seq)
    for (name, protects), numbers in found.items():
        then = "who is protected for it is protected wholly" if protects else "that reaches nothing"
        message = f"{name}, named by {words.numbered('mark', numbers)}, is not in the policy: {then}"
        yield Finding(
            "C074", REGISTER, message, "take them back, or give it its name back in the policy", Level.WARNING
        )
