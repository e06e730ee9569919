"""How each table leads to a person: along its links, or by the rows that point at it."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from ombud.datamap.guess.columns import Columns
from ombud.datamap.guess.lexicon import MAKERS, Concept
from ombud.datamap.guess.links import Found, Links
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.subjects import Subjects, is_person, keeps, latest, leads, made, worked
from ombud.datamap.guess.things import content, published
from ombud.datamap.guess.words import words

FURTHEST = 5.5
"""How far a path to a person may be; a plain link is 1, a doubtful one more."""
_LONE = frozenset({Concept.EMAIL, Concept.NAME})
_SOME, _FEW = 10, 5
"""Rows that say something; and fewer, where they say nothing else."""
_MANY = 6
"""Tables that refer to what they all belong to."""
_OWN = 0.5
"""The share of different rows among those pointed at: below it, several share one, as a product's buyers do."""


@dataclass(frozen=True)
class Way:
    """A path to a person: links from the table outward; what it costs, and how sure it is."""

    subject: str
    links: tuple[Found, ...]
    cost: float

    @property
    def certainty(self) -> float:
        """As sure as all its links together, and less with every step."""
        sure = 0.97
        for link in self.links:
            sure *= link.certainty * 0.97
        return round(sure, 2)


@dataclass(frozen=True)
class People:
    """The persons of one database, and the ways to them."""

    database: Database
    links: Links
    columns: Columns

    @cached_property
    def told(self) -> Subjects:
        """What tables tell of persons."""
        return Subjects(self.database, self.links, self.columns)

    @property
    def subjects(self) -> Mapping[str, tuple[float, str]]:
        """Tables whose row is a person: how sure, and why."""
        return self.told.found

    def way(self, table: str) -> Way | None:
        """The shortest path to a person; None where there is none within reach."""
        return self._ways.get(table)

    def lone(self, table: str) -> tuple[float, str] | None:
        """Rows that tell of somebody and lead to nobody else: each is a person, whatever its table is called."""
        concepts, schema, way = self.told.concepts(table), self.database.table(table), self.way(table)
        if len(schema.key) != 1 or (way and way.links) or table in self.hubs or not concepts & _LONE:
            return None
        if table in self.database.said.owners or self.told.of_somebody(table):
            return None
        if Concept.NAME not in concepts and not self.told.addressed(table):
            return None
        if any(link.to in self._ways for link in self.links.of(table)):
            return None
        return 0.4, "its rows tell of somebody, and lead to nobody else"

    def all_links(self, table: str) -> list[Found]:
        """Every link of a table that leads to a table whose rows belong to persons, the nearest first."""
        return sorted(
            (link for link in self.links.of(table) if link.to in self._ways or link.to in self.subjects),
            key=lambda link: (_cost(link), link.columns),
        )

    def profile(self, table: str) -> bool:
        """Whether each person has one row of this table."""
        schema = self.database.table(table)
        for link in self.links.of(table):
            column = schema.columns[link.columns[0]]
            one = len(link.columns) == 1 and (column.unique or link.columns == schema.key)
            if one and link.to in self.subjects and link.to != table:
                return True
        return False

    def organisations(self, table: str, links: tuple[Found, ...] = ()) -> bool:
        """Whether a table holds what the organisation publishes or arranges, whoever made each of it.

        Not where its way, `links`, begins in another table, whose rows say whose each is.
        """
        if table in self.subjects or self.profile(table) or (links and links[0].table != table):
            return False
        if len(links) > 1 and not made(links[-1]):
            return False
        if not (content(table) or published(self.database.table(table).columns)):
            return False
        return all(made(link) for link in self.links.of(table) if link.to in self.subjects)

    @cached_property
    def carriers(self) -> frozenset[str]:
        """Tables whose rows say themselves whom they are about, by e-mail, and whom no sure link to a person says."""
        found = set()
        for table in self.database.schema.tables:
            direct = any(link.to in self.subjects and leads(link) for link in self.links.of(table))
            if self.told.addressed(table) and not direct and table not in self.subjects and table not in self.hubs:
                found.add(table)
        return frozenset(found)

    @cached_property
    def _ways(self) -> dict[str, Way]:
        """By Dijkstra's algorithm from persons and from rows that say whom they are about, against the links."""
        ways: dict[str, Way] = {}
        order = count()
        queue: list[tuple[float, int, str, tuple[Found, ...]]] = []
        for table in sorted(self.database.schema.tables):
            if table in self.subjects or table in self.carriers:
                heapq.heappush(queue, (0.0 if table in self.subjects else 0.4, next(order), table, ()))
        while queue:
            cost, _, table, links = heapq.heappop(queue)
            if table in ways or (table in self.hubs and table not in self.subjects):
                continue
            ways[table] = Way(links[-1].to if links else table, links, cost)
            if self.organisations(table, links):
                continue
            later = 0.25 if links and links[0].nullable else 0.0
            for link in self.links.into(table):
                further = cost - later + _cost(link) + self._common(link) + self._doubtful(link)
                if link.table not in ways and further <= FURTHEST and not latest(link):
                    heapq.heappush(queue, (further, next(order), link.table, (link, *links)))
            for link in self.links.of(table):  # an order's address is about whoever ordered
                further = cost + (1.0 if self._says_whose(link) else 1.5) + (1 - link.certainty)
                if link.to not in ways and further <= FURTHEST and self._given(link):
                    heapq.heappush(queue, (further, next(order), link.to, (link, *links)))
        return ways

    def _given(self, link: Found) -> bool:
        """Whether what a row points at belongs to it alone, and could be about a person."""
        if link.to in self.hubs or link.to == link.table or worked(link) or latest(link):
            return False
        seen = self.columns.look(link.table, link.columns[0])
        own = seen.count >= (_FEW if self._joins(link.table) else _SOME) and seen.distinct >= _OWN
        if self._says_whose(link):
            return True
        if self.told.tells(link.to):
            return not self._shares(link) and (seen.count > 0 or self.told.shows(link.to))
        return own and self._has_text(link.to) and not any(map(self._shares, self.links.into(link.to)))

    def _says_whose(self, link: Found) -> bool:
        """Whether a table is called after a thing and its persons, as `article_authors`, and few share one thing."""
        thing, called = self.links.plain(link.to), self.links.plain(link.table)
        named = called[: len(thing)] == thing and any(map(is_person, called[len(thing) :]))
        seen = self.columns.look(link.table, link.columns[0])
        few = seen.count >= 10 and seen.distinct >= _OWN
        return named and few and any(leads(each) and each.to in self.subjects for each in self.links.of(link.table))

    def _joins(self, table: str) -> bool:
        """Whether a table only says which rows of two others belong together."""
        linked = {c for link in self.links.of(table) for c in link.columns}
        schema = self.database.table(table)
        return len(linked) == 2 and set(schema.columns) <= linked | set(schema.key)

    def _shares(self, link: Found) -> bool:
        """Whether many rows point at one."""
        seen = self.columns.look(link.table, link.columns[0])
        return seen.count >= 10 and seen.distinct < 0.3

    def _has_text(self, table: str) -> bool:
        looks = [self.columns.look(table, c) for c in self.database.table(table).columns]
        return any(seen.distinct > 0.3 and max(seen.prose, 1 - seen.codes) > 0.3 for seen in looks if seen.count)

    @cached_property
    def hubs(self) -> frozenset[str]:
        """Things that somebody made and much else belongs to: an event is not about its creator."""
        found = set()
        for table in self.database.schema.tables:
            leading = [words(link.columns[0]) for link in self.links.of(table) if link.to in self.subjects]
            made = all(not MAKERS.isdisjoint(name) for name in leading)
            many = len({link.table for link in self.links.into(table) if link.table != table})
            whose = any(map(self._says_whose, self.links.into(table)))
            if made and many >= _MANY and table not in self.subjects and not self.told.speaks(table) and not whose:
                found.add(table)
        return frozenset(found)

    def _doubtful(self, link: Found) -> float:
        """A person by what its table tells alone is further than one who is called so, if the link does not say so."""
        return 0.75 if link.to in self.subjects and self.subjects[link.to][0] < 0.8 and not leads(link) else 0.0

    def _common(self, link: Found) -> float:
        """What many tables refer to is a catalogue, such as products, although somebody made each."""
        if link.to in self.subjects:
            return 0.0
        return 1.0 if len({each.table for each in self.links.into(link.to)}) > 2 * _MANY else 0.0


def _cost(link: Found) -> float:
    """How far a link is: an author of what the organisation publishes is less its owner than a customer of an order."""
    further = 1.5 if worked(link) else 0.75 * keeps(link)
    return 1.0 + further + (1 - link.certainty) + (0.5 if link.nullable else 0.0)
