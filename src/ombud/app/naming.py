"""How rows and persons are named at the terminal: what somebody writes is read, and what is told is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import TypeVar

from ombud.app.loaded import Loaded, Refused
from ombud.app.planning import known
from ombud.claims.live import Claim, Someone
from ombud.claims.world import Remembered
from ombud.datamap.model import ByIdentifier, DataMap, Table
from ombud.policy.tree import guess
from ombud.terms import Finding, IdRef, Key, KeyRef, Place, Ref

SUBJECT = Place("--subject")

Found = TypeVar("Found")


def identifier_kinds(loaded: Loaded) -> frozenset[str]:
    """The kinds of identifier by which some source of the project finds a person."""
    sources = loaded.datamap.sources.values()
    places = {place.kind for s in sources for subject in s.subjects.values() for place in subject.identifiers}
    kinds = [kind for s in sources for table in s.tables.values() for kind in table.kinds]
    rules = [rule for s in sources for table in s.tables.values() for rule in table.owners]
    rules += [rule for kind in kinds for cell in kind.cells.values() for rule in cell.of]
    return frozenset(places | {rule.kind for rule in rules if isinstance(rule, ByIdentifier)})


def by_identifier(loaded: Loaded) -> str:
    """How to name a person by an identifier of one of the kinds there are."""
    kinds = sorted(identifier_kinds(loaded))
    others = f"; or another KIND=VALUE, of {', '.join(kinds[1:])}" if len(kinds) > 1 else ""
    return f"name the person: --subject {kinds[0]}=…{others}" if kinds else "no source knows an identifier"


def identifier_of(loaded: Loaded, text: str) -> tuple[str, str]:
    """Kind and value of `email=…`. Raises Refused; the message never repeats the value."""
    kind, equals, value = text.partition("=")
    kinds = identifier_kinds(loaded)
    if not equals or not value.strip():
        raise Refused(Finding("C061", SUBJECT, "this names nobody", by_identifier(loaded)))
    if kind not in kinds:
        message = "no source finds anybody by an identifier of that kind"
        raise Refused(Finding("C061", SUBJECT, message, guess(kind, kinds)))
    return kind, value


def row_of(loaded: Loaded, text: str) -> tuple[str, str, str]:
    """Source, table (as the database calls it) and key of `source/table/key`. Raises Refused."""
    source, _, rest = text.partition("/")
    table, slash, key = rest.partition("/")
    place = Place("ROW")
    if not slash or not key:
        raise Refused(Finding("C062", place, "this names no row", "write SOURCE/TABLE/KEY, such as crm/customer/17"))
    known(loaded, source)
    mapped = loaded.datamap.sources[source]
    table = mapped.called.get(table, table)
    if table not in mapped.tables:
        names = dict.fromkeys((*mapped.tables, *mapped.called))
        raise Refused(Finding("C062", place, f"{source} has no mapped table of that name", guess(table, names)))
    return source, table, key


def no_row(source: str, table: Table, key: str, place: Place, otherwise: str) -> Finding:
    """C063: no row of a table has this key; `otherwise` is the way out where the key is written as it should be."""
    message = f"{source}.{table.name} has no row with this key"
    if len(table.key) not in (1, key.count(",") + 1):
        return Finding("C063", place, message, f"its key is {', '.join(table.key)}, with commas between")
    return Finding("C063", place, f"{message}: there never was one, or it is gone", otherwise)


ANOTHER = "name the person by an identifier: --subject KIND=VALUE"
"""What somebody may do of whose row there is none."""


def not_persons(loaded: Loaded, source: str, table: str) -> Finding:
    """C062: nobody is named by a row of this table."""
    tables = {subject.table: None for subject in loaded.datamap.sources[source].subjects.values()}
    near, by = guess(table, tables), by_identifier(loaded)
    hint = f"{near} Or {by}" if near.startswith("did") else by
    return Finding("C062", SUBJECT, f"the rows of {source}.{table} are not persons", hint)


def only(rows: Sequence[Found], place: Place) -> Found | None:
    """The row that a written key fits, if any. Raises Refused (C062) where it fits several, which it does when a comma
    stands in a part of their keys: none of them is guessed.
    """
    if len(rows) > 1:
        hint = "a part of their keys holds a comma: name the person by an identifier, --subject KIND=VALUE"
        raise Refused(Finding("C062", place, "this names more than one row", hint))
    return rows[0] if rows else None


def parts_of(key: str, columns: int) -> Iterator[tuple[str, ...]]:
    """Every way in which a written key may be those of so many columns: more than one where a part holds a comma."""
    pieces = key.split(",")
    for cuts in combinations(range(1, len(pieces)), columns - 1) if columns else ():
        yield tuple(",".join(pieces[start:end]) for start, end in pairwise((0, *cuts, len(pieces))))


# --- writing ---------------------------------------------------------------------------------------------------


def written_row(datamap: DataMap, ref: KeyRef) -> str:
    """A person's row as it is written everywhere: `source/table/key`, by the subject where the map has it no more."""
    source = datamap.sources.get(ref.source)
    subject = source.subjects.get(ref.subject) if source else None
    return f"{ref.source}/{subject.table if subject else ref.subject}/{written_key(ref.key)}"


def written_key(key: Key) -> str:
    """A row's key as it is written in `source/table/key`."""
    return ",".join(map(str, key))


def whose(claim: Claim, datamap: DataMap) -> str:
    """Whom a claim is about, in words that hold no personal data but keys and hashes."""
    match claim.owner:
        case Someone():
            return claim.owner.value
        case KeyRef():
            return written_row(datamap, claim.owner) + ("" if claim.certain else "?")
        case IdRef(kind, digest):
            return f"{kind} #{digest[:8]}" + ("" if claim.certain else "?")
        case Remembered():
            return "somebody whose row is gone" + ("" if claim.certain else "?")


def said(ref: Ref, datamap: DataMap) -> str:
    """A ref in words, without the identifier's value."""
    match ref:
        case KeyRef():
            return written_row(datamap, ref)
        case IdRef(kind, digest):
            return f"whoever has this {kind} (#{digest[:8]})"
