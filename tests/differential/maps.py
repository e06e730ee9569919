"""Small random data maps: tables, links among them, and every sort of rule the model knows (`rules.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from ombud.datamap.model import (
    ByIdentifier,
    ColumnMark,
    CompanyColumn,
    CompanyRule,
    CompanyThrough,
    Gone,
    IdentifierColumn,
    IsCompany,
    Link,
    Match,
    SourceMap,
    Subject,
    Table,
    Test,
    Where,
)
from ombud.datamap.schema import Schema
from ombud.policy.model import Policy
from ombud.terms import IfNone
from tests.differential.rules import IF_NONE, KEYS, Rules
from tests.differential.sketches import CODES, NUMBERS, Column, Sketch

KEYLESS = 0.08
"""How many of the tables that may have no key have none."""

ABSENT: Mapping[str, tuple[tuple[Any, ...], ...]] = {"integer": ((0,), (0, -1), (-1, 0)), "text": (("",), ("-", ""))}
"""What a link may hold that is no reference, by the family of its column."""


class Draw(Rules):
    """Draws one source's map. `others` are sources whose moments it may copy."""

    def __init__(
        self, random: Random, policy: Policy, source: str, engine: str, others: Mapping[str, SourceMap] | None = None
    ) -> None:
        super().__init__(random, policy, source, engine, others or {})

    def source_map(self) -> tuple[SourceMap, dict[str, Sketch], Schema]:
        """The map, its sketches (which say how to fill columns) and the live schema, references aside."""
        for n in range(self.random.choice((3, 4, 4, 5) if self.of_guests else (2, 3, 3, 4, 4, 5))):
            self._table(n)
        for sketch in list(self.sketches.values()):
            self._links(sketch)
        self._subjects()
        self._matches()
        tables = {name: self._mapped(sketch) for name, sketch in self.sketches.items()}
        for sketch in self.sketches.values():
            if not sketch.personal and self.odds(0.4):
                self._loose(sketch)
        schema = Schema({name: sketch.type() for name, sketch in self.sketches.items()})
        return SourceMap(self.source, tables, self.subjects), self.sketches, schema

    # --- structure ----------------------------------------------------------------------------------------------

    def _table(self, n: int) -> None:
        sketch = Sketch(self.names.table(f"t{n}"), personal=not (n and self.odds(0.15)))
        others = [each for each in self.sketches.values() if each.whole_key]
        self.sketches[sketch.name] = sketch
        if others and self.odds(0.12):
            self._bridge(sketch, self.random.choice(others), self.random.choice(others))
        elif not (n and sketch.personal and self.odds(KEYLESS)) or not self.whole:
            self._key(sketch, composite=n > 0 and self.odds(0.15))
        if sketch.key:  # where there is none, rows may be equal
            sketch.add(Column("code", "code", nullable=False, unique=True))
        sketch.add(Column(self.names.column("type"), "type"))
        sketch.add(Column(self.names.column("seen"), "order", self.random.choice(("integer", "integer", "text"))))
        sketch.add(Column("erased", "flag", "integer", nullable=False))
        if self.odds(0.75):
            sketch.born = self.time(sketch, "created").time

    def _key(self, sketch: Sketch, composite: bool) -> None:
        family = "text" if self.odds(0.12) else "integer"
        names = [self.names.column("id"), *([self.names.column("part")] if composite else [])]
        for name, each in zip(names, (family, "text"), strict=False):
            sketch.add(Column(name, "key", each, nullable=False))
        sketch.key = tuple(names)

    def _bridge(self, sketch: Sketch, *targets: Sketch) -> None:
        """A table whose key is what it refers to."""
        sketch.key = ("one_id", "other_id")
        for column, target in zip(sketch.key, targets, strict=True):
            sketch.add(Column(column, "link", "integer", nullable=False))
            name = f"bridge_{column}"
            sketch.links[name] = Link(name, target.name, (column,), target.key, IfNone.UNKNOWN, Gone.SHELL, (), False)

    def _links(self, sketch: Sketch) -> None:
        names = list(self.sketches)
        at = names.index(sketch.name)
        keyed = [name for name in names if self.sketches[name].key]
        before = [name for name in names[:at] if name in keyed]
        if self.of_guests and len(before) > 1:
            del before[0]  # to whoever has guests, rather than to a person
        targets = [self.random.choice(before)] if at and self.odds(0.9) else []
        if self.odds(0.3):
            targets.append(self.random.choice(keyed))
        if sketch.key and self.odds(0.06):
            targets.append(sketch.name)
        for n, target in enumerate(targets):
            self._link(sketch, f"link{n}", self.sketches[target])
        if at and targets and sketch.personal and self.odds(0.14):
            sketch.keys = tuple(self.random.sample(KEYS, self.random.choice((2, 3, 3))))
            sketch.add(Column("meta_key", "meta_key"))
            sketch.add(Column("meta_value", "meta_value"))
        whole = [name for name in names if self.sketches[name].whole_key]
        if whole and self.odds(0.1):
            self._polymorphic(sketch, self.random.choice(whole), self.random.choice(whole))

    def _polymorphic(self, sketch: Sketch, *targets: str) -> None:
        """Links that share their column; the row's type says which of them it has."""
        nullable = self.odds(0.75)
        family = "text" if self.odds(0.4) else "integer"
        absent: tuple[Any, ...] = self.random.choice(ABSENT[family]) if nullable and self.odds(0.2) else ()
        takes = nullable and (not absent or self.odds(0.4))
        column = sketch.add(Column("object_id", "link", family, takes)).name
        gone = self.random.choice(list(Gone)) if nullable and sketch.key else Gone.SHELL
        for type, target in zip(("A", "B"), targets, strict=True):
            when = (Test(self.names.column("type"), (type,)),)
            if_none = self.random.choice(IF_NONE)
            name, key = f"object_{type}", self.sketches[target].key
            sketch.links[name] = Link(name, target, (column,), key, if_none, gone, when, nullable, absent)

    def _link(self, sketch: Sketch, name: str, target: Sketch) -> None:
        to = ("code",) if self.odds(0.15) else target.key
        nullable = self.of_guests or self.odds(0.75)
        columns = tuple(self.names.column(f"{name}_{n}") for n in range(len(to)))
        absent: tuple[Any, ...] = ()
        families = ["text" if self.odds(0.12) else target.columns[at].family for at in to]
        if nullable and len(to) == 1 and not self.of_guests and self.odds(0.2):
            absent = self.random.choice(ABSENT[families[0]])
        for column, family in zip(columns, families, strict=True):
            if column in sketch.columns:
                return
            sketch.add(Column(column, "link", family, nullable and (not absent or self.odds(0.4))))
        when: Where = (Test(self.names.column("type"), ("A",)),) if self.odds(0.1) else ()
        typed = [link.name for link in sketch.links.values() if not self.sketches[link.to].personal]
        if typed and self.odds(0.7):
            when = (Test(self.names.column("type"), ("A", "B"), link=self.random.choice(typed)),)
        ways = (Gone.UNLINK,) if self.of_guests else (Gone.UNLINK, Gone.UNLINK, Gone.SHELL)
        gone = self.random.choice(ways) if nullable and sketch.key else Gone.SHELL
        if_none = self.random.choice(IF_NONE)
        sketch.links[name] = Link(name, target.name, columns, to, if_none, gone, when, nullable, absent)

    def _loose(self, sketch: Sketch) -> None:
        """A column that refers to a mapped table by a declared foreign key which the map does not say.

        Only in a table that is left alone: where its row can go too, the row it pins goes a sweep later.
        """
        targets = [each for each in self.sketches.values() if each.whole_key]
        if targets:
            to = self.random.choice(targets)
            sketch.loose = (sketch.add(Column("made_by", "loose", "integer")).name, to.name)

    # --- subjects -----------------------------------------------------------------------------------------------

    def _subjects(self) -> None:
        personal = [sketch for sketch in self.sketches.values() if sketch.personal and sketch.key]
        for name, sketch in zip(("customer", "staff")[: self.random.choice((1, 1, 2))], personal, strict=False):
            sketch.add(Column("email", "email", nullable=self.odds(0.8)))
            places = [IdentifierColumn("email", "email")]
            if self.odds(0.3):
                sketch.add(Column("old_email", "email"))
                places.append(IdentifierColumn("email", "old_email", former=True))
            for kind in ("phone", "personnummer", "member"):
                if self.odds(0.15):
                    sketch.add(Column(kind, kind))
                    where: Where = (Test(self.names.column("type"), ("A", None)),) if self.odds(0.5) else ()
                    places.append(IdentifierColumn(kind, kind, where=where))
            places += self._in_a_child(sketch)
            self.subjects[name] = Subject(name, sketch.name, tuple(places))

    def _in_a_child(self, sketch: Sketch) -> list[IdentifierColumn]:
        """Identifiers in a row of their own: a former address, a value under its key."""
        places = []
        children = list(self.children(sketch))
        for child, link in children:
            keys = self.sketches[child].keys
            if keys and self.odds(0.8):
                kind = self.random.choice([key for key in keys if key in ("email", "phone")] or ["member"])
                places.append(IdentifierColumn(kind, "meta_value", child, link, (Test("meta_key", (kind,)),)))
        if children and self.odds(0.3):
            child, link = self.random.choice(children)
            self.sketches[child].add(Column("email", "email"))
            where: Where = (Test(self.names.column("type"), ("A", "B")),) if self.odds(0.5) else ()
            places.append(IdentifierColumn("email", "email", child, link, where, former=self.odds(0.3)))
        return places

    def _matches(self) -> None:
        for sketch in self.sketches.values():
            if sketch.personal and sketch.key and self.subjects and self.odds(0.25):
                to = self.random.choice(list(self.subjects.values()))
                kind = self.kind_of_identifier(to)
                column = self.guest(sketch, kind)
                match = Match("match", to.name, kind, column, self.random.choice(IF_NONE), clocks=self.odds(0.8))
                sketch.matches["match"] = match

    # --- the map ------------------------------------------------------------------------------------------------

    def _mapped(self, sketch: Sketch) -> Table:
        company = self._company(sketch)
        if sketch.personal and sketch.key and sketch.links and self.odds(0.25):
            self._follow(sketch)
        table = Table(
            sketch.name,
            sketch.key,
            company,
            (),
            sketch.links,
            sketch.matches,
            self.owners(sketch),
            sketch.born,
            self.random.choice((0, 1, 30)),
            sketch.follows,
            sketch.copy_of,
            marks=self._marks(sketch) if sketch.key and self.odds(0.3) else (),
            mentions=(ByIdentifier("email", self.guest(sketch, "email")),) if self.odds(0.05) else (),
            personal=sketch.personal,
        )
        return replace(table, kinds=self.kinds(sketch))

    def _follow(self, sketch: Sketch) -> None:
        links = [link for link in sketch.links.values() if self.sketches[link.to].personal]
        link = self.random.choice(links) if links else None
        if link and self.circles.allows(("follows", sketch.name), ("follows", link.to)):
            if self.odds(0.35):
                sketch.copy_of = link.name
            else:
                sketch.follows = link.name

    def _company(self, sketch: Sketch) -> CompanyRule:
        if sketch.links and self.odds(0.2):
            link = self.random.choice(list(sketch.links.values()))
            if self.circles.allows(("company", sketch.name), ("company", link.to)):
                return CompanyThrough(link.name)
        if self.odds(0.4):
            numbered = self.odds(0.2)
            name = self.names.column("company no" if numbered else "company")
            column = sketch.add(Column(name, "company", "integer" if numbered else "text"))
            return CompanyColumn(column.name, NUMBERS if numbered else CODES)
        return IsCompany(self.random.choice(list(self.policy.companies)))

    def _marks(self, sketch: Sketch) -> tuple[ColumnMark, ...]:
        purposes = sorted({id for purposes in self.policy.purposes.values() for id in purposes})
        given, taken = self.time(sketch, "opted_in").time, self.time(sketch, "opted_out").time
        assert given is not None
        found = [ColumnMark(self.random.choice(purposes), given, taken if self.odds(0.7) else None)]
        if self.odds(0.15):  # the other way round, so that the two may contradict one another on one day
            assert taken is not None
            found.append(ColumnMark(self.random.choice(purposes), taken, given if self.odds(0.5) else None))
        return tuple(found)
