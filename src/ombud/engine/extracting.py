"""The answer to a person, of one source: the rows certainly about them, each cell with its value and what holds it.

Reads facts, owners and states that an evaluation has worked out of at least these rows and all that judges them; many
persons are answered at once. Whom the rows may be about is counted, and left out (`spec/claims.md` §2 and §4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ombud.datamap.columns import context_columns, time_columns
from ombud.datamap.instants import as_said
from ombud.datamap.model import ByIdentifier, Cell, Kind, Otherwise, OwnerRule, Table
from ombud.documents.extract import Datum
from ombud.engine.cells import Held, held
from ombud.engine.evaluation import Evaluation
from ombud.engine.holding import Holder, Look, Owned
from ombud.engine.people import living as alive
from ombud.engine.sidecar import StoredRef, stored
from ombud.plan.naming import SURE, rule_name
from ombud.sql.extracts import FACTS, Extracts, living, remembered
from ombud.sql.judge import Judge
from ombud.sql.near import HAD, WHO
from ombud.sql.owners import CANDIDATE, CERTAIN, OPEN
from ombud.terms import Ref

MENTION = "mention"
"""By which rule a row mentions somebody: it makes nobody an owner."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A person by every ref by which they are certainly known, and those by which they may be meant."""

    refs: frozenset[Ref]
    maybe: frozenset[Ref] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What one row says of a person (by number): what is certain of it, and whether more of it may be about them."""

    person: int
    table: str
    key: str
    company: str
    data: tuple[Datum, ...]
    perhaps: bool


@dataclass
class Known:
    """Under which names the persons stand in the owner tables, certainly and perhaps."""

    certain: list[frozenset[str]] = field(default_factory=list)
    perhaps: list[frozenset[str]] = field(default_factory=list)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Extracting:
    """Answers from one evaluation, inside its open transaction."""

    evaluation: Evaluation
    judge: Judge

    def answers(self, persons: Sequence[Meant]) -> Iterator[Told]:
        """What every row says of each of these persons, table by table, in the order of the keys."""
        known = self._known_as(persons)
        self._look_for(known.by_name)
        holder = Holder(self.judge, self.evaluation.states)
        for table in self.evaluation.source.tables.values():
            if table.personal and table.key and self.evaluation.rows[table.name]:
                self._mention(table, known)
                extracts = Extracts(self.evaluation.facts, table)
                yield from OfTable(holder, extracts).told(self._rows(extracts), holder, known, self._owners(extracts))

    def _rows(self, extracts: Extracts) -> Iterable[Sequence[Any]]:
        return self.evaluation.statements.rows(("extract", extracts.table.name), extracts.rows)

    def _owners(self, extracts: Extracts) -> tuple[Owners, Owners]:
        """Of the rows, and of those whose claims they have."""
        name = extracts.table.name
        own = self._grouped(("owners", name), extracts.owners)
        if extracts.root is extracts.table or not own:
            return own, own
        return own, self._grouped(("owners above", name), extracts.owners_above)

    def _grouped(self, step: tuple[object, ...], build: Callable[[], sa.Select[Any]]) -> Owners:
        found: dict[int, list[Owned]] = defaultdict(list)
        for rid, rule, who, status in self.evaluation.statements.rows(step, build):
            found[rid].append((rule, who, status))
        return found

    # --- who is meant -------------------------------------------------------------------------------------------

    def _known_as(self, persons: Sequence[Meant]) -> Known:
        """Living, remembered, or known by a hash alone: who is remembered is known by whatever refs are theirs."""
        source = self.evaluation.source.source
        found = Known()
        refs: dict[StoredRef, list[tuple[int, bool]]] = defaultdict(list)
        for n, person in enumerate(persons):
            for each, sure in ((person.refs, True), (person.maybe, False)):
                for ref in each:
                    if getattr(ref, "source", source) == source:
                        refs[stored(ref)].append((n, sure))
        certain, perhaps = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
        for known, whose in refs.items():
            sort, _, scope = known.scope.partition("/")
            own = f"{scope}|{known.birth}|{known.value}"
            names = (f"id|{scope}|{known.value}",) if sort == "id" else (f"key|{own}", f"was|{own}")
            for n, sure in whose:
                (certain if sure else perhaps)[n].update(names)
        for who, known, how in self._remembered(refs):
            for n, sure in refs[known]:
                (certain if sure and how == SURE else perhaps)[n].add(who)
        for n, _ in enumerate(persons):
            found.certain.append(frozenset(certain[n]))
            found.perhaps.append(frozenset(perhaps[n] | certain[n]))
            for who in found.perhaps[n]:
                found.by_name[who].append(n)
        return found

    def _remembered(self, refs: Mapping[StoredRef, object]) -> Iterator[tuple[str, StoredRef, int]]:
        """Whom these refs name of those remembered, how surely. Who is there still is known by what they are now."""
        statements, names = self.evaluation.statements, self.evaluation.names
        self._look_for((), {(ref.scope, ref.value) for ref in refs})
        found = [
            (who, ref, how)
            for who, scope, value, birth, how in statements.rows(("once known",), lambda: remembered(names))
            if (ref := StoredRef(scope, value, birth)) in refs
        ]
        if found:
            self._look_for({alive(who) for who, _, _ in found})
        there = {
            who
            for subject in names.source.subjects.values()
            if found
            for (who,) in statements.rows(("living", subject.name), lambda s=subject: living(names, s))  # type: ignore[misc]
        }
        return ((who, ref, how) for who, ref, how in found if alive(who) not in there)

    def _look_for(self, who: Iterable[str], had: Iterable[tuple[str, str]] = ()) -> None:
        space, names = self.evaluation.space, self.evaluation.names
        space.clear("alike", lambda: names.alike)
        space.filled("alike")
        what = [(WHO, each) for each in who] + [(HAD + scope, value) for scope, value in had]
        rows = [{"kind": kind, "rough": each} for kind, each in sorted(what)]
        self.evaluation.statements.fill("alike", lambda: names.alike, rows)

    def _mention(self, table: Table, known: Known) -> None:
        """Write beside the owners whom rows mention, of those who are asked for.

        A rule by which an owner is known too stands there already, with what is remembered by it.
        """
        found: list[dict[str, Any]] = []
        for rule in dict.fromkeys(rule for rule in table.mentions if rule not in table.owner_rules):
            extracts = Extracts(self.evaluation.facts, table)
            step = ("mentioned", table.name, rule)
            for rid, company, value in self.evaluation.statements.rows(step, lambda e=extracts, r=rule: e.mentioned(r)):  # type: ignore[misc]
                means = list(self._means(rule, company, value))
                if any(who in known.by_name for who, _ in means):
                    found += [{"rid": rid, "rule": MENTION, "who": who, "status": status} for who, status in means]
        if found:
            names = self.evaluation.names
            self.evaluation.statements.fill(f"mention {table.name}", lambda: names.owner(table.name), found)

    def _means(self, rule: ByIdentifier, company: str | None, value: object) -> Iterator[tuple[str, str]]:
        """Whom an identifier in a row of this company names, and how surely (`spec/claims.md` §2, `ByIdentifier`)."""
        digest = self.evaluation.digest(rule.kind, value)
        if not digest:
            return
        bearers = self.evaluation.people.holders.get((rule.kind, digest), ())
        mine = [p for p in bearers if p.company is None or company is None or p.company == company]
        if not mine:
            yield f"id|{rule.kind}|{digest}", CERTAIN
        sure = len(mine) == 1 and company is not None and mine[0].company == company
        yield from ((person.who, CERTAIN if sure else CANDIDATE) for person in mine)


Owners = Mapping[int, Sequence[Owned]]
"""By the number of a row."""


@dataclass
class OfTable:
    """The rows of one table, of whom they are and whose claims they have, wherever that was worked out."""

    holder: Holder
    extracts: Extracts
    known: Known = field(default_factory=Known)

    @property
    def table(self) -> Table:
        return self.extracts.table

    def told(
        self, rows: Iterable[Sequence[Any]], holder: Holder, known: Known, owned: tuple[Owners, Owners]
    ) -> Iterator[Told]:
        """What each of these rows (`FACTS`, moments, values) says of each person known."""
        self.holder, self.known = holder, known
        owners, owners_above = owned
        for said in rows:
            row = _Row(self, said)
            mine = owners.get(said[0], ())
            persons = {n for _, who, _ in mine if who is not None for n in self.known.by_name.get(who, ())}
            above = owners_above.get(row.root, ()) if row.root is not None else ()
            for n in sorted(persons):
                data, perhaps = row.about(n, mine, above)
                if data or perhaps:
                    yield Told(n, self.table.name, ",".join(map(str, row.key)), row.company, tuple(data), perhaps)

    # --- what the map says, worked out once ----------------------------------------------------------------------

    @cached_property
    def cells(self) -> dict[str, list[tuple[Kind, Cell]]]:
        """Every cell that a row of the table may have, by name: one of each kind that has it."""
        found: dict[str, list[tuple[Kind, Cell]]] = defaultdict(list)
        for kind in self.table.kinds:
            for name, cell in kind.cells.items():
                found[name].append((kind, cell))
        return found

    @cached_property
    def theirs(self) -> frozenset[str]:
        """The rules by which whole rows are about somebody, or mention them."""
        return frozenset(map(rule_name, (*self.table.owners, *self.table.mentions))) | {MENTION}

    @cached_property
    def root_rules(self) -> frozenset[str]:
        return frozenset(map(rule_name, self.extracts.root.owners))

    def rules(self, of: tuple[OwnerRule, ...]) -> frozenset[str]:
        """The names of a cell's own rules."""
        if of not in self._rules:
            self._rules[of] = frozenset(map(rule_name, of))
        return self._rules[of]

    _rules: dict[tuple[OwnerRule, ...], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Where each column stands in what is read."""
        first = len(FACTS) + 2 * self.extracts.moments
        return {column: first + n for n, column in enumerate(self.extracts.columns)}

    @cached_property
    def moments(self) -> list[tuple[tuple[str, int], ...]]:
        """By the root's kind: each moment's name and where its state stands."""
        root = self.extracts.root
        rules = self.extracts.facts.names.sheet(root.name).rules
        return [
            tuple((name, len(FACTS) + 2 * rules.index(rule)) for name, rule in kind.moments.items())
            for kind in root.kinds
        ]

    @cached_property
    def context(self) -> list[tuple[str, Any]]:
        """The columns that say when and of which company, with how they are read."""
        when = {each.column: each for each in time_columns(self.table)}
        return [(column, when.get(column)) for column in context_columns(self.table)]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.holder.policy.zone)


class _Row:
    """One row, and what is known of it."""

    def __init__(self, of: OfTable, said: Sequence[Any]) -> None:
        self.of, self.said = of, said
        _, kind, company, doubt, above, above_company, self.born, self.root = said[: len(FACTS)]
        self.kind = None if kind is None else of.table.kinds[int(kind)]
        self.company = company or ""
        self.clear = doubt == 0 and above is not None and above_company is not None
        self.above = int(above) if self.clear else -1
        self.above_company = above_company

    @cached_property
    def key(self) -> list[Any]:
        return [self.said[self.of.columns[column]] for column in self.of.table.key]

    def about(self, person: int, owners: Sequence[Owned], above: Sequence[Owned]) -> tuple[list[Datum], bool]:
        """What of the row is certainly about the person, and whether more of it may be."""
        certain, perhaps = self.of.known.certain[person], self.of.known.perhaps[person]
        whole = _how([each for each in owners if each[0] in self.of.theirs], certain, perhaps)
        found: list[Datum] = []
        more = whole is False
        for name, cells in self.cells:
            told = [(self._whose(cell, owners, whole, certain, perhaps), cell, holds) for cell, holds, _ in cells]
            if all(how is None for how, _, _ in told):
                continue
            if not all(how for how, _, _ in told):
                more = True
                continue
            cell, value = cells[0][0], cells[0][1]
            holds = self._holds(cells[0][2], cell, owners, above, certain)
            found.append(Datum(name, value.value, cell.category, holds, cell.provenance or ""))
        if whole:
            found += self._context()
        return found, more

    @cached_property
    def cells(self) -> list[tuple[str, list[tuple[Cell, Held, Kind]]]]:
        """The cells that are not empty: of the row's kind, or of any where that is in doubt."""
        found = []
        for name, each in self.of.cells.items():
            there = [
                (cell, value, kind)
                for kind, cell in each
                if (self.kind is None or kind is self.kind)
                and (value := held(cell, self.said[self.of.columns[cell.column]], self.key)) is not None
            ]
            if there:
                found.append((name, there))
        return found

    def _whose(
        self,
        cell: Cell,
        owners: Sequence[Owned],
        whole: bool | None,
        certain: frozenset[str],
        perhaps: frozenset[str],
    ) -> bool | None:
        """True: the cell is certainly about the person. False: it may be. None: it is not."""
        if not cell.of:
            return whole
        rules = self.of.rules(cell.of)
        own = [each for each in owners if each[0] in rules]
        if own:
            return _how(own, certain, perhaps)
        match cell.otherwise:
            case Otherwise.OWNER:
                return whole
            case Otherwise.NOBODY:
                return None
            case Otherwise.REVIEW:
                return None if whole is None else False

    def _holds(
        self, own: Kind, cell: Cell, owners: Sequence[Owned], above: Sequence[Owned], certain: frozenset[str]
    ) -> Any:
        if not self.clear:
            return ()
        of = self.of
        claims = of.holder.claims(of.table, cell, own, of.extracts.root, self.above, self.above_company)
        rules = of.rules(cell.of)
        about = [each for each in owners if each[0] in rules]
        if not about and not (cell.of and cell.otherwise is Otherwise.NOBODY):
            about = [each for each in above if each[0] in of.root_rules]
        return of.holder.holds(claims, Look(self.moments, self.born, about), certain)

    @cached_property
    def moments(self) -> Mapping[str, tuple[str, str | None]]:
        return {name: (self.said[n] or "unknown", self.said[n + 1]) for name, n in self.of.moments[self.above]}

    def _context(self) -> Iterator[Datum]:
        for column, when in self.of.context:
            value = self.said[self.of.columns[column]]
            if value is None or (when is not None and value in when.absent):
                continue
            yield Datum(column, value if when is None else as_said(when, value, self.of.zone))


def _how(owners: Sequence[Owned], certain: frozenset[str], perhaps: frozenset[str]) -> bool | None:
    """True: the person certainly owns it. False: they may. None: they do not."""
    if any(status == CERTAIN and who in certain for _, who, status in owners):
        return True
    return False if any(status != OPEN and who in perhaps for _, who, status in owners) else None
