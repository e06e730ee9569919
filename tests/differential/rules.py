"""The rules of a drawn table: its cells, owners, kinds and moments.

A rule that would close a circle (a moment that depends on itself) is not drawn: `check` refuses such maps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from ombud.datamap.model import (
    Binding,
    Blank,
    ByIdentifier,
    Cell,
    EachOwner,
    Encoding,
    FromChildren,
    FromColumn,
    Gone,
    Imported,
    IsSubject,
    Kind,
    Latest,
    MomentRule,
    Otherwise,
    OwnerRule,
    OwnersOf,
    Pick,
    SourceMap,
    Subject,
    Test,
    Through,
    TimeColumn,
    Where,
)
from ombud.policy.model import Policy
from ombud.terms import IfNone
from tests.differential import documents
from tests.differential.policies import CATEGORIES, MOMENTS
from tests.differential.sketches import Circles, Column, Names, Sketch

IF_NONE = (IfNone.NOT_YET, IfNone.UNKNOWN, IfNone.NONE, IfNone.NONE)
KEYS = ("email", "phone", "note", "member", "street")
"""What the keys of a key–value table may be; `theme` and `locale` are not personal, and others are not listed."""

BLANKS = ("gone", "gone", 'raderad – "x"', " ", "\N{WASTEBASKET}")
"""What an erased text may hold."""


class Rules:
    """Draws the rules of one source's tables."""

    def __init__(
        self, random: Random, policy: Policy, source: str, engine: str, others: Mapping[str, SourceMap]
    ) -> None:
        self.random, self.policy, self.source, self.engine, self.others = random, policy, source, engine, others
        self.native, self.whole = engine != "sqlite", engine in ("sqlite", "postgresql")
        self.circles = Circles()
        self.names = Names(random, engine)
        self.sketches: dict[str, Sketch] = {}
        self.subjects: dict[str, Subject] = {}
        self.of_guests = self.odds(0.25)
        """Whether this is a database of guests, told by an address alone, and of what is theirs by a link to it."""

    def odds(self, share: float) -> bool:
        return self.random.random() < share

    def children(self, sketch: Sketch) -> Iterator[tuple[str, str]]:
        """The tables whose link leads here, and the link."""
        for child in self.sketches.values():
            yield from ((child.name, link.name) for link in child.links.values() if link.to == sketch.name)

    def kind_of_identifier(self, subject: Subject) -> str:
        """Mostly e-mail; now and then another kind that the subject has."""
        return self.random.choice([place.kind for place in subject.identifiers] + ["email"] * 3)

    def guest(self, sketch: Sketch, kind: str) -> str:
        """A column that holds somebody's identifier of this kind."""
        return sketch.add(Column("guest" if kind == "email" else f"guest_{kind}", kind)).name

    # --- kinds and cells ----------------------------------------------------------------------------------------

    def kinds(self, sketch: Sketch) -> tuple[Kind, ...]:
        if sketch.keys:
            return tuple(self._of_keys(sketch))
        if self.odds(0.7):
            return (self._kind(sketch, "row", ()),)
        second = self.random.choice((("B",), ("B", None), ("A", "B") if self.odds(0.4) else ("B", None)))
        column = self.names.column("type")
        one, other = Test(column, ("A",)), Test(column, second)
        return (self._kind(sketch, "one", (one,)), self._kind(sketch, "other", (other,)))

    def _of_keys(self, sketch: Sketch) -> Iterator[Kind]:
        """Each key is a kind, its value the only cell; keys that are not personal go with their row's purposes."""
        plain = self._kind(sketch, "not_personal", (Test("meta_key", ("theme", "locale")),), only=())
        for key in sketch.keys:
            category = {"email": "contact.email", "street": "contact.home.street", "note": "text"}.get(key, "order")
            of = self._of(sketch, 0.2)
            otherwise = self.random.choice(list(Otherwise))
            cell = Cell(key, "meta_value", category, of, otherwise, blank=self.random.choice((Blank(), Blank("gone"))))
            yield replace(plain, name=key, when=(Test("meta_key", (key,)),), cells={key: cell})
        yield plain

    def _kind(self, sketch: Sketch, name: str, when: Where, only: tuple[Cell, ...] | None = None) -> Kind:
        cells = {cell.name: cell for cell in (self._cells(sketch) if only is None else only)}
        bound = sketch.personal and not sketch.follows and not sketch.copy_of
        bindings = tuple(self._bindings(tuple(cells), bool(sketch.key))) if bound else ()
        moments = {m: rule for m in MOMENTS if self.odds(0.95) and (rule := self._moment(sketch, m))}
        return Kind(name, when, bindings, moments, cells if sketch.personal else {})

    def _bindings(self, cells: tuple[str, ...], keyed: bool) -> Iterator[Binding]:
        purposes = sorted({id for purposes in self.policy.purposes.values() for id in purposes})
        many = self.random.choice((0, 1, 1, 2, 2, 3) if self.odds(0.2) else (1, 1, 2))
        for id in self.random.sample(purposes, min(len(purposes), many)):
            reach = frozenset(self.random.sample(cells, self.random.randint(0, len(cells))))
            yield Binding(id, None if not keyed or self.odds(0.75) else reach)

    def _cells(self, sketch: Sketch) -> Iterator[Cell]:
        for n in range(self.random.randint(0, 3)):
            name = f"cell{n}"
            unique = bool(sketch.key) and self.odds(0.15)
            column = sketch.add(Column(self.names.column(name), "text", nullable=self.odds(0.7), unique=unique))
            blank = self._harmless(column)
            if not column.unique and self.odds(0.2):
                blank = Blank(self.random.choice(BLANKS))
            then = {"erased": 1} if self.odds(0.2) else {}
            of = self._of(sketch, 0.3)
            otherwise = self.random.choice(list(Otherwise))
            file = "uploads" if not column.unique and self.odds(0.06) else None
            category = self.random.choice(CATEGORIES)
            yield Cell(name, column.name, category, of, otherwise, None, blank, then, file=file)
        if self.odds(0.08):
            yield self._photo(sketch)
        if self.odds(0.05 if sketch.key else 0.15) and self.engine != "duckdb":
            yield from self._documents(sketch)
        for column in list(sketch.columns.values()):
            if column.fill in ("email", "phone", "personnummer", "member") and self.odds(0.6):
                blank = Blank(None) if column.nullable else Blank("")
                of = self._of(sketch, 0.2)
                yield Cell(column.name, column.name, "contact.email", of, blank=blank)
            elif column.fill in ("time", "code", "type") and column.name not in sketch.key and self.odds(0.05):
                yield Cell(column.name, column.name, "order", blank=self._harmless(column))

    def _photo(self, sketch: Sketch) -> Cell:
        """A column that names files, and shares them with other rows."""
        column = sketch.add(Column(self.names.column("photo"), "file", nullable=self.odds(0.7)))
        blank = self.random.choice((self._harmless(column), Blank("gone")))
        return Cell(
            "photo", column.name, self.random.choice(CATEGORIES), self._of(sketch, 0.3), blank=blank, file="photos"
        )

    def _documents(self, sketch: Sketch) -> Iterator[Cell]:
        """Values inside a column of JSON, or of text that holds it."""
        declared = self.random.choice(("JSON", "JSONB", "") if self.engine == "postgresql" else ("JSON", ""))
        named, family = self.names.column("data"), "json" if declared and self.engine != "mariadb" else "text"
        column = sketch.add(Column(named, "document", family, nullable=self.odds(0.7), declared=declared))
        paths = [path for path in documents.PATHS if self.native or '"' not in "".join(path)]
        for path in self.random.sample(paths, self.random.choice((1, 2, 3))):
            name, category = ".".join(("data", *path)), self.random.choice(CATEGORIES)
            then = {"erased": 1} if self.odds(0.2) else {}
            otherwise, blank = self.random.choice(list(Otherwise)), documents.blank(self.random)
            of = self._of(sketch, 0.2)
            yield Cell(name, column.name, category, of, otherwise, None, blank, then, json=path)

    def _harmless(self, column: Column) -> Blank:
        if column.unique:
            return Blank("erased-", per_key=True)
        return Blank(None if column.nullable else 0 if column.family == "integer" else "")

    # --- owners -------------------------------------------------------------------------------------------------

    def _of(self, sketch: Sketch, share: float) -> tuple[OwnerRule, ...]:
        """Whom a cell is about, if not about its row's owners."""
        if not sketch.key or not self.odds(share):
            return ()
        return tuple(self._owner(sketch, cell=True) for _ in range(self.random.choice((1, 1, 2))))

    def owners(self, sketch: Sketch) -> tuple[OwnerRule, ...]:
        if follows := sketch.follows or sketch.copy_of:
            self.circles.allows(("owners", sketch.name), ("owners", sketch.links[follows].to))
            return (OwnersOf(follows),)
        for name, subject in self.subjects.items():
            if subject.table == sketch.name:
                return (IsSubject(name),)
        if not sketch.personal and self.odds(0.7):
            return ()
        if not sketch.key:
            links = [link for link in sketch.links.values() if self.odds(0.7)]
            free = [link for link in links if self.circles.allows(("owners", sketch.name), ("owners", link.to))]
            return tuple(OwnersOf(link.name) for link in free)
        return tuple(dict.fromkeys(self._owner(sketch) for _ in range(self.random.choice((0, 1, 1, 1, 1, 2)))))

    def _owner(self, sketch: Sketch, cell: bool = False) -> OwnerRule:
        """A rule; the identifier in the row where a link or a bridge would close a circle."""

        def free(table: str) -> bool:
            return cell or self.circles.allows(("owners", sketch.name), ("owners", table))

        if self.of_guests and (found := self._guests_owner(sketch, free)):
            return found
        children = list(self.children(sketch))
        keyless = [each for each in children if not self.sketches[each[0]].key]
        if children and self.odds(0.6 if keyless else 0.3):
            child, link = self.random.choice(keyless or children)
            if free(child):
                return EachOwner(child, link, self.random.choice(IF_NONE))
        if sketch.links and self.odds(0.55):
            links, persons = list(sketch.links.values()), {subject.table for subject in self.subjects.values()}
            between = [link for link in links if self.sketches[link.to].personal and link.to not in persons]
            link_ = self.random.choice(between if between and self.odds(0.6) else links)
            if free(link_.to):
                return OwnersOf(link_.name)
        kind = self.kind_of_identifier(self.random.choice(list(self.subjects.values()))) if self.subjects else "email"
        if kind in sketch.keys and self.odds(0.6):
            return ByIdentifier(kind, "meta_value", self.random.choice(IF_NONE), (Test("meta_key", (kind,)),))
        values = self.random.choice((("A",), ("A", None), ("B", "A")))
        when = (Test(self.names.column("type"), values),) if self.odds(0.15) else ()
        return ByIdentifier(kind, self.guest(sketch, kind), self.random.choice(IF_NONE), when)

    def _guests_owner(self, sketch: Sketch, free: Callable[[str], bool]) -> OwnerRule | None:
        persons = {subject.table for subject in self.subjects.values()}
        let_go = [
            link
            for link in sketch.links.values()
            if link.gone is Gone.UNLINK and link.to not in persons and self.sketches[link.to].personal
        ]
        if let_go and self.odds(0.8):
            link = self.random.choice(let_go)
            return OwnersOf(link.name) if free(link.to) else None
        return ByIdentifier("email", self.guest(sketch, "email"), self.random.choice(IF_NONE))

    # --- moments ------------------------------------------------------------------------------------------------

    def _moment(self, sketch: Sketch, name: str) -> MomentRule | None:
        node = ("moment", sketch.name, name)
        if self.others and sketch.personal and self.odds(0.35) and (imported := self._imported(name)):
            return imported
        children = list(self.children(sketch))
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
        if children and self.odds(0.5):
            child, link_name = self.random.choice(children)
            if self.circles.allows(node, ("moment", child, name)):
                return self._of_children(child, link_name, name)
        columns = [self.time(sketch, f"{name}_at")] + [self.time(sketch, "created")] * self.odds(0.2)
        return FromColumn(tuple(column.time for column in columns if column.time))

    def _imported(self, name: str) -> Imported | None:
        """A day of another source's subject, by an identifier that it has."""
        other = self.random.choice(list(self.others.values()))
        if not other.subjects:
            return None
        subject = self.random.choice(list(other.subjects.values()))
        moment = self.random.choice((name, *MOMENTS))
        kind = self.kind_of_identifier(subject)
        return Imported(other.source, subject.name, moment, kind, self.random.choice(IF_NONE))

    def _of_children(self, child: str, link: str, name: str) -> MomentRule:
        column = self.names.column("type")
        where: Where = (Test(column, self.random.choice((("A",), ("A", "B"), ("B", None)))),)
        if self.odds(0.35):
            order, if_none = self.names.column("seen"), self.random.choice(IF_NONE)
            return Latest(child, link, order, where if self.odds(0.7) else (), name, if_none)
        pick, if_none = self.random.choice(list(Pick)), self.random.choice(IF_NONE)
        return FromChildren(pick, child, link, name, where if self.odds(0.4) else (), if_none)

    def time(self, sketch: Sketch, plain: str) -> Column:
        """A column that says when, in any encoding."""
        name = self.names.column(plain)
        if name in sketch.columns:
            return sketch.columns[name]
        encoding = self.random.choice(list(Encoding))
        zone = self.random.choice(("UTC", self.policy.zone))
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
