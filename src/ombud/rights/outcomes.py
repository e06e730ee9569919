"""What a request to erase does to each datum: it goes, and on which grounds; or what keeps it, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ombud.documents.extract import Datum, Extract, Hold, Record
from ombud.policy.model import OnErasure
from ombud.rights.decisions import Decision


@dataclass(frozen=True, slots=True)
class Kept:
    """A hold that goes on: its purpose, why (an article, the statutes), and its last day, None where it has none."""

    purpose: str
    article: str
    statutes: tuple[str, ...]
    until: date | None
    reason: str = ""


class Ended(NamedTuple):
    """A purpose that ends: the article of its ground, and a handler's reason, where one chose it."""

    purpose: str
    article: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one datum. It goes where nothing keeps it and nothing waits to be decided.

    `ended` are the purposes that end, also of what stays for others. `doubt`: no hold on it is known, and doubt deletes
    nothing.
    """

    record: Record
    datum: Datum
    ended: tuple[Ended, ...] = ()
    kept: tuple[Kept, ...] = ()
    waits: tuple[str, ...] = ()
    doubt: bool = False

    @property
    def goes(self) -> bool:
        return not (self.kept or self.waits or self.doubt)

    @property
    def until(self) -> date | None:
        """The last day of what keeps it; None where it goes, or where something has no last day."""
        days = [each.until for each in self.kept]
        known = [day for day in days if day is not None]
        return max(known) if known and len(known) == len(days) else None


def fates(extract: Extract, decisions: Iterable[Decision]) -> tuple[Fate, ...]:
    """What becomes of each personal datum of an extract. A purpose of which nothing is decided keeps."""
    by_purpose = {(each.company, each.purpose): each for each in decisions}
    return tuple(
        _fate(record, datum, by_purpose) for record in extract.records for datum in record.data if datum.category
    )


def _fate(record: Record, datum: Datum, decisions: Mapping[tuple[str, str], Decision]) -> Fate:
    ended, kept, waits = [], [], []
    for hold in datum.holds:
        decided = decisions.get((record.company, hold.purpose))
        if decided is not None and decided.outcome is OnErasure.ENDS:
            ended.append(Ended(hold.purpose, decided.article, decided.reason))
        elif decided is not None and decided.outcome is OnErasure.REVIEW:
            waits.append(hold.purpose)
        else:
            kept.append(_kept(hold, decided))
    return Fate(record, datum, tuple(ended), tuple(kept), tuple(waits), doubt=not datum.holds)


def _kept(hold: Hold, decided: Decision | None) -> Kept:
    article = decided.article if decided is not None else ""
    statutes = decided.statutes if decided is not None and decided.statutes else hold.statutes
    return Kept(hold.purpose, article, statutes, hold.until, decided.reason if decided is not None else "")
