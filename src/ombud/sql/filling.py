"""The facts of a table in one statement, as far as tables before it say all that they need; the rest comes in steps.

A row is written once, with what its columns say, what its links find, its company, its root and its parents' moments.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from ombud.datamap.model import CompanyThrough, FromColumn, Link, Table, Through
from ombud.plan.sheet import CompanyStep, MomentStep, RootStep, Step
from ombud.sql.dialect import Expr
from ombud.sql.facts import Facts
from ombud.sql.moments import Moments


@dataclass
class Filling:
    """Fills the fact tables of one source. `order`: parents before children, where they are not in a circle; `done`
    are the steps that need not be taken after it, and `links` those that were followed, by table.
    """

    facts: Facts
    order: list[Table] = field(default_factory=list)
    links: dict[str, list[Link]] = field(default_factory=dict)
    done: set[Step] = field(default_factory=set)

    def __post_init__(self) -> None:
        waiting = {name: t for name, t in self.facts.names.source.tables.items() if t.key}
        while waiting:
            free = [t for t in waiting.values() if not any(x.to in waiting for x in t.links.values())]
            for table in free or [next(iter(waiting.values()))]:
                self._take(table)
                del waiting[table.name]

    def _take(self, table: Table) -> None:
        filled = {t.name for t in self.order}
        ready = [link for link in table.links.values() if link.to in filled]
        self.order.append(table)
        self.links[table.name] = ready
        names = {link.name for link in ready}
        company = table.company
        if isinstance(company, CompanyThrough) and company.link in names:
            above = self.facts.read.mapped(table.links[company.link].to)
            self.done |= {CompanyStep(table.name, company.link)} if self._has_company(above) else set()
        follows = table.follows or table.copy_of
        rooted = follows is None or (follows in names and RootStep(table.links[follows].to) in self.done)
        if rooted and self._has_company(table):
            self.done.add(RootStep(table.name))
        for rule in self.facts.names.sheet(table.name).rules:
            if isinstance(rule, Through) and rule.link in names:
                to = self.facts.read.mapped(table.links[rule.link].to)
                told = [kind.moments[rule.moment] for kind in to.kinds if rule.moment in kind.moments]
                if all(isinstance(each, FromColumn) or MomentStep(to.name, each) in self.done for each in told):
                    self.done.add(MomentStep(table.name, rule))

    def _has_company(self, table: Table) -> bool:
        company = table.company
        return not isinstance(company, CompanyThrough) or CompanyStep(table.name, company.link) in self.done

    def left(self, table: Table) -> list[Link]:
        """The links that are still to be followed once every table is filled."""
        return [link for link in table.links.values() if link not in self.links[table.name]]

    def fill(self, table: Table) -> sa.Insert:
        """Write the facts of every row that is looked at."""
        facts, fact = self.facts, self.facts.names.fact(table.name)
        row = facts.names.row(table.name)
        said = facts.said(table, row)
        for link in self.links[table.name]:
            said |= facts.followed_to(table, row, link)
        chosen = sa.select(*(sa.type_coerce(e, e.type).label(c) for c, e in said.items())).select_from(row)
        chosen = chosen.where(*facts.looked_at(table, row))
        if not self._more(table):
            return fact.insert().from_select(list(said), chosen)
        own = facts.names.once(chosen, "own")
        if "company" not in said:
            return self._with_company(table, own, said, fact)
        return self._whole(table, own, list(said), fact)

    def _more(self, table: Table) -> bool:
        return any(step.table == table.name for step in self.done)

    def _with_company(self, table: Table, own: sa.CTE, said: dict[str, Expr], fact: sa.Table) -> sa.Insert:
        company = table.company
        assert isinstance(company, CompanyThrough)
        columns = list(said)
        if CompanyStep(table.name, company.link) not in self.done:
            return self._whole(table, own, columns, fact)
        through = self.facts.company_through(table, own, company.link)
        placed = self.facts.names.once(sa.select(*own.c, through.label("company")), "placed")
        return self._whole(table, placed, [*columns, "company"], fact)

    def _whole(self, table: Table, own: sa.CTE, columns: list[str], fact: sa.Table) -> sa.Insert:
        more: dict[str, Expr] = {}
        if RootStep(table.name) in self.done:
            more |= self.facts.rooted(table, own)
        moments = Moments(self.facts)
        for n, rule in enumerate(self.facts.names.sheet(table.name).rules):
            if isinstance(rule, Through) and MomentStep(table.name, rule) in self.done:
                more[f"s{n}"], more[f"d{n}"] = moments.through(table, own, rule)
        chosen = sa.select(*(own.c[c] for c in columns), *(e.label(c) for c, e in more.items()))
        return fact.insert().from_select([*columns, *more], chosen)
