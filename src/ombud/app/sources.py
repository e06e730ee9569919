"""One source opened: connected, read for its schema, its map settled against it; or why it cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa

from ombud.adapters.database import Unreachable, connect
from ombud.adapters.reflect import reflect
from ombud.adapters.trouble import trouble
from ombud.app.loaded import Loaded, Refused, named_here
from ombud.app.project import FILE, Address, url_of
from ombud.datamap.live import compare
from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.datamap.settle import settle
from ombud.engine.in_two import Busy
from ombud.engine.lost_rules import RuleLost
from ombud.engine.refusal import StepRefused
from ombud.engine.sidecar import AnotherSource, Behind, KeyChanged, OtherMarks
from ombud.terms import Finding, Level, Place


@dataclass(frozen=True, slots=True)
class Opened:
    """A source that can be used. `findings` are what map and database disagree about, none of them an error."""

    name: str
    connection: sa.Connection
    source: SourceMap
    schema: Schema
    findings: tuple[Finding, ...]


UNSERVED = "see docs/reference/cli.md for what a map cannot say yet"
EMPTY = "see that `url` in ombud.yaml names the right database, and that the user may see its tables"


@contextmanager
def opened(loaded: Loaded, name: str, *, read_only: bool = False) -> Iterator[Opened]:
    """Open a source for as long as the block runs. Raises Refused, also for what the database refuses inside it."""
    with connected(loaded, name, read_only=read_only) as connection:
        yield _settled(loaded, name, connection)


@contextmanager
def connected(loaded: Loaded, name: str, *, read_only: bool) -> Iterator[sa.Connection]:
    """Connect to a source, whatever it holds, for as long as the block runs. Raises Refused likewise."""
    address = loaded.project.sources.get(name)
    if address is None:
        message, hint = f"there is no source {name} any more", "give it back, or see with a handler what was there"
        raise Refused(Finding("C028", Place(FILE), message, hint))
    url, findings = url_of(loaded.project, address, loaded.around.environ)
    if findings:
        raise Refused(*findings)
    with told(address):
        kept = loaded.kept.engine(url) if loaded.kept is not None and read_only else None
        engine = kept or _engine(url, read_only=read_only)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            if kept is None:
                engine.dispose()


def _engine(url: str, *, read_only: bool) -> sa.Engine:
    try:
        return connect(url, read_only=read_only)
    except ValueError as error:  # SQLAlchemy's own word for a port that is no number
        raise sa.exc.ArgumentError("the address cannot be read") from error


def _settled(loaded: Loaded, name: str, connection: sa.Connection) -> Opened:
    mapped = loaded.datamap.sources[name]
    if loaded.kept is not None:
        schema = loaded.kept.schema(connection, mapped)
    else:
        with connection.begin():
            schema = reflect(connection)
    if not schema.tables:
        place = loaded.project.sources[name].place
        raise Refused(Finding("C052", place, f"{name}: the database is empty: it has no tables", EMPTY))
    if loaded.kept is not None:
        source, findings = loaded.kept.settled(mapped, schema, lambda: _compared(loaded, name, mapped, schema))
    else:
        source, findings = _compared(loaded, name, mapped, schema)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if errors:
        raise Refused(*errors, beside=tuple(finding for finding in findings if finding not in errors))
    return Opened(name, connection, source, schema, findings)


def _compared(loaded: Loaded, name: str, mapped: SourceMap, schema: Schema) -> tuple[SourceMap, tuple[Finding, ...]]:
    """The map settled against the schema, and what they disagree about."""
    source, unsettled = settle(mapped, schema)
    project = loaded.project
    found = dict.fromkeys((*compare(mapped, schema), *unsettled))
    findings = tuple(named_here(project, finding, project.datamaps) for finding in found)
    if _shares_its_file(loaded, mapped):
        findings = tuple(replace(each, message=f"{name}: {each.message}") for each in findings)
    return source, findings


def _shares_its_file(loaded: Loaded, mapped: SourceMap) -> bool:
    """Another source is mapped by the same lines, so that a line does not say which database is meant."""
    mine = {table.place.file for table in mapped.tables.values()}
    others = (each for each in loaded.datamap.sources.values() if each.source != mapped.source)
    return any(table.place.file in mine for other in others for table in other.tables.values())


@contextmanager
def told(address: Address) -> Iterator[None]:
    """What a database raises, as Refused with a finding that names the source and no data."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, Unreachable, sqlite3.Error, StepRefused) as error:
        known = trouble(error)
        message = f"{address.source}: {known.message}"
        raise Refused(Finding(known.code, address.place, message, known.hint)) from error
    except Behind as error:
        hint = "deliver the marks: ombud mark --deliver"
        raise Refused(Finding("C047", address.place, f"{address.source}: {error}", hint)) from None
    except Busy as error:
        hint = "wait until it is done, and run the same command again"
        raise Refused(Finding("C033", address.place, f"{address.source}: {error}", hint)) from None
    except KeyChanged as error:
        message = f"{address.source}.{error}: what is remembered of its rows is by another key or birth than it has now"
        hint = "give the table its key and its `born` column back, in the map or the database"
        raise Refused(Finding("C057", address.place, message, hint)) from None
    except RuleLost as error:
        message = f"{address.source}: rows are remembered of {error}, which the map no longer says"
        hint = "say it in the map as it was: links, columns and tables keep their names; or see docs/reference/cli.md"
        raise Refused(Finding("C066", address.place, message, hint)) from None
    except OtherMarks as error:
        message = f"{address.source}: its mark {error} says other than mark {error} of the register"
        hint = "the register was restored, or is another project's: bring back the newest copy of .ombud/register.db"
        raise Refused(Finding("C048", address.place, message, hint)) from None
    except AnotherSource as error:
        message = f"{address.source}: this database is served as the source {error} already"
        hint = f"a database is one source: call it {error}, with all its tables in one data map"
        raise Refused(Finding("C065", address.place, message, hint)) from None
    except NotImplementedError as error:
        raise Refused(Finding("C049", address.place, f"{address.source}: {error}", UNSERVED)) from None
