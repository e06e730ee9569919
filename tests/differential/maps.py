"""Small random data maps: tables, links among them, and every sort of rule the model knows.

A rule that would close a circle (a moment that depends on itself) is not drawn: `check` refuses such maps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from ombud.datamap.model import (
    Binding,
    Blank,
    ByIdentifier,
    Cell,
    ColumnMark,
    CompanyColumn,
    CompanyRule,
    CompanyThrough,
    EachOwner,
    Encoding,
    FromChildren,
    FromColumn,
    Gone,
    IdentifierColumn,
    IsCompany,
    IsSubject,
    Kind,
    Latest,
    Link,
    Match,
    MomentRule,
    Otherwise,
    OwnerRule,
    OwnersOf,
    Pick,
    SourceMap,
    Subject,
    Table,
    Test,
    Through,
    TimeColumn,
    Where,
)
from ombud.datamap.schema import ColumnType, Schema, TableSchema
from ombud.policy.model import Policy
from ombud.terms import IfNone
from tests.differential.policies import CATEGORIES, MOMENTS, ZONE

CODES = {"A": "alfa", "B": "beta", "C": "gamma", "X": "elsewhere"}
"""What a company column holds; `X` is a company that no policy has, and `?` is no code at all."""

IF_NONE = (IfNone.NOT_YET, IfNone.UNKNOWN, IfNone.NONE, IfNone.NONE)


@dataclass(frozen=True)
class Column:
    """A column and what fills it: `key`, `link`, `time`, `text`, `email`, `company`, `type`, `code`, `order`..."""

    name: str
    fill: str
    family: str = "text"
    nullable: bool = True
    unique: bool = False
    time: TimeColumn | None = None


@dataclass
class Sketch:
    """A table while it is drawn."""

    name: str
    personal: bool = True
    columns: dict[str, Column] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    links: dict[str, Link] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    born: TimeColumn | None = None
    follows: str | None = None

    def add(self, column: Column) -> Column:
        return self.columns.setdefault(column.name, column)

    def type(self) -> TableSchema:
        types = {c.name: ColumnType(c.name, c.family, c.nullable, c.unique) for c in self.columns.values()}
        return TableSchema(self.name, types, self.key)


class Circles:
    """What depends on what, so that no rule is drawn that would depend on itself."""

    def __init__(self) -> None:
        self._needs: dict[Any, set[Any]] = {}

    def allows(self, one: Any, other: Any) -> bool:
        """Whether `one` may need `other`; if so, it does from now on."""
        if one == other or one in self._reached(other, set()):
            return False
        self._needs.setdefault(one, set()).add(other)
        return True

    def _reached(self, start: Any, seen: set[Any]) -> set[Any]:
        for each in self._needs.get(start, ()):
            if each not in seen:
                seen.add(each)
                self._reached(each, seen)
        return seen


class Draw:
    """Draws one source's map."""

    def __init__(self, random: Random, policy: Policy, source: str, native: bool) -> None:
        self.random, self.policy, self.source, self.native = random, policy, source, native
        self.circles = Circles()
        self.sketches: dict[str, Sketch] = {}
        self.subjects: dict[str, Subject] = {}

    def odds(self, share: float) -> bool:
        return self.random.random() < share

    def source_map(self) -> tuple[SourceMap, dict[str, Sketch], Schema]:
        """The map, its sketches (which say how to fill columns) and the live schema, references aside."""
        for n in range(self.random.choice((2, 3, 3, 4, 5))):
            self._table(n)
        for sketch in self.sketches.values():
            self._links(sketch)
        self._subjects()
        self._matches()
        tables = {name: self._mapped(sketch) for name, sketch in self.sketches.items()}
        schema = Schema({name: sketch.type() for name, sketch in self.sketches.items()})
        return SourceMap(self.source, tables, self.subjects), self.sketches, schema

    # --- structure ----------------------------------------------------------------------------------------------

    def _table(self, n: int) -> None:
        sketch = Sketch(f"t{n}", personal=not (n and self.odds(0.15)))
        self.sketches[sketch.name] = sketch
        bridged = [each.name for each in self.sketches.values() if each.key == ("id",)][:-1]
        if bridged and self.odds(0.12):
            self._bridge(sketch, self.random.choice(bridged), self.random.choice(bridged))
        elif n and self.odds(0.15):
            sketch.key = ("id", "part")
            sketch.add(Column("id", "key", "integer", nullable=False))
            sketch.add(Column("part", "key", "text", nullable=False))
        else:
            sketch.key = ("id",)
            sketch.add(Column("id", "key", "integer", nullable=False))
        sketch.add(Column("code", "code", nullable=False, unique=True))
        sketch.add(Column("type", "type"))
        sketch.add(Column("seen", "order", "integer"))
        sketch.add(Column("erased", "flag", "integer", nullable=False))
        if self.odds(0.75):
            sketch.born = self._time(sketch, "created").time

    def _bridge(self, sketch: Sketch, *targets: str) -> None:
        """A table whose key is what it refers to."""
        sketch.key = ("one_id", "other_id")
        for column, target in zip(sketch.key, targets, strict=True):
            sketch.add(Column(column, "link", "integer", nullable=False))
            name = f"bridge_{column}"
            sketch.links[name] = Link(name, target, (column,), ("id",), IfNone.UNKNOWN, Gone.SHELL, (), False)

    def _links(self, sketch: Sketch) -> None:
        names = list(self.sketches)
        at = names.index(sketch.name)
        targets = [self.random.choice(names[:at])] if at and self.odds(0.9) else []
        if self.odds(0.3):
            targets.append(self.random.choice(names))
        for n, target in enumerate(targets):
            self._link(sketch, f"to_{target}_{n}", self.sketches[target])
        if self.odds(0.08):
            self._polymorphic(sketch, self.random.choice(names), self.random.choice(names))

    def _polymorphic(self, sketch: Sketch, *targets: str) -> None:
        """Links that share their column; the row's type says which of them it has."""
        if any(self.sketches[target].key != ("id",) for target in targets):
            return
        nullable = self.odds(0.75)
        column = sketch.add(Column("object_id", "link", "integer", nullable)).name
        gone = self.random.choice(list(Gone)) if nullable else Gone.SHELL
        for type, target in zip(("A", "B"), targets, strict=True):
            when = (Test("type", (type,)),)
            if_none = self.random.choice(IF_NONE)
            name = f"object_{type}"
            sketch.links[name] = Link(name, target, (column,), ("id",), if_none, gone, when, nullable)

    def _link(self, sketch: Sketch, name: str, target: Sketch) -> None:
        to = ("code",) if self.odds(0.15) else target.key
        nullable = self.odds(0.75)
        for column in to:
            sketch.add(Column(f"{name}_{column}", "link", target.columns[column].family, nullable))
        when: Where = (Test("type", ("A",)),) if self.odds(0.1) else ()
        typed = [link.name for link in sketch.links.values() if not self.sketches[link.to].personal]
        if typed and self.odds(0.6):
            when = (Test("type", ("A", "B"), link=self.random.choice(typed)),)
        gone = self.random.choice((Gone.UNLINK, Gone.UNLINK, Gone.SHELL)) if nullable else Gone.SHELL
        sketch.links[name] = Link(
            name,
            target.name,
            tuple(f"{name}_{column}" for column in to),
            to,
            self.random.choice(IF_NONE),
            gone,
            when,
            nullable,
        )

    def _subjects(self) -> None:
        personal = [sketch for sketch in self.sketches.values() if sketch.personal]
        for name, sketch in zip(("customer", "staff")[: self.random.choice((1, 1, 1, 2))], personal, strict=False):
            sketch.add(Column("email", "email", nullable=self.odds(0.8)))
            places = [IdentifierColumn("email", "email")]
            if self.odds(0.3):
                sketch.add(Column("old_email", "email"))
                places.append(IdentifierColumn("email", "old_email", former=True))
            if self.odds(0.2):
                sketch.add(Column("phone", "phone"))
                places.append(IdentifierColumn("phone", "phone", where=(Test("type", ("A", None)),)))
            children = list(self._children(sketch))
            if children and self.odds(0.3):
                child, link = self.random.choice(children)
                self.sketches[child].add(Column("email", "email"))
                where: Where = (Test("type", ("A", "B")),) if self.odds(0.5) else ()
                places.append(IdentifierColumn("email", "email", child, link, where, former=self.odds(0.3)))
            self.subjects[name] = Subject(name, sketch.name, tuple(places))

    def _matches(self) -> None:
        for sketch in self.sketches.values():
            if sketch.personal and self.subjects and self.odds(0.25):
                column = sketch.add(Column("guest", "email")).name
                to = self.random.choice(list(self.subjects))
                match = Match("match", to, "email", column, self.random.choice(IF_NONE), clocks=self.odds(0.8))
                sketch.matches["match"] = match

    def _children(self, sketch: Sketch) -> Iterator[tuple[str, str]]:
        for child in self.sketches.values():
            yield from ((child.name, link.name) for link in child.links.values() if link.to == sketch.name)

    # --- the map ------------------------------------------------------------------------------------------------

    def _mapped(self, sketch: Sketch) -> Table:
        company = self._company(sketch)
        if sketch.personal and sketch.links and self.odds(0.18):
            self._follow(sketch)
        table = Table(
            sketch.name,
            sketch.key,
            company,
            (),
            sketch.links,
            sketch.matches,
            self._owners(sketch),
            sketch.born,
            self.random.choice((0, 1, 30)),
            sketch.follows,
            marks=self._marks(sketch) if self.odds(0.3) else (),
            personal=sketch.personal,
        )
        return replace(table, kinds=self._kinds(sketch))

    def _follow(self, sketch: Sketch) -> None:
        links = [link for link in sketch.links.values() if self.sketches[link.to].personal]
        link = self.random.choice(links) if links else None
        if link and self.circles.allows(("follows", sketch.name), ("follows", link.to)):
            sketch.follows = link.name

    def _company(self, sketch: Sketch) -> CompanyRule:
        if sketch.links and self.odds(0.2):
            link = self.random.choice(list(sketch.links.values()))
            if self.circles.allows(("company", sketch.name), ("company", link.to)):
                return CompanyThrough(link.name)
        if self.odds(0.4):
            return CompanyColumn(sketch.add(Column("company", "company")).name, CODES)
        return IsCompany(self.random.choice(list(self.policy.companies)))

    def _kinds(self, sketch: Sketch) -> tuple[Kind, ...]:
        if self.odds(0.7):
            return (self._kind(sketch, "row", ()),)
        second = self.random.choice((("B",), ("B", None), ("A", "B") if self.odds(0.4) else ("B", None)))
        one, other = Test("type", ("A",)), Test("type", second)
        return (self._kind(sketch, "one", (one,)), self._kind(sketch, "other", (other,)))

    def _kind(self, sketch: Sketch, name: str, when: Where) -> Kind:
        cells = {cell.name: cell for cell in self._cells(sketch)}
        bindings = () if sketch.follows or not sketch.personal else tuple(self._bindings(tuple(cells)))
        moments = {m: rule for m in MOMENTS if self.odds(0.95) and (rule := self._moment(sketch, m))}
        return Kind(name, when, bindings, moments, cells if sketch.personal else {})

    def _bindings(self, cells: tuple[str, ...]) -> Iterator[Binding]:
        purposes = sorted({id for purposes in self.policy.purposes.values() for id in purposes})
        many = self.random.choice((0, 1, 1, 2, 2, 3) if self.odds(0.2) else (1, 1, 2))
        for id in self.random.sample(purposes, min(len(purposes), many)):
            reach = frozenset(self.random.sample(cells, self.random.randint(0, len(cells))))
            yield Binding(id, None if self.odds(0.8) else reach)

    # --- cells and owners ---------------------------------------------------------------------------------------

    def _cells(self, sketch: Sketch) -> Iterator[Cell]:
        for n in range(self.random.randint(0, 3)):
            name = f"cell{n}"
            nullable, unique = self.odds(0.7), self.odds(0.15)
            column = sketch.add(Column(name, "text", nullable=nullable, unique=unique))
            blank = Blank("erased-", per_key=True) if column.unique else Blank(None if column.nullable else "")
            if not column.unique and self.odds(0.15):
                blank = Blank("gone")
            then = {"erased": 1} if self.odds(0.2) else {}
            of = tuple(self._of(sketch)) if self.odds(0.25) else ()
            otherwise = self.random.choice(list(Otherwise))
            yield Cell(name, column.name, self.random.choice(CATEGORIES), of, otherwise, None, blank, then)
        for column in list(sketch.columns.values()):
            if column.fill == "email" and self.odds(0.6):
                blank = Blank(None) if column.nullable else Blank("")
                of = tuple(self._of(sketch)) if self.odds(0.2) else ()
                yield Cell(column.name, column.name, "contact.email", of, blank=blank)
            elif column.fill in ("time", "code", "type") and column.name not in sketch.key and self.odds(0.05):
                yield Cell(column.name, column.name, "order", blank=self._harmless(column))

    def _harmless(self, column: Column) -> Blank:
        if column.unique:
            return Blank("erased-", per_key=True)
        return Blank(None if column.nullable else 0 if column.family == "integer" else "")

    def _of(self, sketch: Sketch) -> Iterator[OwnerRule]:
        for _ in range(self.random.choice((1, 1, 2))):
            yield self._owner(sketch, cell=True)

    def _owners(self, sketch: Sketch) -> tuple[OwnerRule, ...]:
        if sketch.follows:
            self.circles.allows(("owners", sketch.name), ("owners", sketch.links[sketch.follows].to))
            return (OwnersOf(sketch.follows),)
        for name, subject in self.subjects.items():
            if subject.table == sketch.name:
                return (IsSubject(name),)
        if not sketch.personal and self.odds(0.7):
            return ()
        return tuple(self._owner(sketch) for _ in range(self.random.choice((0, 1, 1, 1, 1, 2))))

    def _owner(self, sketch: Sketch, cell: bool = False) -> OwnerRule:
        """A rule; the identifier in the row where a link or a bridge would close a circle."""

        def free(table: str) -> bool:
            return cell or self.circles.allows(("owners", sketch.name), ("owners", table))

        children = list(self._children(sketch))
        if children and self.odds(0.25):
            child, link = self.random.choice(children)
            if free(child):
                return EachOwner(child, link, self.random.choice(IF_NONE))
        if sketch.links and self.odds(0.65):
            link_ = self.random.choice(list(sketch.links.values()))
            if free(link_.to):
                return OwnersOf(link_.name)
        column = sketch.add(Column("guest", "email"))
        return ByIdentifier("email", column.name, self.random.choice(IF_NONE))

    def _marks(self, sketch: Sketch) -> tuple[ColumnMark, ...]:
        purposes = sorted({id for purposes in self.policy.purposes.values() for id in purposes})
        given, taken = self._time(sketch, "opted_in").time, self._time(sketch, "opted_out").time
        assert given is not None
        return (ColumnMark(self.random.choice(purposes), given, taken if self.odds(0.7) else None),)

    # --- moments ------------------------------------------------------------------------------------------------

    def _moment(self, sketch: Sketch, name: str) -> MomentRule | None:
        node = ("moment", sketch.name, name)
        children = list(self._children(sketch))
        if sketch.links and self.odds(0.3):
            link = self.random.choice(list(sketch.links.values()))
            other = self.random.choice((name, name, *MOMENTS))
            if self.circles.allows(node, ("moment", link.to, other)):
                return Through(link.name, other)
        match = sketch.matches.get("match")
        if match and match.clocks and self.odds(0.5):
            table = self.subjects[match.to].table
            if self.circles.allows(node, ("moment", table, name)):
                return Through("match", name)
        if children and self.odds(0.45):
            child, link_name = self.random.choice(children)
            if self.circles.allows(node, ("moment", child, name)):
                return self._of_children(child, link_name, name)
        columns = [self._time(sketch, f"{name}_at")] + [self._time(sketch, "created")] * self.odds(0.2)
        return FromColumn(tuple(column.time for column in columns if column.time))

    def _of_children(self, child: str, link: str, name: str) -> MomentRule:
        where: Where = (Test("type", self.random.choice((("A",), ("A", "B"), ("B", None)))),)
        if self.odds(0.3):
            return Latest(child, link, "seen", where if self.odds(0.7) else (), name, self.random.choice(IF_NONE))
        pick, if_none = self.random.choice(list(Pick)), self.random.choice(IF_NONE)
        return FromChildren(pick, child, link, name, where if self.odds(0.4) else (), if_none)

    def _time(self, sketch: Sketch, name: str) -> Column:
        if name in sketch.columns:
            return sketch.columns[name]
        encoding = self.random.choice(list(Encoding))
        zone = self.random.choice(("UTC", ZONE))
        family = self._family(encoding)
        absent: tuple[Any, ...] = {"integer": (0,), "text": ("", "0000-00-00")}.get(family, ())
        time = TimeColumn(name, encoding, zone, absent if self.odds(0.4) else ())
        return sketch.add(Column(name, "time", family, time=time))

    def _family(self, encoding: Encoding) -> str:
        match encoding:
            case Encoding.EPOCH_S | Encoding.EPOCH_MS:
                return "integer"
            case Encoding.YYYYMMDD:
                return self.random.choice(("integer", "text"))
            case Encoding.DATE | Encoding.TIMESTAMP | Encoding.TIMESTAMPTZ if self.native:
                return encoding.value
            case _:
                return "text"
