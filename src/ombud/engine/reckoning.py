"""What gathered rows say of one another: companies, owners, moments, whose claims they have (`spec/claims.md` §2).

Of nothing that is gone: a row of which something is remembered is for an evaluation (`Unclear`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    IsSubject,
    Latest,
    Link,
    MomentRule,
    OwnerRule,
    OwnersOf,
    Pick,
    Table,
    Through,
)
from ombud.engine.extracting import MENTION
from ombud.engine.gathering import Gathering, Row, Unclear
from ombud.engine.holding import UNKNOWN, Owned, Told
from ombud.engine.people import Held, People
from ombud.plan.naming import rule_name
from ombud.sql.facts import DANGLING, FOUND, NONE, SEVERAL
from ombud.sql.gather import IDENTIFIER
from ombud.sql.owners import CANDIDATE, CERTAIN, OPEN
from ombud.terms import IfNone

NOT_YET: Told = ("not_yet", None)
NEVER: Told = ("never", None)


@dataclass
class Reckoning:
    """Facts of gathered rows, each worked out once. `people`: the persons asked for, and what they have."""

    gathering: Gathering
    people: People
    _owners: dict[int, list[Owned]] = field(default_factory=dict)
    _moments: dict[tuple[int, MomentRule], Told] = field(default_factory=dict)

    # --- links ----------------------------------------------------------------------------------------------------

    def follow(self, row: Row, link: Link) -> tuple[str, Row | None]:
        """How following a link went, and the row found."""
        how = row[f"link/{link.name}"]
        if how != FOUND:
            return how, None
        found = self.gathering.having(link.to, link.target, row.ends(link.columns))
        if len(found) == 1:
            return FOUND, found[0]
        return (SEVERAL if found else DANGLING), None

    def children(self, row: Row, child: str, link: str) -> list[Row]:
        """The rows whose link finds this row."""
        by = self.gathering.atlas.gathers[child].table.links[link]
        there = self.gathering.having(child, by.columns, row.ends(by.target))
        return [each for each in there if self.follow(each, by)[1] is row]

    # --- companies and roots --------------------------------------------------------------------------------------

    def company(self, row: Row) -> str | None:
        """The company whose row it is, if that is known."""
        rule = row.table.company
        if not isinstance(rule, CompanyThrough):
            said: str | None = row["company"]
            return said
        _, found = self.follow(row, row.table.links[rule.link])
        return self.company(found) if found else None

    def root(self, row: Row) -> Row | None:
        """The row whose claims this one has; None where that is in doubt, and so is the row."""
        self._remembers(row)
        if row["kind"] is None or self.company(row) is None:
            return None
        follows = row.table.follows or row.table.copy_of
        if follows is None:
            return row
        _, found = self.follow(row, row.table.links[follows])
        return self.root(found) if found else None

    def _remembers(self, row: Row) -> None:
        if row["memo"]:
            raise Unclear("a row of which something is remembered")

    def whole(self, table: Table) -> frozenset[str]:
        """The rules by which whole rows are about somebody."""
        return frozenset(map(rule_name, table.owners))

    # --- owners ---------------------------------------------------------------------------------------------------

    def owners(self, row: Row) -> list[Owned]:
        """By which rule the row, or a cell of it, is about whom, and how surely (loosely, of others)."""
        found = list(self._whole(row))
        of_cells = (rule for rule in row.table.owner_rules if rule not in row.table.owners)
        found += [(rule_name(rule), *of) for rule in of_cells for of in self._by(row, rule)]
        found += [(MENTION, *of) for rule in dict.fromkeys(row.table.mentions) for of in self._named(row, rule)]
        return list(dict.fromkeys(found))

    def _whole(self, row: Row) -> list[Owned]:
        """The same of the row alone: its cells may be about whom rows name that lead back to it."""
        if row.number not in self._owners:
            self._remembers(row)
            found = [(rule_name(rule), *of) for rule in row.table.owners for of in self._by(row, rule)]
            self._owners[row.number] = list(dict.fromkeys(found))
        return self._owners[row.number]

    def _by(self, row: Row, rule: OwnerRule) -> Iterator[tuple[str | None, str]]:
        match rule:
            case IsSubject():
                yield row["who"], CERTAIN
            case OwnersOf(name):
                link = row.table.links[name]
                how, found = self.follow(row, link)
                if found is not None:
                    yield from ((who, status) for _, who, status in self._whole(found))
                elif how in (DANGLING, SEVERAL) or (how != NONE and not self._nobody(row, link.if_none)):
                    yield None, OPEN
            case ByIdentifier():
                named = list(self._named(row, rule))
                yield from named
                silent = self._identifier(row, rule) is None
                if silent and row[f"when/{row.gather.identifiers.index(rule)}"] and not self._nobody(row, rule.if_none):
                    yield None, OPEN
            case EachOwner():
                raise Unclear("owners by a bridge")
            case _:
                assert_never(rule)

    def _identifier(self, row: Row, rule: ByIdentifier) -> Held | None:
        value = row[f"{IDENTIFIER}{rule.kind}/{rule.column}"]
        digest = self.gathering.digest(rule.kind, value) if value is not None else ""
        return (rule.kind, digest) if digest else None

    def _named(self, row: Row, rule: ByIdentifier) -> Iterator[tuple[str | None, str]]:
        held = self._identifier(row, rule)
        if held is None or not row[f"when/{row.gather.identifiers.index(rule)}"]:
            return
        company = self.company(row)
        bearers = self.people.holders.get(held, ())
        mine = [p for p in bearers if p.company is None or company is None or p.company == company]
        if not mine:
            yield f"id|{held[0]}|{held[1]}", CERTAIN
        sure = len(mine) == 1 and company is not None and mine[0].company == company
        yield from ((person.who, CERTAIN if sure else CANDIDATE) for person in mine)

    def _nobody(self, row: Row, if_none: IfNone) -> bool:
        return if_none is IfNone.NONE and row["old"] == 1

    # --- moments --------------------------------------------------------------------------------------------------

    def moment(self, row: Row, name: str) -> Told:
        """A moment by name, in the row's kind."""
        if row["kind"] is None:
            return UNKNOWN
        rule = row.table.kinds[int(row["kind"])].moments.get(name)
        return self.moment_by(row, rule) if rule else UNKNOWN

    def moment_by(self, row: Row, rule: MomentRule) -> Told:
        """A moment by its rule, whatever the row's kind."""
        known = (row.number, rule)
        if known not in self._moments:
            self._moments[known] = self._moment_by(row, rule)
        return self._moments[known]

    def _moment_by(self, row: Row, rule: MomentRule) -> Told:
        self._remembers(row)
        match rule:
            case FromColumn():
                n = row.gather.facts.names.sheet(row.table.name).rules.index(rule)
                return row[f"s{n}"], row[f"d{n}"]
            case Through(name, moment):
                link = row.table.links[name]
                how, found = self.follow(row, link)
                if found is not None:
                    return self.moment(found, moment)
                return UNKNOWN if how in (NONE, DANGLING, SEVERAL) else self._missing(row, link.if_none)
            case FromChildren():
                return self._of_children(row, rule)
            case Latest():
                return self._latest(row, rule)
            case Imported():
                raise Unclear("a moment of another source")
            case _:
                assert_never(rule)

    def _missing(self, row: Row, if_none: IfNone) -> Told:
        match if_none:
            case IfNone.NOT_YET:
                return NOT_YET
            case IfNone.NONE:
                return NEVER if row["old"] == 1 else UNKNOWN
            case IfNone.UNKNOWN:
                return UNKNOWN
            case _:
                assert_never(if_none)

    def _of_children(self, row: Row, rule: FromChildren) -> Told:
        sheet = row.gather.facts.names.sheet(rule.child)
        passes = f"w{sheet.wheres.index(rule.where)}"
        there = [each for each in self.children(row, rule.child, rule.link) if each[passes] == 1]
        if not there:
            return self._missing(row, rule.if_none)
        told = [self.moment(each, rule.moment) for each in there]
        states = {state for state, _ in told}
        if "unknown" in states:
            return UNKNOWN
        days = [day for state, day in told if state == "day" and day is not None]
        picked: Told = ("day", min(days) if rule.pick is Pick.FIRST_OF else max(days)) if days else NEVER
        waits = NOT_YET if "not_yet" in states else None
        if rule.pick is Pick.FIRST_OF:
            return picked if days else waits or NEVER
        return waits or picked

    def _latest(self, row: Row, rule: Latest) -> Told:
        there = self.children(row, rule.child, rule.link)
        if not there:
            return self._missing(row, rule.if_none)
        orders: Sequence[Any] = [each[f"end/{rule.order}"] for each in there]
        if any(order is None for order in orders):
            return UNKNOWN
        if len({type(order) for order in orders}) != 1 or isinstance(orders[0], bytes | float):
            raise Unclear("an order that only the database tells")
        last = max(orders)
        if orders.count(last) != 1:
            return UNKNOWN
        latest = there[orders.index(last)]
        sheet = row.gather.facts.names.sheet(rule.child)
        if latest[f"w{sheet.wheres.index(rule.when)}"] != 1:
            return NOT_YET
        return self.moment(latest, rule.moment)

    # --- as evaluations say it ------------------------------------------------------------------------------------

    def said(self, row: Row) -> tuple[Any, ...]:
        """`FACTS`, state and day of each of the root's moments, then the values."""
        root, extracts = self.root(row), row.gather.extracts
        above = root or row
        if root is None:
            facts: tuple[Any, ...] = (1, None, None, None, None)
        else:
            facts = (0, root["kind"], self.company(root), root["born"], root.number)
        rules = row.gather.facts.names.sheet(extracts.root.name).rules
        moments = [each for rule in rules for each in (self.moment_by(above, rule) if root else UNKNOWN)]
        values = [row[f"value/{column}"] for column in extracts.columns]
        return (row.number, row["kind"], self.company(row), *facts, *moments, *values)
