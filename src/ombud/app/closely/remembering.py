"""What the oracle says is remembered, as a sidecar keeps it: memos by rule, and refs of those whom they name.

The other way of `app/remembered.py`. What only a database can write as it does is `Unclear`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ombud.app.closely.deciding import Outcomes
from ombud.claims.live import root_of
from ombud.claims.marks import said_in
from ombud.claims.persons import key_of
from ombud.claims.read import Row, find
from ombud.claims.world import Memo, Owners, Person, Remembered, SaidConsent
from ombud.engine.decided import Written
from ombud.engine.gathering import Unclear
from ombud.engine.sidecar import stored
from ombud.plan.naming import COMPANY, IDENTIFIER, SHARED, SURE, UNSURE, rule_name
from ombud.sql.names import SEPARATOR
from ombud.terms import IdRef, KeyRef, Moment, Never, NotYet, OnDay, Ref, Unknown

COLUMNS = ("state", "day", "who", "rank", "named")


@dataclass
class Remembering:
    """Of one sweep of some persons. Raises Unclear."""

    outcomes: Outcomes
    memos: dict[str, list[Written]] = field(default_factory=lambda: defaultdict(list))
    refs: list[Written] = field(default_factory=list)
    said: list[Written] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        outcomes = self.outcomes
        for row in outcomes.look.every_row():
            if outcomes.goes(row):
                continue
            if self._is_left_behind(row):
                raise Unclear("a row that stays while what it follows goes")
            if memo := outcomes.memos.get(row.id):
                self._write(row, memo)
        gone = (row for row in outcomes.look.every_row() if outcomes.goes(row))
        spoken = {said for row in gone for said in said_in(outcomes.look, row)}
        self.said += sorted(map(_spoken, spoken), key=repr)

    def _is_left_behind(self, row: Row) -> bool:
        follows = row.table.follows or row.table.copy_of
        above = find(self.outcomes.look, row, row.table.links[follows]) if follows else None
        return isinstance(above, Row) and self.outcomes.goes(above) and root_of(self.outcomes.look, above) is not None

    def _write(self, row: Row, memo: Memo) -> None:
        own = {**{f"k{n}": part for n, part in enumerate(row.key)}, "birth": memo.birth}
        for rule, *said in self._told(row, memo):
            told = dict(zip(COLUMNS, said, strict=True))
            self.memos[row.table.name].append({**own, "rule": rule, **told})

    def _told(self, row: Row, memo: Memo) -> Iterator[tuple[Any, ...]]:
        """By rule: state, day, who, rank, named."""
        if memo.latest or memo.named or memo.several:
            raise Unclear("an order, or an identifier, that is remembered as the database writes it")
        for rule, moment in memo.moments.items():
            yield (rule_name(rule), *_state(moment), None, None, None)
        company = row.table.company
        if memo.company is not None or self._loses(row, getattr(company, "link", None)):
            yield COMPANY, memo.company or "", None, None, None, None
        for owner, owners in memo.owners.items():
            for state, who in self._people(owners):
                yield rule_name(owner), state, None, who, None, None
        for name, held in ((IDENTIFIER, memo.identifiers), (SHARED, memo.shared)):
            yield from ((name, each.kind, None, None, None, each.digest) for each in sorted(held))

    def _loses(self, row: Row, link: str | None) -> bool:
        found = find(self.outcomes.look, row, row.table.links[link]) if link else None
        return isinstance(found, Row) and self.outcomes.goes(found)

    # --- people -----------------------------------------------------------------------------------------------------

    def _people(self, owners: Owners) -> Iterator[tuple[str, str | None]]:
        yield from (("certain", self._who(each)) for each in sorted(owners.certain, key=repr))
        yield from (("candidate", self._who(each)) for each in sorted(owners.candidates, key=repr))
        if owners.open:
            yield "open", None
        yield "nobody", None

    def _who(self, person: Person) -> str:
        """As memos name them; with their refs, where they were not named before."""
        if isinstance(person, IdRef):
            who, refs, maybe = f"id|{person.kind}|{person.digest}", frozenset[Ref]({person}), frozenset[IdRef]()
        else:
            key = key_of(person) if isinstance(person, Remembered) else person
            if key is None:
                raise Unclear("somebody remembered by a hash alone")
            who = f"was|{key.subject}|{key.birth}|{SEPARATOR.join(map(str, key.key))}"
            refs = person.refs if isinstance(person, Remembered) else frozenset[Ref]({person})
            maybe = person.maybe if isinstance(person, Remembered) else frozenset()
        if who not in self._named:
            self._named.add(who)
            self.refs += _refs(who, refs, SURE)
            self.refs += _refs(who, maybe, UNSURE)
        return who


def _spoken(said: SaidConsent) -> Written:
    (own,) = said.refs  # of rows of which nothing is remembered, the owner is there
    kept = stored(own)
    who = f"key|{own.subject}|{kept.birth}|{kept.value}" if isinstance(own, KeyRef) else f"id|{own.kind}|{own.digest}"
    return {
        "who": who,
        "purpose": said.purpose,
        "company": said.company,
        "act": said.act.value,
        "day": said.day.isoformat(),
    }


def _refs(who: str, refs: Iterable[Ref], certain: int) -> Iterator[Mapping[str, Any]]:
    for ref in sorted(refs, key=lambda each: (isinstance(each, KeyRef), repr(each))):
        kept = stored(ref)
        yield {"who": who, "scope": kept.scope, "value": kept.value, "birth": kept.birth, "certain": certain}


def _state(moment: Moment) -> tuple[str, str | None]:
    match moment:
        case OnDay(day):
            return "day", day.isoformat()
        case NotYet():
            return "not_yet", None
        case Never():
            return "never", None
        case Unknown():
            return "unknown", None
