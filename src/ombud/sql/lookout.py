"""Which rows can be due at all, by what their days say: of the others every claim that one would need is alive.

A row goes only if each of its claims is dead, and a cell is blanked only if each of those on it is. So of each it is
enough to look for one claim that the clock ends: by a day in a column, a day or a state that is remembered, or a link
that finds nothing. Marks end claims as well: whom they are about is looked at besides (`engine/scoping.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ombud.datamap.model import FromChildren, FromColumn, Imported, Kind, Latest, MomentRule, Table, Through
from ombud.plan.ends import Ask, End
from ombud.plan.naming import ADDED, FOLLOWED, rule_name
from ombud.plan.window import Crossing, Kept, Missing, Way
from ombud.policy.model import BasisKind
from ombud.sql.judge import Judge
from ombud.terms import IfNone

Found = frozenset[Way]
Asked = frozenset[tuple[str, MomentRule]]


@dataclass(frozen=True)
class Lookout:
    """Works out where to look, for one judge: a policy, a source and a day."""

    judge: Judge

    def ways(self) -> tuple[Found, frozenset[str]]:
        """In which ways a row may be due, and the tables of which every row may be."""
        found, whole = set[Way](self._left_behind()), set[str]()
        waiting: list[list[Found]] = []
        for table in self._tables():
            for options in self._units(table):
                if options:
                    waiting.append(options)
                else:
                    whole.add(table.name)
        for options in sorted(waiting, key=len):  # where there is a choice, what is looked for already
            if not any(option <= found for option in options):
                found |= options[0]
        return frozenset(found), frozenset(whole)

    def _tables(self) -> Iterator[Table]:
        yield from (table for table in self.judge.read.names.source.tables.values() if table.personal)

    def _left_behind(self) -> Iterator[Way]:
        """Rows whose followed row went before them."""
        for table in self._tables():
            if table.key and self.judge.facts.followed(table):
                yield from (Kept(table.name, rule) for rule in (FOLLOWED, ADDED + FOLLOWED))

    def _units(self, table: Table) -> Iterator[list[Found]]:
        """Of each row and cell that can be due, the claims of which one must have ended, by how they end.

        Those of what it follows are looked for there.
        """
        root, rules = self.judge.facts.root_table(table), self.judge.rules[table.name]
        for above in root.kinds:
            for company in self.judge.read.companies:
                ends = [end for _, end in self.judge.ends_by(above, company)]
                if not ends:
                    continue
                yield self._options(root, above, ends)
                for kind in table.kinds if root is not table else (above,):
                    for cell in kind.cells.values():
                        ends = list(self.judge.cell_ends(table, cell, above, company))
                        if ends and cell.column not in rules:
                            yield self._options(root, above, ends)

    def _options(self, root: Table, kind: Kind, ends: list[End]) -> list[Found]:
        options = (self._ended(root, kind, end) for end in ends if end.basis is not BasisKind.CONSENT)
        return [option for option in options if option is not None]

    def _ended(self, table: Table, kind: Kind, end: End) -> Found | None:
        """How the clock ends this claim; None where that cannot be looked for."""
        found: Found = frozenset()
        for moment, ask in end.moments:
            if moment in kind.moments:
                ways = self._ways(table, kind.moments[moment], ask, frozenset())
                if ways is None:
                    return None
                found |= ways
        return found

    def _ways(self, table: Table, rule: MomentRule, ask: Ask, seen: Asked) -> Found | None:
        """How a moment comes to lie in a set of known ones."""
        if (table.name, rule) in seen:
            return frozenset()
        seen |= {(table.name, rule)}
        days = ask.days if ask.days is not None and not ask.days.empty else None
        found: set[Way] = set()
        match rule:
            case FromColumn():
                if ask.not_yet:
                    return None
                return frozenset(Crossing(table.name, column, days) for column in rule.columns if days is not None)
            case Through(link) if link in table.links:
                to, if_none = self.judge.read.mapped(table.links[link].to), table.links[link].if_none
                if self._asked_for(if_none, ask):
                    found.add(Missing(table.name, link))
            case FromChildren() | Latest():
                to = self.judge.read.mapped(rule.child)
                if self._asked_for(rule.if_none, ask) or (isinstance(rule, Latest) and ask.not_yet):
                    return None
            case Through() | Imported():
                return None
        states = [s for s, asked in (("not_yet", ask.not_yet), ("never", ask.never)) if asked]
        found.add(Kept(table.name, rule_name(rule), days, tuple(states)))
        for kind in to.kinds:
            if rule.moment in kind.moments:
                ways = self._ways(to, kind.moments[rule.moment], ask, seen)
                if ways is None:
                    return None
                found |= ways
        return frozenset(found)

    def _asked_for(self, if_none: IfNone, ask: Ask) -> bool:
        return (ask.never and if_none is IfNone.NONE) or (ask.not_yet and if_none is IfNone.NOT_YET)
