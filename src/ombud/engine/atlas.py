"""What a map says of gathering, worked out once: where each row leads, where each thing stands in what is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromColumn,
    IdentifierColumn,
    Imported,
    Link,
    MomentRule,
    OwnerRule,
    OwnersOf,
    SourceMap,
    Subject,
    Table,
    Through,
)
from ombud.datamap.schema import ColumnType
from ombud.plan.naming import rule_name
from ombud.sql.gather import COUNTED, IDENTIFIER, Gather
from ombud.sql.judge import Judge
from ombud.sql.numbered import PLACE

LARGEST = 2**63
"""No column of whole numbers holds one from it on."""

Key = tuple[Any, ...]

Said = tuple[Any, ...]
"""A row as it is read."""


@dataclass(frozen=True, slots=True)
class Way:
    """From a row to those of a table in whose `columns` the same stands as `ends` reads from it.

    `state`: where it is read how following the link went. `by_key`: the columns are that table's key. `passes`: whoever
    owns the row owns those, and so what has its owners through them.
    """

    table: str
    columns: tuple[str, ...]
    ends: Callable[[Said], Key]
    state: int | None = None
    by_key: bool = False
    passes: bool = False

    @property
    def at(self) -> tuple[str, tuple[str, ...]]:
        return self.table, self.columns


@dataclass(frozen=True)
class Leaf:
    """One table: its statements, its ways, and where things stand in its rows as they are read."""

    gather: Gather
    source: SourceMap
    _down_by: dict[tuple[str, str], Way] = field(default_factory=dict, compare=False)

    @cached_property
    def table(self) -> Table:
        return self.gather.table

    @cached_property
    def name(self) -> str:
        return self.gather.table.name

    @cached_property
    def layout(self) -> Mapping[str, int]:
        return self.gather.layout

    def by(self, columns: Sequence[str], keys: int) -> sa.Select[Any]:
        """The statement that finds rows by what stands in columns."""
        return self.gather.by(columns, keys)

    def alike(self, kind: str, column: str, keys: int) -> sa.Select[Any]:
        """The statement that finds rows by what an identifier looks like."""
        return self.gather.alike(kind, column, keys)

    # --- where things stand ----------------------------------------------------------------------------------------

    def picking(self, columns: tuple[str, ...]) -> Callable[[Said], Key]:
        """What reads columns, by which links hold together, out of a row."""
        return _picking([self.layout[f"end/{column}"] for column in columns])

    def _ends(self, own: tuple[str, ...], to: str, columns: tuple[str, ...]) -> Callable[[Said], Key]:
        """The same, as those columns hold it that are looked for."""
        plain, names = self.picking(own), self.gather.facts.names
        families = [(names.family(self.name, o), names.family(to, c)) for o, c in zip(own, columns, strict=True)]
        if all(one == other for one, other in families):
            return plain
        loose = names.dialect.is_text is not None
        return lambda said: tuple(
            value
            if one == other or value is None
            else _as_number(value, loose=loose)
            if one == "text"
            else _as_text(value)
            for value, (one, other) in zip(plain(said), families, strict=True)
        )

    @cached_property
    def key(self) -> Callable[[Said], Key]:
        return _picking([self.layout[f"value/{column}"] for column in self.table.key])

    @cached_property
    def memo(self) -> int:
        return self.layout["memo"]

    @cached_property
    def places(self) -> tuple[tuple[IdentifierColumn, int], ...]:
        """Where identifiers of subjects' rows stand in this table."""
        return tuple((place, self.layout[f"place/{n}"]) for n, place in enumerate(self.gather.places))

    @cached_property
    def place_at(self) -> Mapping[IdentifierColumn, int]:
        return dict(self.places)

    @cached_property
    def naming(self) -> Mapping[tuple[str, str], int]:
        """Where rows name somebody by an identifier, by its kind and column."""
        return {
            (rule.kind, rule.column): self.layout[f"{IDENTIFIER}{rule.kind}/{rule.column}"]
            for rule in self.gather.identifiers
        }

    @cached_property
    def kind(self) -> int:
        return self.layout["kind"]

    @cached_property
    def born(self) -> int:
        return self.layout["born"]

    @cached_property
    def company(self) -> int | None:
        """Where the company is read, unless another row tells it."""
        return None if isinstance(self.table.company, CompanyThrough) else self.layout["company"]

    @cached_property
    def follows(self) -> Link | None:
        """The link to the row whose claims its rows have, if they follow one."""
        name = self.table.follows or self.table.copy_of
        return self.table.links[name] if name else None

    # --- what is said of a row -------------------------------------------------------------------------------------

    @cached_property
    def values(self) -> Callable[[Said], tuple[Any, ...]]:
        """What reads the values, in the order of `Extracts.columns`, out of a row."""
        first = min(at for name, at in self.layout.items() if name.startswith("value/"))
        return itemgetter(slice(first, None))

    @cached_property
    def rule_numbers(self) -> Mapping[MomentRule, int]:
        return {rule: n for n, rule in enumerate(self.gather.facts.names.sheet(self.name).rules)}

    @cached_property
    def root_rules(self) -> tuple[MomentRule, ...]:
        """The moments by which its rows' claims are judged."""
        return self.gather.facts.names.sheet(self.gather.extracts.root.name).rules

    @cached_property
    def dated(self) -> Callable[[Said], tuple[Any, ...]] | None:
        """What reads state and day of each moment out of a row, where its own columns tell them all."""
        if self.gather.extracts.root is not self.table:
            return None
        if not all(isinstance(rule, FromColumn) for rule in self.root_rules):
            return None
        at = [self.layout[f"{letter}{n}"] for n, _ in enumerate(self.root_rules) for letter in "sd"]
        return itemgetter(*at) if at else lambda said: ()

    # --- where rows lead -------------------------------------------------------------------------------------------

    @cached_property
    def by_key(self) -> Way:
        return Way(self.name, self.table.key, self.key, by_key=True)

    @cached_property
    def up_by(self) -> Mapping[str, Way]:
        """Along each link that says whose the row is, or by what it is judged."""
        return {name: self._up(link, passes=False) for name, link in self.gather.links.items()}

    @cached_property
    def up(self) -> tuple[Way, ...]:
        return tuple(self.up_by.values())

    def _up(self, link: Link, *, passes: bool) -> Way:
        state = self.layout.get(f"link/{link.name}")
        by_key = link.target == self.source.tables[link.to].key
        ends = self._ends(link.columns, link.to, link.target)
        return Way(link.to, link.target, ends, state, by_key, passes)

    @cached_property
    def children(self) -> tuple[Way, ...]:
        """To the rows by which this one is judged."""
        rules = (*self.gather.facts.names.sheet(self.name).rules, *self.table.owner_rules)
        counted = dict.fromkeys((rule.child, rule.link) for rule in rules if isinstance(rule, COUNTED))
        return tuple(self._down(child, self.source.tables[child].links[link]) for child, link in counted)

    def down_by(self, table: str, link: Link) -> Way:
        """To the rows of a table that point at this one by a link."""
        if (table, link.name) not in self._down_by:
            self._down_by[table, link.name] = self._down(table, link)
        return self._down_by[table, link.name]

    def _down(self, table: str, link: Link, *, passes: bool = False) -> Way:
        return Way(table, link.columns, self._ends(link.target, table, link.columns), passes=passes)

    @cached_property
    def down(self) -> tuple[Way, ...]:
        """To the rows that have their owners, or those of a cell, through this one."""
        found: list[Way] = []
        for other in self.source.tables.values():
            for rule in other.owner_rules:
                if isinstance(rule, OwnersOf) and other.links[rule.link].to == self.name:
                    found.append(self._down(other.name, other.links[rule.link], passes=rule in other.owners))
                elif isinstance(rule, EachOwner) and rule.child == self.name:
                    found.append(self._up(self.table.links[rule.link], passes=rule in other.owners))
        return tuple(found)

    @cached_property
    def bearing(self) -> tuple[Way, ...]:
        """To the rows in which identifiers of this subject's rows stand."""
        places = (p for s in self.source.subjects.values() if s.table == self.name for p in s.identifiers)
        children = dict.fromkeys((p.child, p.link) for p in places if p.child is not None and p.link is not None)
        return tuple(self._down(child, self.source.tables[child].links[link]) for child, link in children)

    # --- whose a row is --------------------------------------------------------------------------------------------

    @cached_property
    def owners(self) -> tuple[tuple[str, OwnerRule], ...]:
        """The rules by which whole rows are about somebody, by their names."""
        return tuple((rule_name(rule), rule) for rule in self.table.owners)

    @cached_property
    def owner_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.owners)

    @cached_property
    def of_cells(self) -> tuple[tuple[str, OwnerRule], ...]:
        """Those by which cells are about somebody else."""
        rules = (rule for rule in self.table.owner_rules if rule not in self.table.owners)
        return tuple((rule_name(rule), rule) for rule in rules)

    @cached_property
    def mentions(self) -> tuple[ByIdentifier, ...]:
        return tuple(dict.fromkeys(self.table.mentions))

    def identifier(self, rule: ByIdentifier) -> tuple[int, int]:
        """Where it is read what identifier stands in a row, and whether it counts."""
        n = self.gather.identifiers.index(rule)
        return self.naming[rule.kind, rule.column], self.layout[f"when/{n}"]


