"""What gathered rows say of one another: companies, owners, moments, whose claims they have (`spec/claims.md` §2).

Of nothing that is gone: a row of which something is remembered is for an evaluation (`Unclear`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
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
    Through,
)
from ombud.engine.beside import Copied
from ombud.engine.gathering import Gathering, Row, Unclear
from ombud.engine.holding import UNKNOWN, Owned, Told
from ombud.engine.people import Held, People, living
from ombud.engine.saying import MENTION
from ombud.sql.facts import DANGLING, FOUND, NONE, SEVERAL
from ombud.sql.owners import CANDIDATE, CERTAIN, OPEN
from ombud.terms import IfNone

NOT_YET: Told = ("not_yet", None)
NEVER: Told = ("never", None)

Owners = tuple[Owned, ...]


@dataclass
class Reckoning:
    """Facts of gathered rows, each worked out once. `people`: the persons asked for, and what they have; `named`: by
    what they are called. `copied`: what was copied for them from other sources, which counts if it was copied `today`.
    """

    gathering: Gathering
    people: People
    named: Container[str] = ()
    copied: Copied = field(default_factory=Copied)
    today: date | None = None
    _followed: dict[tuple[int, str], tuple[str, Row | None]] = field(default_factory=dict)
    _owners: dict[int, Owners] = field(default_factory=dict)
    _through: dict[tuple[str, int], Owners] = field(default_factory=dict)
    _moments: dict[tuple[int, int], Told] = field(default_factory=dict)

    # --- links ----------------------------------------------------------------------------------------------------

    def follow(self, row: Row, link: Link) -> tuple[str, Row | None]:
        """How following a link went, and the row found."""
        known = (row.number, link.name)
        if known not in self._followed:
            self._followed[known] = self._follow(row, link)
        return self._followed[known]

    def _follow(self, row: Row, link: Link) -> tuple[str, Row | None]:
        way = row.leaf.up_by[link.name]
        how: str = FOUND if way.state is None else row.said[way.state]
        if how != FOUND:
            return how, None
        key = way.ends(row.said)
        if way.by_key:
            only = self.gathering.rows[way.table].get(key)
            return (FOUND, only) if only is not None else (DANGLING, None)
        found = self.gathering.having(way.at, key)
        if len(found) == 1:
            return FOUND, found[0]
        return (SEVERAL if found else DANGLING), None

    def children(self, row: Row, child: str, link: str) -> list[Row]:
        """The rows whose link finds this row."""
        by = self.gathering.atlas.leaves[child].table.links[link]
        return [each for each in self.gathering.pointing(row, child, by) if self.follow(each, by)[1] is row]

    # --- companies and roots --------------------------------------------------------------------------------------

    def company(self, row: Row) -> str | None:
        """The company whose row it is, if that is known."""
        rule, at = row.table.company, row.leaf.company
        if at is not None or not isinstance(rule, CompanyThrough):
            said: str | None = row.said[at] if at is not None else None
            return said
        _, found = self.follow(row, row.table.links[rule.link])
        return self.company(found) if found else None

    def root(self, row: Row) -> Row | None:
        """The row whose claims this one has; None where that is in doubt, and so is the row."""
        self._remembers(row)
        leaf = row.leaf
        if row.said[leaf.kind] is None or self.company(row) is None:
            return None
        if leaf.follows is None:
            return row
        _, found = self.follow(row, leaf.follows)
        return self.root(found) if found else None

    def _remembers(self, row: Row) -> None:
        if row.said[row.leaf.memo]:
            raise Unclear("a row of which something is remembered")

    # --- owners ---------------------------------------------------------------------------------------------------

    def owners(self, row: Row) -> Owners:
        """By which rule the row, or a cell of it, is about whom, and how surely (loosely, of others)."""
        whole, leaf = self._whole(row), row.leaf
        if not leaf.of_cells and not leaf.mentions:
            return whole
        found = list(whole)
        found += [(name, *of) for name, rule in leaf.of_cells for of in self._by(row, rule)]
        found += [(MENTION, *of) for rule in leaf.mentions for of in self._named(row, rule)]
        return tuple(dict.fromkeys(found))

    def _whole(self, row: Row) -> Owners:
        """The same of the row alone: its cells may be about whom rows name that lead back to it."""
        known = self._owners.get(row.number)
        if known is None:
            self._remembers(row)
            known = self._owners[row.number] = self._found(row)
        return known

    def _found(self, row: Row) -> Owners:
        rules = row.leaf.owners
        if len(rules) == 1 and isinstance(rules[0][1], OwnersOf):
            name, rule = rules[0]
            _, above = self.follow(row, row.table.links[rules[0][1].link])
            if above is not None:  # who has many rows has them through few
                if (name, above.number) not in self._through:
                    self._through[name, above.number] = _once((name, *of) for of in self._by(row, rule))
                return self._through[name, above.number]
        return _once((name, *of) for name, rule in rules for of in self._by(row, rule))

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
                yield from self._named(row, rule)
                _, counts = row.leaf.identifier(rule)
                if row.said[counts] and self._identifier(row, rule) is None and not self._nobody(row, rule.if_none):
                    yield None, OPEN
            case EachOwner(child, name):
                there = self.children(row, child, name)
                yield from ((who, status) for each in there for _, who, status in self._whole(each))
                if not there and not self._nobody(row, rule.if_none):
                    yield None, OPEN
            case _:
                assert_never(rule)

    def _identifier(self, row: Row, rule: ByIdentifier) -> Held | None:
        stands, _ = row.leaf.identifier(rule)
        value = row.said[stands]
        digest = self.gathering.digest_of(rule.kind, value) if value is not None else ""
        return (rule.kind, digest) if digest else None

    def _named(self, row: Row, rule: ByIdentifier) -> Iterator[tuple[str | None, str]]:
        _, counts = row.leaf.identifier(rule)
        held = self._identifier(row, rule)
        if held is None or not row.said[counts]:
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
        kind = row.said[row.leaf.kind]
        if kind is None:
            return UNKNOWN
        rule = row.table.kinds[int(kind)].moments.get(name)
        return self.moment_by(row, rule) if rule else UNKNOWN

    def moment_by(self, row: Row, rule: MomentRule) -> Told:
        """A moment by its rule, whatever the row's kind."""
        known = (row.number, row.leaf.rule_numbers[rule])
        if known not in self._moments:
            self._moments[known] = self._moment_by(row, rule, known[1])
        return self._moments[known]

    def _moment_by(self, row: Row, rule: MomentRule, n: int) -> Told:
        self._remembers(row)
        match rule:
            case FromColumn():
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
                return self._imported(row, rule)
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
        sheet = row.leaf.gather.facts.names.sheet(rule.child)
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
        sheet = row.leaf.gather.facts.names.sheet(rule.child)
        if latest[f"w{sheet.wheres.index(rule.when)}"] != 1:
            return NOT_YET
        return self.moment(latest, rule.moment)

    def _imported(self, row: Row, rule: Imported) -> Told:
        if not self.copied.was_made(rule, self.today):
            raise Unclear("days that were not copied today from where they are told")
        owners = self._whole(row)
        certain = {living(who) for _, who, status in owners if status == CERTAIN and who is not None}
        if len(certain) != 1 or any(status != CERTAIN for _, _, status in owners):
            return UNKNOWN
        (who,) = certain
        if who not in self.named:
            raise Unclear("a moment that another source tells of somebody else")
        held = {tuple(who.split("|", 2)[1:])} if who.startswith("id|") else self.people.identifiers.get(who, set())
        found = self.copied.of(rule, (digest for kind, digest in held if kind == rule.match))
        if not found:
            return self._missing(row, rule.if_none)
        return next(iter(found.values())) if len(found) == 1 else UNKNOWN

    # --- as evaluations say it ------------------------------------------------------------------------------------

    def said(self, row: Row) -> tuple[tuple[Any, ...], Row | None]:
        """`FACTS`, state and day of each of the root's moments, then the values; and the root."""
        root, leaf, said = self.root(row), row.leaf, row.said
        kind, company = said[leaf.kind], self.company(row)
        if root is None:
            nothing = UNKNOWN * len(leaf.root_rules)
            return (row.number, kind, company, 1, None, None, None, None, *nothing, *leaf.values(said)), None
        if root is row and leaf.dated is not None:
            above, moments = (0, kind, company, said[leaf.born], row.number), leaf.dated(said)
        else:
            above = (0, root["kind"], self.company(root), root["born"], root.number)
            moments = tuple(each for rule in leaf.root_rules for each in self.moment_by(root, rule))
        return (row.number, kind, company, *above, *moments, *leaf.values(said)), root


def _once(owners: Iterable[Owned]) -> Owners:
    return tuple(dict.fromkeys(owners))
