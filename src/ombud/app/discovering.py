"""A draft of a map for a database that nobody has described: opened read-only, sampled, guessed, written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.adapters.samples import Sampler
from ombud.app.described import described
from ombud.app.loaded import Refused
from ombud.app.project import Address, load, url_of
from ombud.app.sources import told
from ombud.datamap.guess.called import called
from ombud.datamap.guess.columns import Guess
from ombud.datamap.guess.draft import Draft, drafted
from ombud.datamap.guess.review import masked
from ombud.datamap.guess.said import Said
from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.datamap.guess.written import written
from ombud.datamap.load import LONGEST
from ombud.datamap.schema import Schema
from ombud.policy.load import load as load_policy
from ombud.terms import Finding, Level, Place


@dataclass(frozen=True)
class Bounds:
    """How much of a database may be read: rows of each table, seconds in all."""

    rows: int = 200
    seconds: float = 60


@dataclass(frozen=True)
class Around:
    """What a draft is written for: the policy's categories, and the company where there is only one."""

    vocabulary: Vocabulary
    company: str = ""
    datamaps: Path | None = None


def around(directory: Path) -> Around:
    """The project that a draft is for; without one, categories have their usual names."""
    project, _ = load(directory)
    if project is None:
        return Around(Vocabulary())
    policy, _ = load_policy(project.policy)
    if policy is None:
        return Around(Vocabulary(), "", project.datamaps)
    companies = tuple(policy.companies)
    only = companies[0] if len(companies) == 1 else ""
    return Around(Vocabulary(frozenset(policy.categories)), only, project.datamaps)


def address(directory: Path, said: str, environ: Mapping[str, str]) -> Address:
    """A database's address: a URL, or the name of a source of the project. Raises Refused."""
    if "://" in said:
        return Address(_called(said), said, Place("the address"))
    project, findings = load(directory)
    if project is None:
        raise Refused(*(f for f in findings if f.level is Level.ERROR))
    if said not in project.sources:
        known = ", ".join(project.sources)
        raise Refused(Finding("C024", Place("ombud.yaml"), f"{said} is no source of this project", f"known: {known}"))
    known_address = project.sources[said]
    url, wrong = url_of(project, known_address, environ)
    if wrong:
        raise Refused(*wrong)
    return Address(said, url, known_address.place)


def discover(
    at: Address,
    bounds: Bounds,
    step: Callable[[str, str, int], None],
    description: Path | None = None,
    dataset: str | None = None,
) -> tuple[Draft, Said]:
    """Read samples and guess; the draft, and what a dataset in fideslang said of the database. Raises Refused.

    `step` is told the stage, a table, and how many tables there are; `dataset` is the key of one of several.
    """
    with _read(at) as (connection, schema):
        if not schema.tables:
            hint = "see that the address names the right database, and that the user may see its tables"
            raise Refused(Finding("C052", at.place, f"{at.source}: the database has no tables", hint))
        many = len(schema.tables)
        sampler = Sampler(connection, schema, bounds.rows, bounds.seconds)
        said = described(description, at.source, schema, dataset)
        database = replace(sampler.database(lambda table: step("Reading", table, many)), said=said)
        return drafted(at.source, database, lambda table: step("Guessing", table, many)), said


@dataclass(frozen=True)
class Looks:
    """What somebody who goes through a draft is shown: the policy's categories, and masked values, if there is a
    database."""

    categories: frozenset[str] = frozenset()
    sampler: Sampler | None = None

    def values(self, table: str, column: str, path: tuple[str, ...] = ()) -> list[str]:
        """Three values of a column at most, or of what stands at a path in its documents."""
        if self.sampler is None:
            return []
        found = self.sampler.some(table, column, 3 if not path else 50)
        return masked(list(dict.fromkeys(each for v in found for each in _inside(v, path)))[:3])

    def table(self, name: str) -> dict[str, list[str]]:
        """The same of every column of a table."""
        schema = self.sampler.schema.tables.get(name) if self.sampler else None
        return {column: self.values(schema.name, column) for column in schema.columns} if schema else {}


def _inside(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if not path:
        yield value
        return
    try:
        inner = json.loads(value) if isinstance(value, str | bytes) else value
    except ValueError:
        return
    for key in path:
        inner = inner.get(key) if isinstance(inner, dict) else None
    if inner not in (None, ""):
        yield str(inner)


@contextmanager
def looks(directory: Path, said: str | None, environ: Mapping[str, str]) -> Iterator[Looks]:
    """What is shown of a database, opened to be read only; without one, categories alone."""
    categories = around(directory).vocabulary.categories
    if said is None:
        yield Looks(categories)
        return
    with _read(address(directory, said, environ)) as (connection, schema):
        yield Looks(categories, Sampler(connection, schema, 50, 600))


@contextmanager
def _read(at: Address) -> Iterator[tuple[sa.Connection, Schema]]:
    """A database, opened to be read only, and its schema. Raises Refused."""
    with told(at):
        engine = connect(at.url, read_only=True)
        try:
            with engine.connect() as connection:
                with connection.begin():
                    schema = reflect(connection)
                yield connection, schema
        finally:
            engine.dispose()


def text_of(draft: Draft, of: Around, instead_of: str = "") -> str:
    """The draft as a map's text; where it takes a map's place, the columns are called as that called them."""
    return written(draft, of.vocabulary, of.company, called(instead_of, LONGEST))


def told_of(said: Said) -> dict[str, Any]:
    """What a description came to, for programs."""
    return {
        "columns": len(said.columns),
        "references": len(said.references) + len(said.owners),
        "missing": list(said.missing),
        "unused_references": list(said.unused),
    }


def as_json(draft: Draft) -> dict[str, Any]:
    """The draft for programs: no values of the database in it, save the keys of keys and values."""
    return {
        "source": draft.source,
        "tables": {
            name: {
                "subject": made.subject is not None,
                "owner": [_step(link.table, link.columns) for link in made.way.links]
                if made.way and made.leads
                else [],
                "ends": made.way.subject if made.way and made.leads else None,
                "by_identifier": made.by_identifier,
                "inside": made.inside,
                "columns": {c: _guess(g) for c, g in made.holds.items()},
                "paths": {c: {p: _guess(g) for p, g in of.items()} for c, of in made.paths.items()},
                "key_values": {
                    "key": made.key_values.key,
                    "value": made.key_values.value,
                    "keys": {k: _guess(g) for k, g in made.key_values.keys.items()},
                }
                if made.key_values
                else None,
                "by_type": [
                    {"type": each.by_type.type, "id": each.by_type.id, "to": {str(v): t for v, t in each.to.items()}}
                    for each in made.by_type
                ],
                "history_of": made.history_of,
                "born": made.born,
                "not_personal": {c: _guess(g) for c, g in made.rest.items()},
            }
            for name, made in draft.tables.items()
        },
        "not_personal": {name: {"certainty": sure, "reason": why} for name, (sure, why) in draft.others.items()},
        "unread": dict(draft.unread),
    }


def _step(table: str, columns: tuple[str, ...]) -> str:
    return f"{table}.{','.join(columns)}"


def _guess(guess: Guess) -> dict[str, Any]:
    return {"concept": guess.concept, "certainty": guess.certainty, "reason": guess.reason}


def _called(url: str) -> str:
    """What a source is called after its address: the database's name, or the file's."""
    try:
        name = (make_url(url).database or "").rstrip("/").rsplit("/", 1)[-1]
    except ArgumentError:
        name = ""
    plain = "".join(c if c.isalnum() else "_" for c in name.split(".")[0]).strip("_").lower()
    return plain or "source"