@dataclass(frozen=True)
class Atlas:
    """Every table of one source on one day. `serves`: rows of this map tell all that has a say."""

    leaves: Mapping[str, Leaf]
    subjects: tuple[Subject, ...]
    serves: bool

    @cached_property
    def imports(self) -> tuple[Imported, ...]:
        """The moments that are copied from other sources."""
        sheets = (leaf.gather.facts.names.sheet(name) for name, leaf in self.leaves.items())
        return tuple(dict.fromkeys(rule for sheet in sheets for rule in sheet.rules if isinstance(rule, Imported)))

    @cached_property
    def columns(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """By kind of identifier, the tables and columns in which it stands."""
        found: dict[str, dict[tuple[str, str], None]] = {}
        for name, leaf in self.leaves.items():
            standing = [(kind, column) for kind, column in leaf.naming]
            standing += [(place.kind, place.column) for place, _ in leaf.places]
            for kind, column in standing:
                found.setdefault(kind, {})[name, column] = None
        return {kind: tuple(each) for kind, each in found.items()}


def atlas(judge: Judge) -> Atlas:
    """For one source on one day."""
    source = judge.read.names.source
    gathers = {table.name: Gather(judge.facts, table) for table in source.tables.values() if table.key}
    leaves = {name: Leaf(gather, source) for name, gather in gathers.items()}
    serves = len(leaves) == len(source.tables) and not any(_asks_more(judge, leaf) for leaf in leaves.values())
    return Atlas(leaves, tuple(source.subjects.values()), serves and judge.read.names.dialect.made_of is not None)


def _asks_more(judge: Judge, leaf: Leaf) -> bool:
    """Whether something other than rows has a say in whose a row of this table is, or by what it is judged."""
    names, table = judge.read.names, leaf.table
    live = names.schema.tables
    for rule in names.sheet(leaf.name).rules:
        if isinstance(rule, Through) and rule.link not in table.links:
            return True
    named = {rule.column for rule in leaf.gather.identifiers} | {place.column for place in leaf.gather.places}
    if set(table.key) != set(live[leaf.name].key) or any(names.family(leaf.name, each) != "text" for each in named):
        return True
    ends = [(column, leaf.name, column) for column in table.key]
    for link in leaf.gather.links.values():
        ends += [(one, link.to, other) for one, other in zip(link.columns, link.target, strict=True)]
    own = live[leaf.name].columns
    return not all(_compares(own[one], live[to].columns[other]) for one, to, other in ends)


def _compares(one: ColumnType, other: ColumnType) -> bool:
    """Whether Python finds equal what the database does, of what a driver reads in two columns."""
    declared, families = (one.declared.upper(), other.declared.upper()), {one.family, other.family}
    if "text" in families and families <= {"text", "integer"}:
        padded = any(each.startswith(("CHAR(", "CHARACTER(", "BPCHAR")) or each == "CHAR" for each in declared)
        return "CITEXT" not in declared and (not padded or declared[0] == declared[1])
    if len(families) > 1:
        return False
    return families <= {"integer", "boolean", "date", PLACE} or set(declared) == {"UUID"}


# --- what is read as what ---------------------------------------------------------------------------------------


def _picking(at: Sequence[int]) -> Callable[[Said], Key]:
    if len(at) == 1:
        (only,) = at
        return lambda said: (said[only],)
    return itemgetter(*at)


def _as_number(text: Any, *, loose: bool) -> Any:
    """The whole number that a text is written as; of any other, None, for it equals none. `loose`: a column of numbers
    may hold texts (`sql/equal.py`).
    """
    if isinstance(text, str):
        try:
            number = int(text) if len(text) < 20 else None
        except ValueError:
            number = None
        if number is not None and str(number) == text and -LARGEST <= number < LARGEST:
            return number
    return text if loose else None


def _as_text(number: Any) -> Any:
    """A whole number as it is written; a fraction equals no text."""
    return str(number) if isinstance(number, int) else None if isinstance(number, float) else number
