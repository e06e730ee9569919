"""The whole draft: for each table of a database what it seems to be, whom it is about, and what its columns hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ombud.datamap.guess.cells import cells
from ombud.datamap.guess.columns import TELLING, Columns, Guess, closer
from ombud.datamap.guess.generic import Generic, Generics
from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.links import Found, Links
from ombud.datamap.guess.meaning import Belonging
from ombud.datamap.guess.people import People, Way
from ombud.datamap.guess.sampled import Database, Row
from ombud.datamap.guess.shapes import KeyValues, Shapes, of_named
from ombud.datamap.guess.subjects import keeps, leads, worked
from ombud.datamap.guess.words import words
from ombud.datamap.model import Encoding

_IDENTIFYING = {Concept.EMAIL: "email", Concept.IDENTITY_NUMBER: "personnummer", Concept.PHONE: "phone"}
ENOUGH = 0.6
"""How sure it is that a column that is called an e-mail address, and something else, is one."""
_WHO = (Concept.EMAIL, Concept.IDENTITY_NUMBER, Concept.USERNAME, Concept.NAME, Concept.PHONE)
"""By what people are found, the surest first."""
_ASIDE = frozenset(
    {"django_migrations", "schema_migrations", "alembic_version", "flyway_schema_history", "sqlite_sequence"}
)


@dataclass(frozen=True)
class TableDraft:
    """One table. `holds` are its personal columns; `rest` those that seem to hold nothing personal.

    `columns` are all that it has. `either`: where a link leads to the person and an identifier says who it is, each row
    that was seen has one of them, and some lack the other.

    `subject`: its row is a person, how sure and why. `owner`: an identifier column, where no link leads to a person.
    `inside`: where neither does, the column in whose text the person stands.
    """

    name: str
    key: tuple[str, ...]
    subject: tuple[float, str] | None
    way: Way | None
    links: tuple[Found, ...]
    by_type: tuple[Generic, ...]
    holds: Mapping[str, Guess]
    rest: Mapping[str, Guess]
    paths: Mapping[str, Mapping[str, Guess]] = field(default_factory=dict)
    key_values: KeyValues | None = None
    history_of: str | None = None
    born: str | None = None
    times: Mapping[str, Encoding] = field(default_factory=dict)
    identifiers: Mapping[str, str] = field(default_factory=dict)
    inside: str = ""
    columns: tuple[str, ...] = ()
    either: bool = False

    @property
    def by_identifier(self) -> tuple[str, str] | None:
        """The kind and the column by which a row says itself whom it is about, where no sure link does."""
        links = self.way.links if self.way else ()
        certain = len(links) == 1 and not links[0].nullable and leads(links[0])
        said = [(k, c) for k, c in self.identifiers.items() if k != "phone" or not links]
        return None if self.subject or certain or not said else said[0]

    @property
    def leads(self) -> bool:
        """Whether its links say whom a row is about: a guest in somebody's order is not who ordered."""
        return bool(self.way and self.way.links) and (self.by_identifier is None or self.direct)

    @property
    def direct(self) -> bool:
        """Whether one link leads to the person."""
        return self.way is not None and len(self.way.links) == 1

    @property
    def personal(self) -> bool:
        """Whether its rows seem to be about persons."""
        return bool(self.subject or self.way or self.holds or self.key_values)


@dataclass(frozen=True)
class Draft:
    """A database's draft: the tables that are about persons, and those that are not, each with how sure and why."""

    source: str
    tables: Mapping[str, TableDraft]
    others: Mapping[str, tuple[float, str]]
    unread: Mapping[str, str] = field(default_factory=dict)


def drafted(source: str, database: Database, step: Callable[[str], None] = lambda _: None) -> Draft:
    """Guess a whole map; `step` is told each table that is done."""
    links, columns = Links(database), Columns(database)
    people, shapes = People(database, links, columns), Shapes(database, links)
    tables: dict[str, TableDraft] = {}
    others: dict[str, tuple[float, str]] = {}
    for name in database.schema.tables:
        made = _table(name, database, people, shapes)
        step(name)
        if made.personal and name not in _ASIDE:
            tables[name] = made
        else:
            empty = not database.rows.get(name)
            sure, why = (0.7, "no rows to look at") if empty else (0.9, "no column and no link tells of a person")
            others[name] = (sure, why)
    return Draft(source, tables, others, database.unread)


