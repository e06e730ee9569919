"""An answer grouped by what the group does with the data: company, purpose, category; never by table.

A datum that several purposes hold is shown once, where the policy names the first of them; the others say that they
use it too, and where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ombud.documents.extract import Datum, Extract, Hold, Record
from ombud.policy.model import TEXT, Policy


@dataclass(frozen=True, slots=True)
class Piece:
    """What one row shows in one place: cells of one category that one claim holds (None: nothing holds them)."""

    record: Record
    hold: Hold | None
    data: tuple[Datum, ...]


@dataclass(slots=True)
class Group:
    """What one company does with the data for one purpose; `purpose` is empty for what no purpose holds.

    `shown`: by the first segment of the category and by table. `also`: categories that this purpose uses too, each
    with the purpose under which it is shown. `holds`: every claim of the purpose, those on data shown elsewhere too.
    """

    company: str
    purpose: str
    shown: dict[tuple[str, str, str], list[Piece]] = field(default_factory=dict)
    also: dict[tuple[str, str], None] = field(default_factory=dict)
    holds: dict[Hold, None] = field(default_factory=dict)


def grouped(extract: Extract, policy: Policy) -> tuple[Group, ...]:
    """The groups in the policy's order of companies and purposes; what is not known comes last."""
    order = _Order(policy)
    groups: dict[tuple[str, str], Group] = {}

    def group(company: str, purpose: str) -> Group:
        return groups.setdefault((company, purpose), Group(company, purpose))

    for record in extract.records:
        homes = _homes(record, order)
        for datum, home in homes:
            for hold in datum.holds:
                using = group(record.company, hold.purpose)
                using.holds[hold] = None
                if home is not None and hold.purpose != home.purpose and datum.category:
                    using.also[datum.category, home.purpose] = None
        for (category, home), data in _gathered(homes).items():
            place = group(record.company, home.purpose if home else "")
            piece = Piece(record, home, tuple(data))
            place.shown.setdefault((category, record.source, record.table), []).append(piece)
    return tuple(groups[key] for key in sorted(groups, key=lambda key: order.key(*key)))


def held(extract: Extract, policy: Policy) -> tuple[tuple[str, str], ...]:
    """Every company and purpose that holds something, in order; the purpose is empty for what nothing holds."""
    order = _Order(policy)
    found = {
        (record.company, purpose)
        for record in extract.records
        for purpose in {hold.purpose for datum in record.data for hold in datum.holds}.union(
            [""] if next(cells(record, ""), None) else []
        )
    }
    return tuple(sorted(found, key=lambda key: order.key(*key)))


def cells(record: Record, purpose: str) -> Iterator[tuple[Datum, Hold | None]]:
    """What a purpose holds of a row, with the claim; where it holds anything, also what only says when, or whose.

    With an empty purpose: what nothing holds. What only says when goes there where nothing of the row is held.
    """
    here = [any(hold.purpose == purpose for hold in datum.holds) for datum in record.data]
    kept = any(datum.holds for datum in record.data)
    for datum in record.data:
        for hold in datum.holds:
            if hold.purpose == purpose:
                yield datum, hold
        if not datum.holds and (
            any(here) if purpose and not datum.category else not purpose and (datum.category or not kept)
        ):
            yield datum, None


class _Order:
    """The order of the policy's text."""

    def __init__(self, policy: Policy) -> None:
        self.companies = {company: place for place, company in enumerate(policy.companies)}
        purposes = (purpose for own in policy.purposes.values() for purpose in own)
        self.purposes = {purpose: place for place, purpose in enumerate(dict.fromkeys(purposes))}

    def key(self, company: str, purpose: str) -> tuple[int, str, int, str]:
        last = len(self.companies) + len(self.purposes)
        return (
            self.companies.get(company, last if company else last + 1),
            company,
            self.purposes.get(purpose, last if purpose else last + 1),
            purpose,
        )

    def home(self, datum: Datum) -> Hold | None:
        return min(datum.holds, key=lambda hold: self.key("", hold.purpose), default=None)


def _homes(record: Record, order: _Order) -> list[tuple[Datum, Hold | None]]:
    """Each cell and the claim under which it is shown; a cell without a category goes with the row's first."""
    homes = [(datum, order.home(datum)) for datum in record.data]
    held = [home for _, home in homes if home is not None]
    first = min(held, key=lambda hold: order.key("", hold.purpose), default=None)
    return [(datum, home if home is not None or datum.category else first) for datum, home in homes]


def _gathered(homes: list[tuple[Datum, Hold | None]]) -> dict[tuple[str, Hold | None], list[Datum]]:
    """Cells by category and claim; one without a category goes with the first category under the same claim."""
    first: dict[Hold | None, str] = {}
    for datum, home in homes:
        if datum.category:
            first.setdefault(home, _top(datum.category))
    gathered: dict[tuple[str, Hold | None], list[Datum]] = {}
    for datum, home in homes:
        category = _top(datum.category) if datum.category else first.get(home, "")
        gathered.setdefault((category, home), []).append(datum)
    return gathered


def _top(category: str) -> str:
    return category if category == TEXT else category.split(".")[0]