def _table(name: str, database: Database, people: People, shapes: Shapes) -> TableDraft:
    schema, way = database.table(name), people.way(name)
    subject = people.subjects.get(name) or people.lone(name)
    out = tuple(people.all_links(name)) if subject is None else ()
    by_type = Generics(database, people.links).of(name)
    personal = subject is not None or way is not None or people.told.owned(name)
    key_values = shapes.key_values(name) if personal else None
    times = {c: e for c in schema.columns if (e := shapes.encoding(name, c))}
    born = shapes.born(name, times)
    leading = {c for link in people.links.of(name) for c in link.columns if not people.columns.telling(name, c)}
    leading |= {c for each in by_type for c in (each.by_type.type, each.by_type.id)}
    apart = {key_values.key, key_values.value} if key_values else set()
    keys = {c for c in schema.key if database.family(name, c) != "text"}
    profile = people.profile(name)
    said = {c for c in times if (of := database.said.columns.get((name, c))) and of.concept}
    timely = {c for c in times if c == born or not (profile or people.columns.tells_time(name, c))} - said
    taken = frozenset(leading | keys | apart | timely)
    left = [c for c in schema.columns if c not in taken | set(times) | set(schema.key)]
    near = bool(subject or (way and len(way.links) < 2 and all(link.table == name for link in way.links)))
    kept = bool(way and way.links and way.links[0].table == name and (worked(way.links[0]) or keeps(way.links[0])))
    alone = left[0] if len(left) == 1 and near and not subject and not kept else ""
    found = people.columns.all(
        name,
        taken,
        Belonging(
            personal,
            subject is not None,
            bool(subject and subject[0] > 0.8),
            profile,
            near,
            kept,
            alone,
            people.organisations(name, way.links if way else ()),
        ),
    )
    holds = {c: g for c, g in found.items() if g.concept is not None}
    rest = {c: g for c, g in found.items() if g.concept is None and c not in times and c not in schema.key}
    paths = {c: p for c in holds if (p := _inner(database, shapes, name, c))}
    holds |= {c: p.pop("") for c, p in paths.items() if "" in p}
    made = TableDraft(
        name,
        schema.key,
        subject,
        None if subject else way,
        out,
        by_type,
        holds,
        rest,
        paths,
        key_values,
        shapes.history_of(name),
        born,
        times,
        dict(_identifiers(holds, database.said.owners.get(name, ""))),
        "" if subject or way else _inside(holds, database, name),
        tuple(schema.columns),
    )
    return replace(made, either=_either(made, database.rows.get(name, ())))


def _either(made: TableDraft, rows: Sequence[Row]) -> bool:
    """A guest has no account, and somebody with an account no guest's address: who lacks one is not anybody."""
    if not (made.way and made.leads and made.by_identifier and made.way.links[0].table == made.name):
        return False
    link, (_, column) = made.way.links[0], made.by_identifier
    empty = (None, "", *link.absent)
    has = {(row.get(link.columns[0]) not in empty, row.get(column) not in empty) for row in rows}
    return bool(has) and (False, False) not in has and has != {(True, True)}


def _inner(database: Database, shapes: Shapes, table: str, column: str) -> dict[str, Guess]:
    """The cells of a column's documents; "" where a document is an array as a whole, and so one cell."""
    seen = shapes.paths(table, column)
    described = {
        path: closer(said, seen.get(path) or of_named(words(path.rpartition(".")[2]), []))
        for path, said in database.said.paths.get((table, column), {}).items()
    }
    return cells(seen, described, shapes.arrays(table, column))


def _inside(holds: Mapping[str, Guess], database: Database, table: str) -> str:
    """The column in whose text somebody may stand, where nothing else says who: the longest."""
    found = [c for c in holds if database.family(table, c) in ("text", "json", "binary", "other")]
    key = database.table(table).key
    long = {c: sum(len(str(v)) for v in database.values(table, c)) for c in found}
    return max(found, key=lambda c: (_telling(holds[c]), long[c], c not in key), default="")


def _telling(guess: Guess) -> int:
    """How well a column tells who somebody is: a user name better than a browser's."""
    return len(_WHO) - _WHO.index(guess.concept) if guess.concept in _WHO and guess.certainty >= TELLING else 0


def _identifiers(holds: Mapping[str, Guess], owner: str) -> Iterator[tuple[str, str]]:
    """The column of each kind of identifier: that which is said to be an owner's, else the surest."""
    for concept, kind in _IDENTIFYING.items():
        sure = [(c == owner, g.certainty, c) for c, g in holds.items() if g.concept is concept]
        sure = [each for each in sure if each[1] >= (ENOUGH if concept is Concept.EMAIL else TELLING)]
        if sure:
            yield kind, max(sure, key=lambda each: each[:2])[2]
